-- Who is a member somewhere: one row a person, by the keyed digest of the ID number. A row with an operation is claimed for
-- it, and settled by its event or, when that does not come, by asking the body.
create table platform.membership (
	digest     varchar(43) collate "C" primary key,
	body_id    uuid not null,
	member_id  uuid not null,
	live       boolean not null,
	operation  uuid,
	expires_at timestamptz,
	since      timestamptz not null default now(),
	check ((operation is null) = (expires_at is null)),
	check (live or operation is not null)
);
create index membership_member on platform.membership (member_id);
create index membership_operation on platform.membership (operation) where operation is not null;
create index membership_expiry on platform.membership (expires_at) where expires_at is not null;
---- create above / drop below ----
drop table platform.membership;
