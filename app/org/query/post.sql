-- name: ListPosts :many
select p.id, p.dept_id, p.name, p.headcount, p.full_time, p.duties, p.sort,
	(select count(*) from appointment a where a.post_id = p.id and a.start_on <= @today::date and (a.end_on is null or a.end_on > @today::date))::integer as holders
from post p where (p.sort, p.id) > (@after_sort::integer, @after_id::uuid) order by p.sort, p.id limit @size;

-- name: GetPost :one
select p.id, p.dept_id, p.name, p.headcount, p.full_time, p.duties, p.sort,
	(select count(*) from appointment a where a.post_id = p.id and a.start_on <= @today::date and (a.end_on is null or a.end_on > @today::date))::integer as holders
from post p where p.id = @id;

-- name: LockPost :one
select headcount from post where id = $1 for update;

-- name: InsertPost :exec
insert into post (id, dept_id, name, headcount, full_time, duties, sort) values ($1, $2, $3, $4, $5, $6, $7);

-- name: UpdatePost :exec
update post set dept_id = $2, name = $3, headcount = $4, full_time = $5, duties = $6, sort = $7 where id = $1;

-- name: DeletePost :execrows
delete from post where id = $1;

-- name: NamePosts :many
select p.id, p.name, d.name as dept_name from post p join dept d on d.id = p.dept_id
where case when cardinality(@ids::uuid[]) > 0 then p.id = any(@ids::uuid[])
	else p.id > @after and strpos(lower(p.name), @query::varchar) > 0 end
order by p.id limit @size;
