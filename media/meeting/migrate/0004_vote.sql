-- What is put to those in a meeting: polls (named, veiled), secret ballots, sign-ins.
create table meeting_vote (
	meeting_id uuid not null constraint meeting_vote_fkey references meeting,
	id         uuid not null constraint meeting_vote_key unique,
	kind       varchar(6)  not null check (kind in ('named', 'veiled', 'secret', 'signin')),
	form       varchar(7)  not null check (form in ('choice', 'consent', 'elect')),
	state      varchar(6)  not null check (state in ('draft', 'open', 'ending', 'closed', 'done', 'void')),
	made_by    uuid        not null constraint meeting_vote_person_fkey references meeting_person,
	most       smallint    not null, -- options that one may choose
	seats      smallint    not null, -- to be elected
	due        integer     not null, -- people who should attend
	quorum     varchar(9)  not null check (quorum in ('none', 'half', 'twothirds')),
	majority   varchar(13) not null check (majority in ('most', 'half_due', 'half_voters', 'half_cast', 'twothirds_due', 'twothirds_cast')),
	made_at    timestamptz not null,
	opened_at  timestamptz,
	ends_at    timestamptz,
	closed_at  timestamptz,
	watcher_a  uuid constraint meeting_vote_a_fkey references meeting_person,
	watcher_b  uuid constraint meeting_vote_b_fkey references meeting_person,
	confirmed  smallint not null default 0, -- bits: 1 and 2, the closing by a and b; 4 and 8, the opening of the result
	secret     varchar(400), -- of a ballot that is not closed: the primes of its key, sealed
	primary key (meeting_id, id)
);

-- The line 0 is the question.
create table meeting_vote_line (
	vote_id uuid     not null constraint meeting_vote_line_fkey references meeting_vote (id),
	no      smallint not null check (no between 0 and 60),
	text    varchar(200) not null,
	primary key (vote_id, no)
);

-- Who has voted in a poll, signed in, or may vote by ballot: for a ballot, at is when the right to vote was given, and nothing tells the choice.
create table meeting_voter (
	vote_id   uuid not null constraint meeting_voter_fkey references meeting_vote (id),
	person_id uuid not null constraint meeting_voter_person_fkey references meeting_person,
	name      varchar(60)  not null,
	body_name varchar(120) not null,
	at        timestamptz,
	choice    bigint, -- of a poll: bit n-1 for the line n
	asked     varchar(43), -- digest of the blinded token that was signed
	primary key (vote_id, person_id)
);

-- Ballots, written at the closing in one statement in random order. Neither time nor person, and receipts apart from choices.
create table meeting_ballot (
	vote_id uuid   not null,
	id      uuid   not null,
	choice  bigint not null,
	primary key (vote_id, id)
);

create table meeting_receipt (
	vote_id uuid        not null,
	receipt varchar(24) not null,
	primary key (vote_id, receipt)
);
---- create above / drop below ----
drop table meeting_receipt, meeting_ballot, meeting_voter, meeting_vote_line, meeting_vote;
