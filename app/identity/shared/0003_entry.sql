-- A person whose account was closed keeps no phone; who came in by the own file has the digest of the ID number.
alter table platform.person
	alter column phone_digest drop not null,
	add column id_digest varchar(64) constraint person_id_digest_key unique,
	add constraint person_phone_whole check ((phone_digest is null) = (phone_sealed = ''));

alter table platform.invitation
	add column ref_id uuid,
	drop constraint invitation_role_check,
	add constraint invitation_role_check check (role in ('admin', 'officer', 'supervisor', 'member'));
create index invitation_ref on platform.invitation (body_id, ref_id) where ref_id is not null;

-- A file belongs to one person at a time.
create unique index identity_ref_key on platform.identity (body_id, ref_id) where role = 'member' and valid_to is null and ref_id is not null;

-- That an account agreed to a version of the legal texts.
create table platform.consent (
	id         uuid primary key,
	account_id uuid not null references platform.account,
	version    varchar(20)  not null,
	source     varchar(45)  not null,
	device     varchar(120) not null,
	created_at timestamptz  not null default now(),
	constraint consent_key unique (account_id, version)
);
---- create above / drop below ----
drop table platform.consent;
drop index platform.identity_ref_key;
drop index platform.invitation_ref;
delete from platform.invitation where role = 'member';
alter table platform.invitation
	drop constraint invitation_role_check,
	add constraint invitation_role_check check (role in ('admin', 'officer', 'supervisor')),
	drop column ref_id;
alter table platform.person
	drop constraint person_phone_whole,
	drop column id_digest;
