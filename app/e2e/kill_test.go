package e2e_test

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"gonghui/app/e2e/stack"
)

// job is one member to be admitted: it is asked for, with one idempotency key, until it is acknowledged.
type job struct {
	code, key string
	fields    map[string]any
	id        string // once acknowledged
}

// load is many writers that admit members in all counties at once.
type load struct {
	r        *run
	clients  map[string]*stack.Client
	jobs     []*job
	taken    atomic.Int64
	acked    atomic.Int64
	progress chan struct{} // hears of every acknowledgement
	stop     context.CancelFunc
	done     sync.WaitGroup
	fault    atomic.Pointer[string]

	mu      sync.Mutex
	repeats int         // attempts that got no answer, or one that says try again
	refused map[int]int // of those with an answer, by status
	second  int         // repeats that were answered with what the first attempt had done already
}

// writers is how many requests are under way at a time.
const writers = 24

func newLoad(t *testing.T, r *run, codes []string, n int) *load {
	t.Helper()
	l := &load{r: r, clients: map[string]*stack.Client{}, progress: make(chan struct{}, 1), refused: map[int]int{}}
	for _, code := range codes {
		l.clients[code] = r.signedIn(t, "admin", code)
	}
	for i := range n {
		l.jobs = append(l.jobs, &job{code: codes[i%len(codes)], key: token(12), fields: fields(fmt.Sprintf("负载%d", next()))})
	}
	return l
}

func (l *load) start() {
	ctx, cancel := context.WithCancel(context.Background())
	l.stop = cancel
	for range writers {
		l.done.Go(func() {
			for ctx.Err() == nil {
				i := l.taken.Add(1) - 1
				if i >= int64(len(l.jobs)) {
					return
				}
				l.admit(ctx, l.jobs[i])
			}
		})
	}
}

// admit asks until it is told that the member is there.
func (l *load) admit(ctx context.Context, j *job) {
	body, err := json.Marshal(map[string]any{"fields": j.fields})
	if err != nil {
		panic(err)
	}
	for ctx.Err() == nil {
		asked := time.Now()
		status, raw, err := l.clients[j.code].Do("POST", "/v1/members", body, "Idempotency-Key", j.key)
		switch {
		case err == nil && status == http.StatusOK:
			var reply struct {
				ID        string
				CreatedAt time.Time
			}
			if err := json.Unmarshal(raw, &reply); err != nil || reply.ID == "" {
				l.fail(fmt.Sprintf("an answer that is none: %s", raw))
				return
			}
			j.id = reply.ID
			if reply.CreatedAt.Before(asked) {
				l.mu.Lock()
				l.second++
				l.mu.Unlock()
			}
			l.acked.Add(1)
			select {
			case l.progress <- struct{}{}:
			default:
			}
			return
		case err == nil && status < 500:
			l.fail(fmt.Sprintf("member of %s: %d %s", j.code, status, raw))
			return
		}
		l.mu.Lock()
		l.repeats++
		if err == nil {
			l.refused[status]++
		}
		l.mu.Unlock()
		pause := time.NewTimer(time.Duration(20+rand.IntN(60)) * time.Millisecond)
		select {
		case <-pause.C:
		case <-ctx.Done():
		}
		pause.Stop()
	}
}

func (l *load) fail(what string) {
	l.fault.CompareAndSwap(nil, &what)
	l.stop()
}

// reach waits until so many are acknowledged.
func (l *load) reach(t *testing.T, n int) {
	t.Helper()
	limit := time.NewTimer(60 * time.Second)
	defer limit.Stop()
	for int(l.acked.Load()) < n {
		if f := l.fault.Load(); f != nil {
			t.Fatal(*f)
		}
		select {
		case <-l.progress:
		case <-limit.C:
			t.Fatalf("%d of %d acknowledged, and no more for a minute: %s", l.acked.Load(), len(l.jobs), l.r.Tail("serve.log", 10))
		}
	}
}

// points are n random progress marks in each tenth of the way through so many requests, in order.
func points(rnd *rand.Rand, total, n int) []int {
	var all []int
	for tenth := range 10 {
		for range n {
			all = append(all, total*tenth/10+rnd.IntN(total/10*4/5)) // a kill comes some acknowledgements after its mark
		}
	}
	slices.Sort(all)
	return all
}

