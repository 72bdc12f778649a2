-- Legal texts by the digest of their content: versions of the looks name them. They stay for ever: what somebody agreed to can be
-- read as long as the agreement stands.
create table platform.branding_legal (
	body_id uuid        not null references platform.body,
	digest  varchar(64) not null check (digest ~ '^[0-9a-f]{64}$'),
	version varchar(20) not null,
	content jsonb       not null check (octet_length(content::text) <= 262144),
	made_at timestamptz not null default now(),
	primary key (body_id, digest),
	constraint branding_legal_version unique (body_id, version)
);
---- create above / drop below ----
drop table platform.branding_legal;
