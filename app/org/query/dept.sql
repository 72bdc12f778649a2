-- name: ListDepts :many
select id, parent_id, name, sort, (select count(*) from post where post.dept_id = dept.id)::integer as posts
from dept order by sort, id;

-- name: LockDepts :many
-- All of them, in one order: a tree stays a tree only when one change at a time is made to it.
select id, parent_id from dept order by id for update;

-- name: CountPosts :one
select count(*)::integer from post where dept_id = $1;

-- name: InsertDept :exec
insert into dept (id, parent_id, name, sort) values ($1, $2, $3, $4);

-- name: UpdateDept :exec
update dept set parent_id = $2, name = $3, sort = $4 where id = $1;

-- name: DeleteDept :exec
delete from dept where id = $1;

-- name: HasDept :one
select exists (select 1 from dept where id = $1);