// Servers that are killed under load lose nothing that they acknowledged, and count nothing twice.
func TestKillsLoseNothing(t *testing.T) {
	r, codes := thirty(t)
	rnd := random(t, 4)
	total, each, postgres := 4000, 3, 5
	if testing.Short() {
		total, each, postgres = 800, 1, 1
	}
	var jobs []*job

	// Postgres is killed before and after, so that the pauses before its new starts stay short.
	jobs = append(jobs, r.killPostgres(t, codes, rnd, total/8, postgres)...)

	l := newLoad(t, r, codes, total)
	began := time.Now()
	l.start()
	var histogram [10]int
	for _, at := range points(rnd, total, each) {
		l.reach(t, max(at, int(l.acked.Load())+1)) // never before the product serves again
		r.Kill()
		histogram[min(9, int(l.acked.Load())*10/total)]++
		if err := r.TryServe(); err != nil {
			t.Fatal(err)
		}
	}
	l.reach(t, total)
	l.done.Wait()
	l.stop()
	l.log(t, began, "the server")
	t.Logf("kills of the server by tenth of the run:\n%s", bars(histogram))
	for tenth, n := range histogram {
		if n < each {
			t.Errorf("tenth %d was hit %d times, want %d", tenth+1, n, each)
		}
	}
	jobs = append(jobs, l.jobs...)

	jobs = append(jobs, r.killPostgres(t, codes, rnd, total/8, postgres)...)
	r.reconcile(t, codes, jobs)
}

// killPostgres kills the database n times under load, and waits each time until the product can serve again.
func (r *run) killPostgres(t *testing.T, codes []string, rnd *rand.Rand, total, n int) []*job {
	t.Helper()
	l := newLoad(t, r, codes, total)
	began := time.Now()
	l.start()
	for i := range n {
		l.reach(t, total*i/n+rnd.IntN(max(1, total/n-writers)))
		if err := r.KillPostgres(); err != nil {
			t.Fatal(err)
		}
		if err := r.Ready(60 * time.Second); err != nil {
			t.Fatal(err)
		}
	}
	l.reach(t, total)
	l.done.Wait()
	l.stop()
	l.log(t, began, fmt.Sprintf("Postgres, %d kills", n))
	for status := range l.refused {
		if status != http.StatusServiceUnavailable && status != http.StatusGatewayTimeout {
			t.Errorf("without a database the product answered %d, want 503", status)
		}
	}
	return l.jobs
}

func (l *load) log(t *testing.T, began time.Time, what string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	t.Logf("%s: %d members in %.1f s; %d attempts came to nothing (answers by status: %v); %d of them had been done and were recalled by their key",
		what, len(l.jobs), time.Since(began).Seconds(), l.repeats, l.refused, l.second)
}

func bars(histogram [10]int) string {
	var b strings.Builder
	for tenth, n := range histogram {
		fmt.Fprintf(&b, "  %3d–%3d %%  %2d  %s\n", tenth*10, tenth*10+10, n, strings.Repeat("█", n))
	}
	return b.String()
}

