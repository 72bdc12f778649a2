-- When the holder of the phone first proved it. Whatever was set on the account before that was set by somebody with a link.
alter table platform.account add column phone_proved_at timestamptz;
---- create above / drop below ----
alter table platform.account drop column phone_proved_at;
