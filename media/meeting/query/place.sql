-- name: ListPlaces :many
select id, name, location, seats, equipment, bookers, closed, version from meeting_place
where (name, id) > (@after_name::varchar, @after::uuid) and (@whole::boolean or not closed) and (@query::varchar = '' or strpos(lower(name || ' ' || location), @query) > 0)
order by name, id limit @size;

-- name: GetPlace :one
select id, name, location, seats, equipment, bookers, closed, version from meeting_place where id = $1;

-- name: LockPlace :one
select id, name, location, seats, equipment, bookers, closed, version from meeting_place where id = $1 for update;

-- name: InsertPlace :one
insert into meeting_place (id, name, location, seats, equipment, bookers) values ($1, $2, $3, $4, $5, $6)
on conflict on constraint meeting_place_name_key do nothing
returning id, name, location, seats, equipment, bookers, closed, version;

-- name: UpdatePlace :one
update meeting_place p set name = $2, location = $3, seats = $4, equipment = $5, bookers = $6, closed = $7, version = version + 1
where p.id = $1 and not exists (select from meeting_place o where o.name = $2 and o.id <> $1)
returning id, name, location, seats, equipment, bookers, closed, version;

-- name: Clashes :many
-- Bookings of a room by other meetings at some times, the first first; place is that of the time in the list, from 1 on.
select t.place::integer as place, b.starts_at, b.ends_at, m.host_name
from (select unnest(@starts::timestamptz[]) as starts_at, unnest(@ends::timestamptz[]) as ends_at, generate_subscripts(@starts::timestamptz[], 1) as place) t
join meeting_booking b on b.place_id = @place_id and b.ends_at > t.starts_at and b.starts_at < t.ends_at and not b.meeting_id = any (@meetings::uuid[])
join meeting m on m.id = b.meeting_id and m.state in ('planned', 'live')
order by t.place, b.starts_at;

-- name: PutBookings :exec
insert into meeting_booking (meeting_id, place_id, starts_at, ends_at)
select unnest(@meetings::uuid[]), @place_id, unnest(@starts::timestamptz[]), unnest(@ends::timestamptz[])
on conflict (meeting_id) do update set place_id = excluded.place_id, starts_at = excluded.starts_at, ends_at = excluded.ends_at;

-- name: DropBookings :exec
delete from meeting_booking where meeting_id = any (@meetings::uuid[]);

-- name: PlaceOf :one
select p.id, p.name, p.location, p.seats, p.equipment, p.bookers, p.closed, p.version
from meeting_booking b join meeting_place p on p.id = b.place_id where b.meeting_id = $1;

-- name: ListBookings :many
-- What rooms are booked for between two moments.
select b.meeting_id, b.place_id, b.starts_at, b.ends_at, m.title, m.state, m.host_id, m.host_name, m.open_to,
	coalesce((select i.role from meeting_invitee i where i.meeting_id = m.id and i.identity_id = @self), '')::varchar as invited
from meeting_booking b join meeting m on m.id = b.meeting_id
where b.ends_at > @from_at and b.starts_at < @to_at and m.state <> 'cancelled' and (b.starts_at, b.meeting_id) > (@after_at::timestamptz, @after::uuid)
order by b.starts_at, b.meeting_id limit @size;
