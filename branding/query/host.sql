-- name: Hosts :many
select name, kind, state, token, way, problem, set_by, set_at, verified_at, checked_at, failing_since, ends_at
from platform.host_name
where body_id = $1 and (kind = 'domain' or state = 'live' or state = 'retired' and ends_at > now())
order by kind desc, state, set_at;

-- name: Host :one
select name, kind, state, token, way, problem, set_by, set_at, verified_at, checked_at, failing_since, ends_at
from platform.host_name where body_id = $1 and name = $2;

-- name: PutSlug :exec
insert into platform.host_name (body_id, name, kind, state, look, set_by, verified_at) values ($1, $2, 'slug', 'live', $3, $4, now())
on conflict (body_id, name) do update set state = 'live', look = excluded.look, set_by = excluded.set_by, set_at = now(), ends_at = null;

-- A slug that gives way leads on for ninety days.
-- name: RetireSlug :exec
update platform.host_name set state = 'retired', ends_at = now() + interval '90 days' where body_id = $1 and kind = 'slug' and state = 'live';

-- Of the slugs that lead on, those that gave way longest ago end.
-- name: EndRetired :exec
update platform.host_name h set ends_at = now()
where h.body_id = $1 and h.state = 'retired' and h.ends_at > now() and h.name not in (
	select l.name from platform.host_name l where l.body_id = $1 and l.state = 'retired' order by l.ends_at desc, l.set_at desc, l.name limit sqlc.arg(kept)
);

-- What has led on for ninety days is free again, whoever had it.
-- name: DropRetired :exec
delete from platform.host_name where kind = 'slug' and state = 'retired' and ends_at <= now() and name = $1;

-- A slug or code of another body that looks the same, or another body whose name is spelled so while the own is not.
-- name: Alike :one
select
	exists (select from platform.host_name h where h.look = @look and h.body_id <> @body and (h.state = 'live' or h.state = 'retired' and h.ends_at > now()))::boolean as slug,
	exists (select from platform.body b where b.code = @name::text or translate(b.code, '01i5289q', 'ollszbgg') = @look::text)::boolean as code,
	(exists (select from platform.body b where b.pinyin = any (@spelled::text[]) and b.id <> @body)
		and not exists (select from platform.body b where b.pinyin = any (@spelled::text[]) and b.id = @body))::boolean as spelled;

-- name: AddDomain :exec
insert into platform.host_name (body_id, name, kind, state, token, set_by) values ($1, $2, 'domain', 'pending', $3, $4);

-- name: DomainsOf :one
select count(*) from platform.host_name where body_id = $1 and kind = 'domain';

-- name: DropHost :execrows
delete from platform.host_name where body_id = $1 and name = $2;

-- name: Proved :exec
update platform.host_name
set state = 'live', way = $3, problem = '', verified_at = now(), checked_at = now(), failing_since = null
where body_id = $1 and name = $2;

-- name: Failed :exec
update platform.host_name
set state = @state, problem = @problem, checked_at = now(), failing_since = coalesce(failing_since, now())
where body_id = @body and name = @name;

-- Whoever uses a domain now.
-- name: Holder :one
select h.body_id, b.code, b.name as body_name, h.token from platform.host_name h join platform.body b on b.id = h.body_id
where h.name = $1 and h.state in ('live', 'lapsing');

-- Domains whose proof is older than a day, the longest ago first.
-- name: Due :many
select h.body_id, b.code, b.name as body_name, h.name, h.token, h.state, h.failing_since
from platform.host_name h join platform.body b on b.id = h.body_id
where h.kind = 'domain' and h.state in ('live', 'lapsing') and h.checked_at < @before
order by h.checked_at limit @size;

-- Whose host a name is.
-- name: Find :one
select b.code, h.state, h.token,
	coalesce((select s.name from platform.host_name s where s.body_id = h.body_id and s.kind = 'slug' and s.state = 'live'), b.code)::text as now
from platform.host_name h join platform.body b on b.id = h.body_id
where h.name = $1 and (h.state in ('live', 'lapsing') or h.state = 'retired' and h.ends_at > now());

-- Domains of the bodies inside an anchor, by name; one that has changed hands stands there for both.
-- name: Domains :many
select h.name, h.state, h.problem, h.verified_at, h.failing_since, b.code, b.name as body_name
from platform.host_name h join platform.body b on b.id = h.body_id
where h.kind = 'domain' and (h.name, b.code) > (@after_name::text, @after_code::text)
	and exists (select from platform.closure c where c.line in ('primary', 'territorial', 'industrial') and c.ancestor_id = @anchor and c.descendant_id = h.body_id)
order by h.name, b.code limit @size;
