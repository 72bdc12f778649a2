-- name: PersonToMerge :one
-- A person with an open account, by phone, all of whose places lie at or below a body.
select p.id from platform.person p join platform.account a on a.person_id = p.id and a.state = 'open'
where p.phone_digest = sqlc.arg(phone_digest)::text and not exists (
	select from platform.identity i where i.person_id = p.id and (i.valid_to is null or i.valid_to >= current_date)
		and not exists (select from platform.closure c where c.line = 'primary' and c.ancestor_id = sqlc.arg(above)::uuid and c.descendant_id = i.body_id));

-- name: OpenMerge :one
insert into platform.person_merge (id, keep_id, gone_id, ground, reason, asked_by) values ($1, $2, $3, 'phones', $4, $5)
on conflict (least(keep_id, gone_id), greatest(keep_id, gone_id)) where state = 'open' do update set updated_at = now()
returning id;

-- name: NoteTwins :exec
-- A claim of a file brought two persons with one ID number to light: who holds the phone proved it just now.
insert into platform.person_merge (id, keep_id, gone_id, ground, gone_proved_at)
select $1, k.id, g.id, 'id_number', now()
from platform.person k, platform.person g
where k.id_digest = sqlc.arg(id_digest)::text and g.phone_digest = sqlc.arg(phone_digest)::text and g.id <> k.id and g.id_digest is null
	and g.name = k.name and k.name = sqlc.arg(name)::text
on conflict (least(keep_id, gone_id), greatest(keep_id, gone_id)) where state = 'open' do nothing;

-- name: LevelOfBody :one
select level from platform.body where id = $1;

-- name: Merges :many
select m.id, m.keep_id, m.gone_id, m.ground, m.state, m.reason, m.asked_at, m.keep_proved_at, m.gone_proved_at, m.done_at, m.undone_at
from platform.person_merge m
where m.id < sqlc.arg(before) and (sqlc.arg(state)::text = '' or m.state = sqlc.arg(state)::text)
	and (sqlc.narg(one)::uuid is null or m.id = sqlc.narg(one)::uuid)
	and not exists (
		select from platform.identity i where i.person_id in (m.keep_id, m.gone_id) and (i.valid_to is null or i.valid_to >= current_date)
			and not exists (select from platform.closure c where c.line = 'primary' and c.ancestor_id = sqlc.arg(above)::uuid and c.descendant_id = i.body_id))
order by m.id desc limit sqlc.arg(size);

-- name: LockMerge :one
select m.id, m.keep_id, m.gone_id, m.ground, m.state, m.keep_proved_at, m.gone_proved_at, m.done_at, m.log from platform.person_merge m where m.id = $1 for update;

-- name: SidesOfMerges :many
select p.id, p.name, p.phone_sealed, (p.id_digest is not null)::boolean as id_known, p.created_at,
	coalesce((select max(s.seen_at) from platform.session s join platform.account a on a.id = s.account_id where a.person_id = p.id), 'epoch')::timestamptz as seen_at
from platform.person p where p.id = any(sqlc.arg(persons)::uuid[]);

-- name: PlacesOfPersons :many
-- Places in force, those of one person after another, the highest body first.
select i.person_id, i.role, b.code as body_code, b.name as body_name
from platform.identity i
join platform.body b on b.id = i.body_id
where i.person_id = any(sqlc.arg(persons)::uuid[]) and i.valid_from <= current_date and (i.valid_to is null or i.valid_to >= current_date)
	and i.locked_at is null
order by i.person_id, array_position(array['national', 'national_industrial', 'province', 'city', 'county', 'town', 'village', 'grassroots'], b.level::text),
	array_position(array['supervisor', 'admin', 'officer', 'system_admin', 'security_admin', 'audit_admin', 'member'], i.role::text), b.code;

-- name: LockPersons :many
select p.id, p.name, p.phone_sealed, p.phone_digest, p.id_digest, a.id as account_id, a.state, a.password_hash, a.password_at, a.phone_proved_at
from platform.person p join platform.account a on a.person_id = p.id
where p.id = any(sqlc.arg(persons)::uuid[]) order by p.id for update;

-- name: LockIdentities :many
select i.id, i.person_id, i.body_id, i.role, i.ref_id, i.valid_from, i.valid_to, i.locked_at,
	(i.valid_to is null or i.valid_to >= current_date)::boolean as in_force
from platform.identity i where i.person_id = any(sqlc.arg(persons)::uuid[]) order by i.id for update;

-- name: ProveSide :exec
update platform.person_merge set updated_at = now(),
	keep_proved_at = case when sqlc.arg(keep)::boolean then now() else keep_proved_at end,
	gone_proved_at = case when sqlc.arg(keep)::boolean then gone_proved_at else now() end
where id = $1;

-- name: FinishMerge :exec
update platform.person_merge set state = 'done', done_at = now(), updated_at = now(), log = $2 where id = $1;

-- name: FinishUndo :exec
update platform.person_merge set state = 'undone', undone_at = now(), updated_at = now(), log = '' where id = $1;

-- name: DropMerge :exec
update platform.person_merge set state = 'dropped', updated_at = now() where id = $1;

-- name: ForgetMergeLogs :exec
-- What can be undone no more need not be known any longer.
update platform.person_merge set log = '' where log <> '' and done_at < now() - sqlc.arg(window_)::interval;
