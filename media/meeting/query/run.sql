-- name: TakeTerm :one
insert into meeting_run (meeting_id, term) values ($1, 1)
on conflict (meeting_id) do update set term = meeting_run.term + 1
returning term;

-- name: ShareTerm :one
-- Nobody takes another term until the transaction ends. That of a process that was stopped in it does not hold others up for long.
select term, set_config('idle_in_transaction_session_timeout', '2000', true) as patience from meeting_run where meeting_id = $1 for share;

-- name: ListPeople :many
select id, meeting_id, identity_id, seat_digest, home, name, body_name, post, role, state, decided_at
from meeting_person where meeting_id = @meeting_id and id = any (@ids::uuid[]) and state = 'in';

-- name: EndOtherStays :exec
-- Of those who are not known to be in it any more.
update meeting_stay set left_at = greatest(joined_at, @at::timestamptz)
where meeting_id = @meeting_id and left_at is null and person_id <> all (@but::uuid[]);
