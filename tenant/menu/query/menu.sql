-- Everything that reaches a body: itself, what each body above has published, from the top; own settings come last. A body
-- without settings is in the answer too, for who remembers it.
-- name: Layers :many
select c.ancestor_id as body_id, c.depth, b.code, b.name, coalesce(m.role, '') as role, coalesce(m.settings, '{}')::jsonb as settings
from platform.closure c
join platform.body b on b.id = c.ancestor_id
left join platform.menu m on m.body_id = c.ancestor_id and m.place = @place and m.role in ('', @role::text)
	and (c.depth = 0 and m.current or c.depth > 0 and m.published_at is not null)
where c.line = 'primary' and c.descendant_id = @body
order by c.depth desc, coalesce(m.role, '');

-- name: Current :one
select version, settings, saved_by, saved_at from platform.menu
where body_id = $1 and place = $2 and role = $3 and current;

-- name: Published :one
select version, published_at, published_by from platform.menu
where body_id = $1 and place = $2 and role = $3 and published_at is not null;

-- Writers of one body's settings wait for each other.
-- name: Alone :exec
select pg_advisory_xact_lock(hashtextextended('menu ' || @body::text, 0));

-- name: Supersede :exec
update platform.menu set current = false where body_id = $1 and place = $2 and role = $3 and current;

-- name: Insert :exec
insert into platform.menu (body_id, place, role, version, settings, current, saved_by) values ($1, $2, $3, $4, $5, true, $6);

-- What is handed down stays, however old it is.
-- name: Prune :exec
delete from platform.menu where body_id = $1 and place = $2 and role = $3 and version <= $4 and not current and published_at is null;

-- name: Withdraw :execrows
update platform.menu set published_at = null, published_by = '' where body_id = $1 and place = $2 and role = $3 and published_at is not null;

-- name: Publish :exec
update platform.menu set published_at = now(), published_by = $4 where body_id = $1 and place = $2 and role = $3 and current;

-- name: Versions :many
select version, settings, saved_by, saved_at, current, (published_at is not null)::boolean as published from platform.menu
where body_id = $1 and place = $2 and role = $3 and version < $4
order by version desc limit $5;

-- name: Settings :one
select settings from platform.menu where body_id = $1 and place = $2 and role = $3 and version = $4;
