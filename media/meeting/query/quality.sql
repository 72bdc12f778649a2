-- name: KeepQuality :exec
-- Of the last stay of each.
update meeting_stay s set samples = q.samples, loss_up = q.loss_up, loss_up_most = q.loss_up_most, loss_down = q.loss_down,
	loss_down_most = q.loss_down_most, rtt = q.rtt, rtt_most = q.rtt_most, jitter = q.jitter, concealed = q.concealed, freezes = q.freezes,
	kbit_up = q.kbit_up, kbit_down = q.kbit_down, height_up = q.height_up, height_down = q.height_down, server_loss = q.server_loss,
	server_jitter = q.server_jitter, browser = q.browser, system = q.system
from (select unnest(@people::uuid[]) as person_id, unnest(@samples::integer[]) as samples, unnest(@loss_up::smallint[]) as loss_up,
	unnest(@loss_up_most::smallint[]) as loss_up_most, unnest(@loss_down::smallint[]) as loss_down,
	unnest(@loss_down_most::smallint[]) as loss_down_most, unnest(@rtt::integer[]) as rtt, unnest(@rtt_most::integer[]) as rtt_most,
	unnest(@jitter::integer[]) as jitter, unnest(@concealed::smallint[]) as concealed, unnest(@freezes::integer[]) as freezes,
	unnest(@kbit_up::integer[]) as kbit_up, unnest(@kbit_down::integer[]) as kbit_down, unnest(@height_up::smallint[]) as height_up,
	unnest(@height_down::smallint[]) as height_down, unnest(@server_loss::smallint[]) as server_loss,
	unnest(@server_jitter::integer[]) as server_jitter, unnest(@browser::varchar[]) as browser, unnest(@system::varchar[]) as system) q
where s.meeting_id = @meeting_id and s.person_id = q.person_id and s.id = (
	select max(o.id::text)::uuid from meeting_stay o where o.meeting_id = @meeting_id and o.person_id = q.person_id);

-- name: ListQuality :many
select id, samples, loss_up, loss_up_most, loss_down, loss_down_most, rtt, rtt_most, jitter, concealed, freezes, kbit_up, kbit_down,
	height_up, height_down, server_loss, server_jitter, browser, system
from meeting_stay where meeting_id = @meeting_id and id = any (@stays::uuid[]) and samples > 0;
