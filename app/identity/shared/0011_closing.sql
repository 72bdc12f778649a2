-- Who wants the account closed has some days to think it over; a consent can be taken back as easily as it was given.
alter table platform.account add column closing_at timestamptz;
create index account_closing on platform.account (closing_at) where closing_at is not null;
alter table platform.consent add column withdrawn_at timestamptz;
---- create above / drop below ----
alter table platform.consent drop column withdrawn_at;
alter table platform.account drop column closing_at;
