-- name: AddRequest :one
insert into member_request (id, member_id, changes, note, claimant) values ($1, $2, $3, $4, $5)
returning id, member_id, changes, note, state, reason, decided_by, created_at, decided_at, claimant;

-- name: WithdrawRequests :exec
update member_request set state = 'withdrawn', decided_at = now() where member_id = $1 and state = 'open' and claimant = '';

-- name: LockRequest :one
select id, member_id, changes, note, state, reason, decided_by, created_at, decided_at, claimant from member_request where id = $1 for update;

-- name: DecideRequest :one
update member_request set state = $2, reason = $3, decided_by = $4, decided_at = now(), changes = $5 where id = $1
returning id, member_id, changes, note, state, reason, decided_by, created_at, decided_at, claimant;

-- name: OwnRequests :many
select sqlc.embed(r), sqlc.embed(m) from member_request r join member m on m.id = r.member_id
where r.member_id = @member_id and r.id < @before order by r.id desc limit @size;

-- name: PendingRequests :many
select sqlc.embed(r), sqlc.embed(m) from member_request r join member m on m.id = r.member_id
where r.state = 'open' and r.id > @after
	and (@whole::boolean or m.id = @self::uuid or m.made_by = @own::uuid or m.dept_id = any (@departments::uuid[]))
order by r.id limit @size;

-- name: DecidedRequests :many
select sqlc.embed(r), sqlc.embed(m) from member_request r join member m on m.id = r.member_id
where r.state = @state and r.id < @before
	and (@whole::boolean or m.id = @self::uuid or m.made_by = @own::uuid or m.dept_id = any (@departments::uuid[]))
order by r.id desc limit @size;

-- name: WaitingClaims :many
-- Who waits for a file, the oldest first.
select id, member_id, changes, note, state, reason, decided_by, created_at, decided_at, claimant from member_request
where member_id = $1 and state = 'open' and claimant <> '' order by id for update;

-- name: LastClaim :one
select id, member_id, changes, note, state, reason, decided_by, created_at, decided_at, claimant from member_request
where member_id = $1 and claimant = $2 order by id desc limit 1;

-- name: GetRequest :one
select id, member_id, changes, note, state, reason, decided_by, created_at, decided_at, claimant from member_request where id = $1;

-- name: CountRequests :one
select count(*) from member_request r join member m on m.id = r.member_id
where r.state = 'open' and (@whole::boolean or m.id = @self::uuid or m.made_by = @own::uuid or m.dept_id = any (@departments::uuid[]));
