-- name: AddImport :exec
insert into import (id, file_name, size, kind, state, sheets, sheet, header_row, layout, head, by_name, actor_account, actor_identity, actor_name)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14);

-- name: GetImport :one
select id, file_name, size, kind, state, sheets, sheet, header_row, layout, head, policy, reached, total, admitted, known, faulty, faults,
	progress, serial_year, serial_from, fault_zh, fault_en, by_name, actor_account, actor_identity, actor_name, worker, lease_until, attempts,
	created_at, ended_at
from import where id = $1;

-- name: LockImport :one
select id, file_name, size, kind, state, sheets, sheet, header_row, layout, head, policy, reached, total, admitted, known, faulty, faults,
	progress, serial_year, serial_from, fault_zh, fault_en, by_name, actor_account, actor_identity, actor_name, worker, lease_until, attempts,
	created_at, ended_at
from import where id = $1 for update;

-- name: ListImports :many
select id, file_name, size, kind, state, sheets, sheet, header_row, layout, head, policy, reached, total, admitted, known, faulty, faults,
	progress, serial_year, serial_from, fault_zh, fault_en, by_name, actor_account, actor_identity, actor_name, worker, lease_until, attempts,
	created_at, ended_at
from import where id < @before order by id desc limit @size;

-- name: AddPart :exec
insert into import_part (import_id, no, data) values ($1, $2, $3);

-- name: GetPart :one
select data from import_part where import_id = $1 and no = $2;

-- name: MapImport :exec
-- The check begins again, by whoever comes first, or the columns wait to be looked at.
update import set sheet = $2, header_row = $3, layout = $4, head = $5, policy = $6, state = $10, reached = 0, total = 0, admitted = 0,
	known = 0, faulty = 0, faults = '{}', progress = 0, fault_zh = '', fault_en = '', worker = null, attempts = 0,
	actor_account = $7, actor_identity = $8, actor_name = $9
where id = $1;

-- name: BeginCommit :exec
update import set state = 'committing', reached = 0, progress = 0, worker = null, attempts = 0, actor_account = $2, actor_identity = $3, actor_name = $4
where id = $1;

-- name: EndImport :exec
update import set state = $2, fault_zh = $3, fault_en = $4, worker = null, lease_until = null, ended_at = now() where id = $1;

-- name: SeizeImport :execrows
update import set worker = @worker, lease_until = now() + interval '5 seconds', attempts = attempts + 1
where id = @id and state in ('checking', 'committing') and (worker is null or lease_until < now());

-- name: KeepImport :execrows
update import set lease_until = now() + interval '5 seconds' where id = @id and worker = @worker and state in ('checking', 'committing');

-- name: AdvanceImport :execrows
update import set reached = @reached, total = total + @total, admitted = admitted + @admitted, known = known + @known, faulty = faulty + @faulty,
	faults = @faults, progress = @progress, attempts = 0
where id = @id and worker = @worker and state in ('checking', 'committing');

-- name: CheckedImport :execrows
update import set state = 'ready', progress = 1000, total = @total, admitted = @admitted, known = @known, faulty = @faulty, faults = @faults,
	worker = null, lease_until = null, attempts = 0
where id = @id and worker = @worker and state = 'checking';

-- name: KeepSerials :execrows
update import set serial_year = @year, serial_from = @serial where id = @id and worker = @worker and state = 'committing';

-- name: CommittedImport :execrows
update import set state = 'done', progress = 1000, admitted = @admitted, known = @known, faulty = @faulty, faults = @faults,
	worker = null, lease_until = null, ended_at = now()
where id = @id and worker = @worker and state = 'committing';

-- name: StageRows :exec
insert into import_row (import_id, number, outcome, member_id, name, initials, pinyin, id_kind, id_number, id_digest, phone, phone_tail, sex,
	birth, nation, education, political_status, employer, job, employment, migrant, address, joined_on, keys, kinds, faults, cells)
