-- name: AssistanceOfSession :one
-- In which body, as what and until when the session of a helper acts; no row for any other session.
select s.assist_grant::uuid as grant_id, s.assist_role::text as role, s.expires_at, b.id as body_id, b.code as body_code, h.id as home_id, h.name as home_name
from platform.session s
join platform.body b on b.id = s.assist_body
join platform.identity i on i.id = s.identity_id
join platform.body h on h.id = i.body_id
where s.id = $1;

-- name: BindSession :exec
update platform.session
set assist_grant = sqlc.arg(grant_id)::uuid, assist_body = sqlc.arg(body_id)::uuid, assist_role = sqlc.arg(role)::text, expires_at = least(expires_at, sqlc.arg(until)::timestamptz)
where id = sqlc.arg(id);

-- name: BindHandoff :exec
update platform.handoff
set assist_grant = sqlc.arg(grant_id)::uuid, assist_body = sqlc.arg(body_id)::uuid, assist_role = sqlc.arg(role)::text, assist_until = sqlc.arg(until)::timestamptz
where code_digest = $1;

-- name: AssistanceOfHandoff :one
-- Locked: whoever ends the grant waits for what becomes of it.
select assist_grant::uuid as grant_id, assist_body::uuid as body_id, assist_role::text as role, assist_until::timestamptz as until
from platform.handoff where code_digest = $1 and assist_grant is not null for update;
