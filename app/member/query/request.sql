-- name: AddRequest :one
insert into member_request (id, member_id, changes, note) values ($1, $2, $3, $4)
returning id, member_id, changes, note, state, reason, decided_by, created_at, decided_at;

-- name: WithdrawRequests :exec
update member_request set state = 'withdrawn', decided_at = now() where member_id = $1 and state = 'open';

-- name: LockRequest :one
select id, member_id, changes, note, state, reason, decided_by, created_at, decided_at from member_request where id = $1 for update;

-- name: DecideRequest :one
update member_request set state = $2, reason = $3, decided_by = $4, decided_at = now(), changes = $5 where id = $1
returning id, member_id, changes, note, state, reason, decided_by, created_at, decided_at;

-- name: OwnRequests :many
select sqlc.embed(r), sqlc.embed(m) from member_request r join member m on m.id = r.member_id
where r.member_id = @member_id and r.id < @before order by r.id desc limit @size;

-- name: PendingRequests :many
select sqlc.embed(r), sqlc.embed(m) from member_request r join member m on m.id = r.member_id
where r.state = 'open' and r.id > @after order by r.id limit @size;

-- name: DecidedRequests :many
select sqlc.embed(r), sqlc.embed(m) from member_request r join member m on m.id = r.member_id
where r.state = @state and r.id < @before order by r.id desc limit @size;

-- name: CountRequests :one
select count(*) from member_request where state = 'open';
