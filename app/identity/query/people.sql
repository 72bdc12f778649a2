-- name: PeopleOfBody :many
-- Who has a place in a body now: those with the ids, or all that fit.
select i.id as identity_id, a.id as account_id, i.person_id, p.name, i.role, i.ref_id
from platform.identity i
join platform.person p on p.id = i.person_id
join platform.account a on a.person_id = i.person_id and a.state = 'open'
where i.body_id = $1 and i.valid_from <= current_date and (i.valid_to is null or i.valid_to >= current_date)
	and case when cardinality(@ids::uuid[]) + cardinality(@accounts::uuid[]) > 0
		then i.id = any(@ids::uuid[]) or a.id = any(@accounts::uuid[])
		else i.id > @after and (i.role = any(@roles::varchar[]) or cardinality(@roles::varchar[]) = 0 and i.role <> 'member')
			and strpos(p.name, @query::varchar) > 0 end
order by i.id limit @size;

-- name: UntieOfficer :exec
-- An officer's row is one person's: whoever had it before has the posts no more.
update platform.identity set ref_id = null
where body_id = $1 and ref_id = sqlc.arg(ref_id)::uuid and role <> 'member' and person_id <> $2;

-- name: PeopleNamed :many
-- Who has a place in a body now and is called so, by the whole name.
select i.id as identity_id, a.id as account_id, i.person_id, p.name, i.role, i.ref_id
from platform.person p
join platform.identity i on i.person_id = p.id
join platform.account a on a.person_id = p.id and a.state = 'open'
where p.name = @name and i.body_id = $1 and i.valid_from <= current_date and (i.valid_to is null or i.valid_to >= current_date)
order by i.id limit @size;

-- name: PhonesOfPeople :many
-- The phones, sealed, of those with a place in a body now.
select i.id as identity_id, i.person_id, p.phone_sealed
from platform.identity i
join platform.person p on p.id = i.person_id
join platform.account a on a.person_id = i.person_id and a.state = 'open'
where i.body_id = $1 and i.id = any(@ids::uuid[]) and i.locked_at is null and i.valid_from <= current_date and (i.valid_to is null or i.valid_to >= current_date)
order by i.id;
