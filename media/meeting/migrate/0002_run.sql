-- The term of a running meeting: whichever process opens it takes the next one, and who has an older one writes no more of it.
create table meeting_run (
	meeting_id uuid primary key constraint meeting_run_fkey references meeting,
	term       integer not null
);
---- create above / drop below ----
drop table meeting_run;