select @import_id, unnest(@numbers::bigint[]), unnest(@outcomes::varchar[]), unnest(@ids::uuid[]), unnest(@names::varchar[]),
	unnest(@initials::varchar[]), unnest(@pinyins::varchar[]), unnest(@id_kinds::varchar[]), unnest(@id_numbers::varchar[]),
	unnest(@id_digests::varchar[]), unnest(@phones::varchar[]), unnest(@phone_tails::varchar[]), unnest(@sexes::varchar[]),
	nullif(unnest(@births::date[]), '0001-01-01'), unnest(@nations::varchar[]), unnest(@educations::varchar[]),
	unnest(@political_statuses::varchar[]), unnest(@employers::varchar[]), unnest(@jobs::varchar[]), unnest(@employments::varchar[]),
	nullif(unnest(@migrants::smallint[]), -1)::integer::boolean, unnest(@addresses::varchar[]), nullif(unnest(@joined_ons::date[]), '0001-01-01'),
	unnest(@keys::varchar[]), unnest(@kinds::varchar[]), unnest(@faults::varchar[]), unnest(@cells::varchar[]);

-- name: DropRows :execrows
delete from import_row where import_id = @import_id and (outcome <> 'fault' or not @keep_faults::boolean);

-- name: DropParts :execrows
delete from import_part where import_id = $1;

-- name: MarkTwice :exec
-- Of the rows with one ID number the first stays.
update import_row r set outcome = 'fault', kinds = 'twice_in_file', faults = format(@faults::varchar, d.first)
from (
	select x.number, y.first from import_row x join (
		select id_digest, min(number) as first from import_row where import_id = @import_id and outcome <> 'fault' group by id_digest having count(*) > 1
	) y on y.id_digest = x.id_digest and x.number > y.first
	where x.import_id = @import_id and x.outcome <> 'fault'
) d
where r.import_id = @import_id and r.number = d.number;

-- name: MarkKnown :exec
-- Who has become a member of the body since the check, and who no longer is one.
update import_row r set outcome = case when m.id is null then 'admit' else @policy::varchar end
from import_row x left join member m on m.id_digest = x.id_digest
where x.import_id = @import_id and x.outcome <> 'fault' and (x.outcome = 'admit') = (m.id is not null)
	and r.import_id = x.import_id and r.number = x.number;

-- name: MarkFault :exec
update import_row set outcome = 'fault', kinds = @kinds, faults = @faults where import_id = @import_id and number = any (@numbers::bigint[]);

-- name: CountOutcomes :many
select outcome, count(*) as n from import_row where import_id = $1 group by outcome;

-- name: CountFaults :many
select k.kind::varchar as kind, count(*) as n from import_row r, unnest(string_to_array(r.kinds, ',')) as k (kind)
where r.import_id = $1 and r.outcome = 'fault' group by k.kind;

-- name: FaultsWithoutCells :many
select number from import_row where import_id = @import_id and outcome = 'fault' and cells = '' and number > @after order by number limit @size;

-- name: GiveCells :exec
update import_row r set cells = c.cells from (select unnest(@numbers::bigint[]) as number, unnest(@cells::varchar[]) as cells) c
where r.import_id = @import_id and r.number = c.number;

-- name: ListRows :many
select number, outcome, name, id_kind, id_number, phone, faults from import_row
where import_id = @import_id and number > @after and (outcome = @outcome or @outcome = '') order by number limit @size;

-- name: ListFaults :many
select number, faults, cells from import_row where import_id = @import_id and outcome = 'fault' and number > @after order by number limit @size;

-- name: ListElsewhere :many
select number, name, id_kind, id_number, id_digest from import_row
where import_id = @import_id and outcome = 'fault' and kinds = 'member_elsewhere' and number > @after order by number limit @size;

-- name: ListClaims :many
select number, id_digest, member_id from import_row
where import_id = @import_id and outcome = 'admit' and number > @after order by number limit @size;

