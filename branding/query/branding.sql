-- What each body from the top of the primary line down to this one has published; those without are in the answer too, for who
-- remembers it.
-- name: Layers :many
select c.ancestor_id as body_id, c.depth, b.code, b.name, coalesce(p.profile, '{}')::jsonb as profile
from platform.closure c
join platform.body b on b.id = c.ancestor_id
left join platform.branding p on p.body_id = c.ancestor_id and p.current
where c.line = 'primary' and c.descendant_id = $1
order by c.depth desc;

-- name: Current :one
select version, profile, note, published_by, published_at from platform.branding where body_id = $1 and current;

-- name: Version :one
select profile from platform.branding where body_id = $1 and version = $2;

-- name: Versions :many
select version, profile, note, published_by, published_at, current from platform.branding
where body_id = $1 and version < $2
order by version desc limit $3;

-- name: Supersede :exec
update platform.branding set current = false where body_id = $1 and current;

-- name: Insert :exec
insert into platform.branding (body_id, version, profile, note, current, published_by) values ($1, $2, $3, $4, true, $5);

-- name: Prune :exec
delete from platform.branding where body_id = $1 and version <= $2 and not current;

-- name: Draft :one
select revision, profile, saved_by, saved_at from platform.branding_draft where body_id = $1;

-- name: PutDraft :exec
insert into platform.branding_draft (body_id, revision, profile, saved_by) values ($1, $2, $3, $4)
on conflict (body_id) do update set revision = excluded.revision, profile = excluded.profile, saved_by = excluded.saved_by, saved_at = now();

-- name: DropDraft :execrows
delete from platform.branding_draft where body_id = $1;

-- Writers of one body's looks wait for each other.
-- name: Alone :exec
select pg_advisory_xact_lock(hashtextextended('branding ' || @body::text, 0));

-- name: Logo :one
select kind, content, width, height from platform.branding_logo where body_id = $1 and digest = $2;

-- name: PutLogo :exec
insert into platform.branding_logo (body_id, digest, kind, content, width, height) values ($1, $2, $3, $4, $5, $6)
on conflict (body_id, digest) do update set made_at = now();

-- Logos of yesterday that no version names, nor the draft.
-- name: PruneLogos :exec
delete from platform.branding_logo l
where l.body_id = $1 and l.made_at < now() - interval '1 day'
	and not exists (select from platform.branding p where p.body_id = l.body_id and p.profile->'logo'->>'digest' = l.digest)
	and not exists (select from platform.branding_draft d where d.body_id = l.body_id and d.profile->'logo'->>'digest' = l.digest);

-- name: Legal :one
select version, content from platform.branding_legal where body_id = $1 and digest = $2;

-- name: PutLegal :one
insert into platform.branding_legal (body_id, digest, version, content) values ($1, $2, $3, $4)
on conflict (body_id, digest) do update set made_at = platform.branding_legal.made_at
returning version;

-- A body whose design may be taken over: one above on the primary line, or one where the person is an administrator.
-- name: Source :one
select b.id, b.code, b.name,
	(exists (select from platform.closure c where c.line = 'primary' and c.ancestor_id = b.id and c.descendant_id = @body and c.depth > 0)
		or exists (
			select from platform.identity i
			where i.body_id = b.id and i.person_id = @person and i.role in ('admin', 'system_admin') and i.valid_to is null and i.locked_at is null
		))::boolean as open
from platform.body b
where b.code = @code;
