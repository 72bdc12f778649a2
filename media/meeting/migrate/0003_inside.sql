-- What is set for a meeting besides its plan.
create table meeting_option (
	meeting_id uuid primary key constraint meeting_option_fkey references meeting,
	watermark  boolean not null default false,
	rooms_open boolean not null default false,
	choice     boolean not null default false, -- people choose their breakout room
	until      timestamptz,                    -- when open rooms are closed by the clock
	venue      boolean not null default false,
	main_id    uuid,                           -- the main venue, a person
	called_id  uuid                            -- who has the floor, a person
);

create table meeting_room (
	meeting_id uuid not null constraint meeting_room_fkey references meeting,
	id         uuid not null,
	name       varchar(30) not null,
	retired    boolean     not null default false,
	primary key (meeting_id, id)
);

-- What somebody is besides their role.
create table meeting_part (
	meeting_id   uuid not null,
	person_id    uuid not null constraint meeting_part_person_fkey references meeting_person,
	room_id      uuid,
	stenographer boolean not null default false,
	venue        smallint not null default 0 check (venue >= 0), -- the place in the order of venues; 0: none
	primary key (meeting_id, person_id)
);

alter table meeting_stay
	add column room_id uuid,
	add constraint meeting_stay_room_fkey foreign key (meeting_id, room_id) references meeting_room;

alter table meeting_line
	add column room_id uuid,
	add column caption boolean not null default false,
	add constraint meeting_line_room_fkey foreign key (meeting_id, room_id) references meeting_room;
---- create above / drop below ----
alter table meeting_line drop column room_id, drop column caption;
alter table meeting_stay drop column room_id;
drop table meeting_part, meeting_room, meeting_option;
