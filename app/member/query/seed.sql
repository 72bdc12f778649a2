-- name: SeedMembers :one
with entered as (
insert into member (id, member_no, name, initials, pinyin, id_kind, id_number, id_digest, phone, phone_tail, sex, birth, nation,
	education, political_status, employer, job, employment, migrant, address, joined_on, demo)
select unnest(@ids::uuid[]), unnest(@member_nos::varchar[]), unnest(@names::varchar[]), unnest(@initials::varchar[]),
	unnest(@pinyins::varchar[]), unnest(@id_kinds::varchar[]), unnest(@id_numbers::varchar[]), unnest(@id_digests::varchar[]),
	unnest(@phones::varchar[]), unnest(@phone_tails::varchar[]), unnest(@sexes::varchar[]), nullif(unnest(@births::date[]), '0001-01-01'),
	unnest(@nations::varchar[]), unnest(@educations::varchar[]), unnest(@political_statuses::varchar[]),
	unnest(@employers::varchar[]), unnest(@jobs::varchar[]), unnest(@employments::varchar[]), unnest(@migrants::boolean[]),
	unnest(@addresses::varchar[]), unnest(@joined_ons::date[]), true
returning complete)
select count(*) filter (where complete) from entered;

-- name: SeedKeys :exec
insert into member_search (key, member_id) select unnest(@keys::varchar[]), unnest(@member_ids::uuid[]);

-- name: SeedHistory :exec
insert into member_history (member_id, id, kind, by_name)
select unnest(@member_ids::uuid[]), unnest(@ids::uuid[]), 'admit', @by_name::varchar;