-- name: ListUpdates :many
select number, name, initials, pinyin, id_kind, id_digest, phone, sex, birth, nation, education, political_status, employer, job, employment,
	migrant, address, joined_on
from import_row where import_id = @import_id and outcome = 'update' and number > @after order by number limit @size;

-- name: LockMembersByDigest :many
select id, member_no, name, initials, pinyin, id_kind, id_number, id_digest, phone, phone_tail, sex, birth, nation, education,
	political_status, employer, job, employment, migrant, address, joined_on, state, version, demo, created_at, updated_at, complete, dept_id, made_by
from member where id_digest = any (@digests::varchar[]) order by id for update;

-- name: EnterMembers :one
-- The digit at the end of a member number is by Luhn: every other digit counts twice, and a sum of two digits as its digits.
with given as (
	select @import_id::uuid as import_id, @head::varchar as head, @head_sum::integer as head_sum, @serial::integer as serial, @today::date as today,
		sqlc.narg(made_by)::uuid as made_by
), numbered as (
	select lpad(cast(row_number() over (order by x.number) + g.serial - 1 as varchar), 7, '0') as digits, g.head, g.head_sum, g.today, g.made_by,
		x.member_id, x.name, x.initials, x.pinyin, x.id_kind, x.id_number, x.id_digest, x.phone, x.phone_tail, x.sex, x.birth, x.nation,
		x.education, x.political_status, x.employer, x.job, x.employment, x.migrant, x.address, x.joined_on
	from given g join import_row x on x.import_id = g.import_id where x.outcome = 'admit'
), entered as (
	insert into member (id, member_no, name, initials, pinyin, id_kind, id_number, id_digest, phone, phone_tail, sex, birth, nation,
		education, political_status, employer, job, employment, migrant, address, joined_on, made_by)
	select r.member_id, r.head || r.digits || right((1000 - r.head_sum - strpos('516273849', substr(r.digits, 1, 1)) - substr(r.digits, 2, 1)::integer
			- strpos('516273849', substr(r.digits, 3, 1)) - substr(r.digits, 4, 1)::integer
			- strpos('516273849', substr(r.digits, 5, 1)) - substr(r.digits, 6, 1)::integer
			- strpos('516273849', substr(r.digits, 7, 1)))::varchar, 1),
		r.name, r.initials, r.pinyin, r.id_kind, r.id_number, r.id_digest, r.phone, r.phone_tail, r.sex, r.birth, r.nation, r.education,
		r.political_status, r.employer, r.job, r.employment, coalesce(r.migrant, false), r.address, coalesce(r.joined_on, r.today), r.made_by
	from numbered r
	returning complete
)
select count(*) as members, count(*) filter (where complete) as whole from entered;

-- name: ManyRows :exec
-- Rows that were just written have no statistics: a planner that takes them for few joins them in loops within loops, and
-- sorts them in little memory.
select set_config('enable_nestloop', 'off', true), set_config('work_mem', '48MB', true);

-- name: EnterKeys :exec
insert into member_search (key, member_id)
select k.key, k.member_id from (
	select unnest(string_to_array(r.keys, chr(10))) as key, r.member_id from import_row r where r.import_id = @import_id and r.outcome = 'admit'
	union all
	select 'm:' || m.member_no, m.id from member m join import_row r on r.member_id = m.id where r.import_id = @import_id and r.outcome = 'admit'
) k order by k.key collate "C";

-- name: EnterHistory :exec
-- A first entry may have the id of the member: it is as young.
insert into member_history (member_id, id, kind, by_account, by_name)
select r.member_id, r.member_id, 'import', sqlc.narg(by_account)::uuid, @by_name::varchar from import_row r where r.import_id = @import_id and r.outcome = 'admit';

-- name: DropDuplicatesOfImport :exec
delete from member_duplicate d using import_row r where r.import_id = @import_id and r.outcome = 'admit' and d.id_digest = r.id_digest;
