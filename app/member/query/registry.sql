-- name: MemberByDigest :one
select id, member_no, name, initials, pinyin, id_kind, id_number, id_digest, phone, phone_tail, sex, birth, nation, education,
	political_status, employer, job, employment, migrant, address, joined_on, state, version, demo, created_at, updated_at, complete, dept_id, made_by
from member where id_digest = @digest::varchar;

-- name: MembersByDigest :many
select id_digest::varchar as id_digest, id from member where id_digest = any (@digests::varchar[]);

-- name: AddDuplicate :exec
insert into member_duplicate (id, name, id_kind, id_number, id_digest, source, by_name, dept_id, made_by) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
on conflict (id_digest) do update set name = excluded.name, at = now(), by_name = excluded.by_name, source = excluded.source,
	dept_id = excluded.dept_id, made_by = excluded.made_by;

-- name: ListDuplicates :many
select id, name, id_kind, id_number, id_digest, source, by_name, at, dept_id, made_by from member_duplicate
where id < @before and (@whole::boolean or made_by = @own::uuid or dept_id = any (@departments::uuid[])) order by id desc limit @size;

-- name: DropDuplicate :execrows
delete from member_duplicate
where id = @id and (@whole::boolean or made_by = @own::uuid or dept_id = any (@departments::uuid[]));

-- name: DropDuplicateOf :exec
delete from member_duplicate where id_digest = $1;

-- name: RollAfter :many
select id_digest::varchar as id_digest, id from member where id_digest > @after::varchar order by id_digest limit @size;
