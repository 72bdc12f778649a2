-- name: GetMember :one
select id, member_no, name, initials, pinyin, id_kind, id_number, id_digest, phone, phone_tail, sex, birth, nation, education,
	political_status, employer, job, employment, migrant, address, joined_on, state, version, demo, created_at, updated_at, complete, dept_id, made_by
from member where id = $1;

-- name: LockMember :one
select id, member_no, name, initials, pinyin, id_kind, id_number, id_digest, phone, phone_tail, sex, birth, nation, education,
	political_status, employer, job, employment, migrant, address, joined_on, state, version, demo, created_at, updated_at, complete, dept_id, made_by
from member where id = $1 for update;

-- name: ListMembers :many
select id, member_no, name, initials, pinyin, id_kind, id_number, id_digest, phone, phone_tail, sex, birth, nation, education,
	political_status, employer, job, employment, migrant, address, joined_on, state, version, demo, created_at, updated_at, complete, dept_id, made_by
from member where id < @before and (state = @state or @state = 'all')
	and (@whole::boolean or id = @self::uuid or made_by = @own::uuid or dept_id = any (@departments::uuid[]))
order by id desc limit @size;

-- name: CountMembers :one
-- How many a right that is but of a part of the body reaches.
select count(*) from member where state = 'active' and (id = @self::uuid or made_by = @own::uuid or dept_id = any (@departments::uuid[]));

-- name: SearchMembers :many
-- The bounds on key alone tell the planner that the range is narrow; the index is read from after_key on.
select s.key, sqlc.embed(m)
from member_search s join member m on m.id = s.member_id
where s.key >= @after_key::varchar and s.key < @high and (s.key, s.member_id) > (@after_key::varchar, @after_id::uuid)
	and (m.state = @state or @state = 'all')
	and (@whole::boolean or m.id = @self::uuid or m.made_by = @own::uuid or m.dept_id = any (@departments::uuid[]))
order by s.key, s.member_id limit @size;

-- name: TakeSerials :one
-- The serials up to the one returned are the caller's, count of them. They begin again each year.
update member_serial set last = case when year = greatest(year, @year::smallint) then last else 0 end + @count::integer,
	year = greatest(year, @year::smallint) returning year, last;

-- name: InsertMember :one
insert into member (id, member_no, name, initials, pinyin, id_kind, id_number, id_digest, phone, phone_tail, sex, birth, nation,
	education, political_status, employer, job, employment, migrant, address, joined_on, dept_id, made_by)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23)
returning id, member_no, name, initials, pinyin, id_kind, id_number, id_digest, phone, phone_tail, sex, birth, nation, education,
	political_status, employer, job, employment, migrant, address, joined_on, state, version, demo, created_at, updated_at, complete, dept_id, made_by;

-- name: UpdateMember :one
update member set name = $2, initials = $3, pinyin = $4, id_kind = $5, id_number = $6, id_digest = $7, phone = $8, phone_tail = $9,
	sex = $10, birth = $11, nation = $12, education = $13, political_status = $14, employer = $15, job = $16, employment = $17,
	migrant = $18, address = $19, joined_on = $20, dept_id = $21, version = version + 1, updated_at = now()
where id = $1
returning id, member_no, name, initials, pinyin, id_kind, id_number, id_digest, phone, phone_tail, sex, birth, nation, education,
	political_status, employer, job, employment, migrant, address, joined_on, state, version, demo, created_at, updated_at, complete, dept_id, made_by;

-- name: SetState :one
update member set state = $2, id_digest = $3, version = version + 1, updated_at = now() where id = $1
returning id, member_no, name, initials, pinyin, id_kind, id_number, id_digest, phone, phone_tail, sex, birth, nation, education,
	political_status, employer, job, employment, migrant, address, joined_on, state, version, demo, created_at, updated_at, complete, dept_id, made_by;

-- name: AddKeys :exec
insert into member_search (key, member_id) select unnest(@keys::varchar[]), @member_id::uuid;

-- name: DropKeys :exec
delete from member_search where key = any (@keys::varchar[]) and member_id = @member_id;

-- name: AddHistory :exec
insert into member_history (member_id, id, kind, reason, by_account, by_name, changed) values ($1, $2, $3, $4, $5, $6, $7);

-- name: ListHistory :many
select member_id, id, kind, reason, by_account, by_name, at, changed
from member_history where member_id = @member_id and id < @before order by id desc limit @size;
