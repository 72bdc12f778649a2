-- name: GetTheme :one
select app_name, accent, logo from platform.theme where body_id = $1;

-- name: PutTheme :exec
insert into platform.theme (body_id, app_name, accent, logo) values ($1, $2, $3, $4)
on conflict (body_id) do update set app_name = excluded.app_name, accent = excluded.accent, logo = excluded.logo, updated_at = now();