// reconcile compares what clients were told with what is there, in SQL that shares nothing with the product.
func (r *run) reconcile(t *testing.T, codes []string, jobs []*job) {
	t.Helper()
	ctx := context.Background()
	conn := r.SQL(t)
	stack.Eventually(t, 20*time.Second, "the outbox is empty", func() bool {
		var n int
		return conn.QueryRow(ctx, "select count(*) from cell.outbox").Scan(&n) == nil && n == 0
	})
	one := func(sql string, args ...any) (n int64) {
		t.Helper()
		if err := conn.QueryRow(ctx, sql, args...).Scan(&n); err != nil {
			t.Fatalf("%s: %v", sql, err)
		}
		return n
	}
	told := map[string][]string{}
	for _, j := range jobs {
		if j.id == "" {
			t.Fatalf("a job of %s was never acknowledged", j.code)
		}
		told[j.code] = append(told[j.code], j.id)
	}
	// Each tenant holds the members of which its clients were told, once each, and no others.
	count := map[string]int64{}
	var union []string
	for _, code := range codes {
		schema := r.Prefix + "_t_" + code
		ids := told[code]
		slices.Sort(ids)
		if n := len(slices.Compact(slices.Clone(ids))); n != len(ids) {
			t.Errorf("%s: %d members were acknowledged under %d ids", code, len(ids), n)
		}
		rows, err := conn.Query(ctx, "select id::text from "+schema+".member order by 1")
		if err != nil {
			t.Fatal(err)
		}
		there, err := pgx.CollectRows(rows, pgx.RowTo[string])
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(there, ids) {
			t.Errorf("%s: %d members were acknowledged, %d are there", code, len(ids), len(there))
		}
		count[code] = int64(len(there))
		for what, sql := range map[string]string{
			"names":            "select count(distinct name) from %s.member",
			"numbers":          "select count(distinct member_no) from %s.member",
			"ID numbers":       "select count(distinct id_digest) from %s.member",
			"admissions":       "select count(*) from %s.member_history where kind = 'admit'",
			"audited creates":  "select count(*) from %s.audit_log where act = 'member.create'",
			"people found by":  "select count(distinct member_id) from %s.member_search",
			"members with all": "select count(*) from %[1]s.member m join %[1]s.member_history h on h.member_id = m.id join %[1]s.audit_log a on a.object_id = m.id::text",
		} {
			if n := one(fmt.Sprintf(sql, schema)); n != count[code] {
				t.Errorf("%s: %d %s for %d members", code, n, what, count[code])
			}
		}
		union = append(union, fmt.Sprintf("select '%s' as code, id from %s.member", code, schema))
	}
	members := strings.Join(union, " union all ")
	total := one("select count(*) from (" + members + ") m")

	// Each member has one event, each event a member.
	for what, sql := range map[string]string{
		"events":                  "select count(*) from cell.event_log where kind = 'member.admitted'",
		"members with an event":   "select count(*) from (" + members + ") m join cell.event_log e on e.kind = 'member.admitted' and e.tenant = m.code and e.subject = m.id",
		"distinct subjects":       "select count(distinct (tenant, subject)) from cell.event_log where kind = 'member.admitted'",
		"idempotency keys in use": "select count(*) from cell.idempotency where tenant <> ''",
	} {
		if n := one(sql); n != total {
			t.Errorf("%d %s for %d members", n, what, total)
		}
	}

	// The figures, own and subtree, are what counting the tables up the primary line gives.
	rows, err := conn.Query(ctx, `
		with recursive members as (select code, count(*) as n from (`+members+`) m group by code),
		up as (
			select b.id as body, b.id as above, m.n from members m join platform.body b on b.code = m.code
			union all
			select u.body, p.parent_id, u.n from up u join platform.body a on a.id = u.above
				join platform.body_parent p on p.body_id = a.id and p.line = a.primary_line
		),
		truth as (select above as id, sum(n) as subtree, coalesce(sum(n) filter (where body = above), 0) as own from up group by above)
		select b.code, b.level, coalesce(t.own, 0)::bigint, coalesce(t.subtree, 0)::bigint, coalesce(f.own, 0), coalesce(f.subtree, 0), coalesce(d.subtree, 0)
		from platform.body b left join truth t on t.id = b.id
		left join platform.figure f on f.body_id = b.id and f.metric = 'member.active'
		left join lateral (select subtree from platform.figure_day d where d.body_id = b.id and d.metric = 'member.active' order by day desc limit 1) d on true
		where t.id is not null or f.subtree <> 0 or f.own <> 0 order by b.code`)
	if err != nil {
		t.Fatal(err)
	}
	var code, level string
	var own, subtree, figureOwn, figureSubtree, day int64
	levels := map[string]int{}
	_, err = pgx.ForEachRow(rows, []any{&code, &level, &own, &subtree, &figureOwn, &figureSubtree, &day}, func() error {
		levels[level]++
		if own != figureOwn || subtree != figureSubtree || subtree != day {
			t.Errorf("%s (%s): the tables have %d and %d below, the figures say %d and %d, the day's %d", code, level, own, subtree, figureOwn, figureSubtree, day)
		}
		if level == "national" && subtree != total {
			t.Errorf("the nation has %d, want %d", subtree, total)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if levels["county"] != len(codes) || levels["province"] != 3 || levels["national"] != 1 || levels["city"] == 0 {
		t.Errorf("figures by level: %v", levels)
	}
	t.Logf("%d members in %d tenants; figures right at %v", total, len(codes), levels)
}
