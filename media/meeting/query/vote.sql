-- name: InsertVote :exec
insert into meeting_vote (meeting_id, id, kind, form, state, made_by, most, seats, due, quorum, majority, made_at, opened_at, ends_at, watcher_a, watcher_b, secret)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17);

-- name: InsertVoteLines :exec
insert into meeting_vote_line (vote_id, no, text)
select @vote_id, generate_series(0, cardinality(@texts::varchar[]) - 1), unnest(@texts);

-- name: InsertVoters :execrows
-- The names are frozen as they are. People who are not of the meeting, or not in it, are passed over.
insert into meeting_voter (vote_id, person_id, name, body_name)
select @vote_id, p.id, p.name, p.body_name from meeting_person p
where p.meeting_id = @meeting_id and p.state = 'in' and p.id = any (@people::uuid[]) and (p.home <> '' or p.id = any (@guests::uuid[]));

-- name: CountVotes :one
select count(*) as votes, count(*) filter (where v.state in ('draft', 'open', 'ending', 'closed') and v.kind = 'secret') as ballots
from meeting_vote v where v.meeting_id = $1;

-- name: LockVote :one
select v.meeting_id, v.id, v.kind, v.form, v.state, v.made_by, v.most, v.seats, v.due, v.quorum, v.majority, v.made_at, v.opened_at, v.ends_at, v.closed_at, v.watcher_a, v.watcher_b, v.confirmed, v.secret
from meeting_vote v where v.meeting_id = @meeting_id and v.id = @id for update;

-- name: GetVote :one
select v.meeting_id, v.id, v.kind, v.form, v.state, v.made_by, v.most, v.seats, v.due, v.quorum, v.majority, v.made_at, v.opened_at, v.ends_at, v.closed_at, v.watcher_a, v.watcher_b, v.confirmed, v.secret
from meeting_vote v where v.id = $1;

-- name: ListVotes :many
select v.meeting_id, v.id, v.kind, v.form, v.state, v.made_by, v.most, v.seats, v.due, v.quorum, v.majority, v.made_at, v.opened_at, v.ends_at, v.closed_at, v.watcher_a, v.watcher_b, v.confirmed, v.secret
from meeting_vote v where v.meeting_id = @meeting_id and v.id > @after order by v.id limit @size;

-- name: VoteLines :many
select l.vote_id, l.no, l.text from meeting_vote_line l where l.vote_id = any (@votes::uuid[]) order by l.vote_id, l.no;

-- name: VoteCounts :many
-- Those who have a right to vote by ballot, and those who did something.
select r.vote_id, count(*) as voters, count(*) filter (where r.at is not null) as came
from meeting_voter r where r.vote_id = any (@votes::uuid[]) group by r.vote_id;

-- name: VoteNames :many
select p.id, p.name from meeting_person p where p.meeting_id = @meeting_id and p.id = any (@people::uuid[]);

-- name: PollTally :many
select l.vote_id, l.no, count(r.person_id) as votes
from meeting_vote_line l left join meeting_voter r on r.vote_id = l.vote_id and r.choice & (1::bigint << (l.no - 1)) <> 0
where l.vote_id = any (@votes::uuid[]) and l.no > 0 group by l.vote_id, l.no;

-- name: BallotTally :many
select l.vote_id, l.no, count(b.id) as votes
from meeting_vote_line l left join meeting_ballot b on b.vote_id = l.vote_id and b.choice & (1::bigint << (l.no - 1)) <> 0
where l.vote_id = any (@votes::uuid[]) and l.no > 0 group by l.vote_id, l.no;

-- name: BallotCounts :many
select b.vote_id, count(*) as ballots, count(*) filter (where b.choice = 0) as blank
from meeting_ballot b where b.vote_id = any (@votes::uuid[]) group by b.vote_id;

-- name: OwnVotes :many
select r.vote_id, r.at, r.choice from meeting_voter r where r.person_id = @person_id and r.vote_id = any (@votes::uuid[]);

-- name: SetVoteState :exec
update meeting_vote set state = @state, confirmed = @confirmed, opened_at = @opened_at, closed_at = @closed_at, secret = @secret
where meeting_id = @meeting_id and id = @id;

-- name: UndoneVotes :many
-- Those that have neither ended nor are void.
select v.meeting_id, v.id, v.kind, v.form, v.state, v.made_by, v.most, v.seats, v.due, v.quorum, v.majority, v.made_at, v.opened_at, v.ends_at, v.closed_at, v.watcher_a, v.watcher_b, v.confirmed, v.secret
from meeting_vote v where v.meeting_id = @meeting_id and v.state in ('draft', 'open', 'ending') order by v.id for update;

-- name: Choose :exec
insert into meeting_voter (vote_id, person_id, name, body_name, at, choice)
select @vote_id, p.id, p.name, p.body_name, @at::timestamptz, @choice::bigint from meeting_person p where p.meeting_id = @meeting_id and p.id = @person_id
on conflict (vote_id, person_id) do update set at = excluded.at, choice = excluded.choice;

-- name: SignPresent :execrows
insert into meeting_voter (vote_id, person_id, name, body_name, at)
select @vote_id, p.id, p.name, p.body_name, @at::timestamptz from meeting_person p where p.meeting_id = @meeting_id and p.id = @person_id
on conflict (vote_id, person_id) do nothing;

-- name: LockVoter :one
select r.person_id, r.at, r.asked from meeting_voter r where r.vote_id = @vote_id and r.person_id = @person_id for update;

-- name: GiveRight :exec
update meeting_voter set at = @at::timestamptz, asked = @asked::varchar where vote_id = @vote_id and person_id = @person_id;

-- name: ListVoters :many
select r.person_id, r.name, r.body_name, r.at, r.choice from meeting_voter r
where r.vote_id = @vote_id and r.person_id > @after order by r.person_id limit @size;

-- name: ListPresent :many
-- Everybody of the meeting, with when they signed in.
select p.id as person_id, p.name, p.body_name, r.at from meeting_person p
left join meeting_voter r on r.vote_id = @vote_id and r.person_id = p.id
where p.meeting_id = @meeting_id and (p.state = 'in' or r.at is not null) and p.id > @after order by p.id limit @size;

-- name: CountIn :one
select count(*) from meeting_person p where p.meeting_id = $1 and p.state = 'in';

-- name: WriteBallots :exec
insert into meeting_ballot (vote_id, id, choice)
select @vote_id, unnest(@ids::uuid[]), unnest(@choices::bigint[]);

-- name: WriteReceipts :exec
insert into meeting_receipt (vote_id, receipt)
select @vote_id, unnest(@receipts::varchar[]);

-- name: HasReceipt :one
select exists (select from meeting_receipt where vote_id = @vote_id and receipt = @receipt);

-- name: ListReceipts :many
select receipt from meeting_receipt where vote_id = @vote_id and receipt > @after order by receipt limit @size;
