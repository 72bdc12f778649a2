package e2e_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"io"
	"math"
	mrand "math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/redis/go-redis/v9"

	"gonghui/app/e2e/stack"
	"gonghui/media/meeting/ballot"
	votev1 "gonghui/media/meeting/vote/v1"
	signalv1 "gonghui/media/signal/v1"
)

// ballotVoters are those of each ballot; each chooses another option.
const ballotVoters = 20

// cast is what really happened in one ballot, which nobody but the test knows.
type cast struct {
	vote     string
	persons  []string // ids in the meeting, in the order in which their rights were given and their ballots came
	choices  []int64  // of each
	receipts []string // of each
	secrets  [][]byte // tokens and signatures
}

// electorate is a meeting with its voters.
type electorate struct {
	t      *testing.T
	stack  *stack.Stack
	seats  []*seat
	origin string
}

func (s *seat) votes(in *votev1.Voting) *signalv1.FromServer {
	s.t.Helper()
	return s.say(&signalv1.FromClient{What: &signalv1.FromClient_Vote{Vote: in}})
}

// voted is the vote in an answer.
func (s *seat) voted(in *votev1.Voting) *votev1.Vote {
	s.t.Helper()
	a := s.votes(in)
	if len(a.GetVotes().GetVotes()) != 1 {
		s.t.Fatalf("%s: %v", in.GetDo(), a)
	}
	return a.GetVotes().GetVotes()[0]
}

// convenes lets two people of a body hold a meeting to which guests come by the link, until there are enough voters.
func convenes(t *testing.T, r *run) *electorate {
	t.Helper()
	host, second := r.signedIn(t, "admin", sibling), r.signedIn(t, "officer", sibling)
	m := hold(t, host, map[string]any{"openTo": "anyone"})
	e := &electorate{t: t, stack: r.Stack, origin: host.Host}
	e.seats = []*seat{sits(t, host, joins(t, host, m)), sits(t, second, joins(t, second, m))}
	_, key, _ := strings.Cut(m.Link, "#key=")
	for n := len(e.seats); n < ballotVoters; n++ {
		guest := r.Client(sibling)
		var k ticket
		guest.Must(t, "POST", "/v1/meetings:joinGuest", map[string]any{"number": m.Number, "key": key, "name": fmt.Sprintf("来宾%d", n)}, &k)
		e.seats = append(e.seats, sits(t, guest, k))
	}
	return e
}

// ballot holds one. The voters go one after the other, and each ballot is posted at once: no order could be kept more exactly.
func (e *electorate) ballot(order *mrand.Rand) cast {
	e.t.Helper()
	host, second := e.seats[0], e.seats[1]
	make := &votev1.MakeVote{
		Kind: "secret", Form: ballot.Elect, Question: "选举", Seats: 1, Most: 1, Majority: "most", People: []string{host.id, second.id}, Watchers: []string{host.id, second.id},
	}
	for n := range ballotVoters {
		make.Options = append(make.Options, fmt.Sprintf("候选人%d", n+1))
		if n > 1 {
			make.Guests = append(make.Guests, e.seats[n].id)
		}
	}
	v := host.voted(&votev1.Voting{Do: "make", Make: make})
	v = host.voted(&votev1.Voting{Do: "open", Vote: v.GetId()})
	done := cast{vote: v.GetId()}
	options := order.Perm(ballotVoters)
	for i, n := range order.Perm(ballotVoters) {
		s := e.seats[n]
		paper := s.right(v)
		e.posts(v.GetId(), paper.token, paper.signature, options[i]+1)
		done.persons = append(done.persons, s.id)
		done.choices = append(done.choices, 1<<options[i])
		done.receipts = append(done.receipts, ballot.Receipt(paper.token))
		done.secrets = append(done.secrets, paper.token, paper.signature)
	}
	if v = host.voted(&votev1.Voting{Do: "end", Vote: v.GetId()}); v.GetCast() != ballotVoters {
		e.t.Fatalf("%d ballots at hand", v.GetCast())
	}
	for range 2 { // the closing, then the opening of the result
		host.voted(&votev1.Voting{Do: "confirm", Vote: v.GetId()})
		v = second.voted(&votev1.Voting{Do: "confirm", Vote: v.GetId()})
	}
	if r := v.GetResult(); r.GetCast() != ballotVoters || slices.Max(r.GetVotes()) != 1 {
		e.t.Fatalf("the result: %v", v)
	}
	return done
}

// posts casts a ballot as a page does that says nothing of itself.
func (e *electorate) posts(vote string, token, signature []byte, option int) {
	e.t.Helper()
	if fault := e.tries(vote, token, signature, option); fault != "" {
		e.t.Fatalf("casting: %s", fault)
	}
}

// tries is posts for what may come to nothing; it says why.
func (e *electorate) tries(vote string, token, signature []byte, option int) (fault string) {
	e.t.Helper()
	body := fmt.Sprintf(`{"vote":%q,"token":%q,"signature":%q,"choice":[%d]}`, vote, base64.StdEncoding.EncodeToString(token), base64.StdEncoding.EncodeToString(signature), option)
	req, err := http.NewRequestWithContext(e.t.Context(), http.MethodPost, "http://"+e.stack.Addr+"/v1/meetings:cast", strings.NewReader(body))
	if err != nil {
		e.t.Fatal(err)
	}
	req.Host = e.origin
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("User-Agent", "a-browser-of-somebody")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return err.Error()
	}
	defer resp.Body.Close()
	if raw, _ := io.ReadAll(resp.Body); resp.StatusCode != http.StatusOK {
		return fmt.Sprintf("%d %s", resp.StatusCode, raw)
	}
	return ""
}

// written is one row of a ballot as it lies in the database.
type written struct {
	block, item, xmin int64
	id                string
	choice            int64
	wal               int // place of its record in the log
}

// orders are the ways in which a matcher lays the rows of a ballot beside the rights that were given, the first beside the first.
var orders = map[string]func(a, b written) int{
	"place in the table": func(a, b written) int { return int((a.block-b.block)*1000 + a.item - b.item) },
	"transaction":        func(a, b written) int { return int((a.xmin-b.xmin)*100_000 + (a.block-b.block)*1000 + a.item - b.item) },
	"id":                 func(a, b written) int { return strings.Compare(a.id, b.id) },
	"log":                func(a, b written) int { return a.wal - b.wal },
}

// matched is how many ballots a matcher gives to whom they belong, by an order and by its reverse.
func matched(rows []written, truth []int64, by func(a, b written) int) (hits [2]int) {
	sorted := slices.SortedStableFunc(slices.Values(rows), by)
	for i, row := range sorted {
		if row.choice == truth[i] {
			hits[0]++
		}
		if row.choice == truth[len(truth)-1-i] {
			hits[1]++
		}
	}
	return hits
}

// chance is how many ballots guessing matches at most: one a ballot is expected, with a deviation of one; five deviations are allowed.
func chance(ballots int) int { return ballots + int(math.Ceil(5*math.Sqrt(float64(ballots)))) }

// ledger is what of the database tells where rows lie and in which order they were written.
type ledger struct {
	t     *testing.T
	stack *stack.Stack
	conn  *pgx.Conn
	from  string // of the log
}

func (l *ledger) text(sql string, args ...any) (out string) {
	l.t.Helper()
	if err := l.conn.QueryRow(context.Background(), sql, args...).Scan(&out); err != nil {
		l.t.Fatal(err)
	}
	return out
}

var inserted = regexp.MustCompile(`desc: INSERT.* off (\d+).*rel \d+/\d+/(\d+) blk (\d+)`)

// log is the place in the write-ahead log of each row of a table, by block and item.
func (l *ledger) log(table string) map[[2]int64]int {
	l.t.Helper()
	node := l.text("select pg_relation_filenode($1::regclass)::text", table)
	to := l.text("select pg_current_wal_insert_lsn()::text")
	dump := exec.Command("/usr/lib/postgresql/15/bin/pg_waldump", "-p", filepath.Join(l.text("show data_directory"), "pg_wal"), "-s", l.from, "-e", to, "-r", "Heap")
	var trouble bytes.Buffer
	dump.Stderr = &trouble
	raw, err := dump.Output()
	if err != nil && !strings.Contains(trouble.String(), "end of WAL") && !strings.Contains(trouble.String(), "invalid") {
		l.t.Fatalf("pg_waldump: %v %s", err, trouble.String())
	}
	places := map[[2]int64]int{}
	for n, line := range strings.Split(string(raw), "\n") {
		if m := inserted.FindStringSubmatch(line); m != nil && m[2] == node {
			item, _ := strconv.ParseInt(m[1], 10, 64)
			block, _ := strconv.ParseInt(m[3], 10, 64)
			places[[2]int64{block, item}] = n
		}
	}
	return places
}

// rows are those of the ballots of a table, by vote.
func (l *ledger) rows(table string) map[string][]written {
	l.t.Helper()
	places := l.log(table)
	got, err := l.conn.Query(context.Background(), `select vote_id::text, id::text, choice, xmin::text::bigint,
		split_part(trim(both '()' from ctid::text), ',', 1)::bigint, split_part(trim(both '()' from ctid::text), ',', 2)::bigint from `+table)
	if err != nil {
		l.t.Fatal(err)
	}
	out := map[string][]written{}
	for got.Next() {
		var vote string
		var w written
		if err := got.Scan(&vote, &w.id, &w.choice, &w.xmin, &w.block, &w.item); err != nil {
			l.t.Fatal(err)
		}
		n, logged := places[[2]int64{w.block, w.item}]
		if !logged {
			l.t.Fatalf("%s: the row at %d,%d is not in the log", table, w.block, w.item)
		}
		w.wal = n
		out[vote] = append(out[vote], w)
	}
	if err := got.Err(); err != nil {
		l.t.Fatal(err)
	}
	return out
}

// control writes ballots as they come, in batches of a size, and lets the matcher try.
func (l *ledger) control(size, ballots int, order *mrand.Rand) (best int) {
	l.t.Helper()
	table := fmt.Sprintf("control_%d", size)
	exec := func(sql string, args ...any) {
		if _, err := l.conn.Exec(context.Background(), sql, args...); err != nil {
			l.t.Fatal(err)
		}
	}
	exec("create table " + table + " (vote_id text, id uuid, choice bigint)")
	truth := map[string][]int64{}
	for n := range ballots {
		vote := strconv.Itoa(n)
		for _, o := range order.Perm(ballotVoters) {
			truth[vote] = append(truth[vote], 1<<o)
		}
		for batch := range slices.Chunk(truth[vote], size) {
			shuffled := slices.Clone(batch)
			order.Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
			exec("insert into "+table+" select $1, gen_random_uuid(), unnest($2::bigint[])", vote, shuffled)
		}
	}
	hits := map[string][2]int{}
	for vote, rows := range l.rows(table) {
		for name, by := range orders {
			h := matched(rows, truth[vote], by)
			hits[name] = [2]int{hits[name][0] + h[0], hits[name][1] + h[1]}
		}
	}
	for _, h := range hits {
		best = max(best, h[0], h[1])
	}
	return best
}

// A secret ballot keeps its secret from whoever has the database with its log, Redis, the trail and the logs of the server. GONGHUI_BALLOTS
// says how many are held; 200 are the full proof.
func TestABallotKeepsItsSecret(t *testing.T) {
	r := product(t)
	ballots := 8
	if given, err := strconv.Atoi(os.Getenv("GONGHUI_BALLOTS")); err == nil {
		ballots = given
	}
	l := &ledger{t: t, stack: r.Stack, conn: r.SQL(t)}
	l.from = l.text("select pg_current_wal_insert_lsn()::text")
	var mu sync.Mutex
	var all []cast
	lanes := 2
	if ballots > 100 {
		lanes = 4
	}
	t.Run("ballots", func(t *testing.T) {
		for lane := range lanes {
			t.Run(strconv.Itoa(lane), func(t *testing.T) {
				t.Parallel()
				order := random(t, uint64(900+lane))
				e := convenes(t, r)
				for range (ballots + lanes - 1 - lane) / lanes {
					done := e.ballot(order)
					mu.Lock()
					all = append(all, done)
					mu.Unlock()
				}
			})
		}
	})
	if len(all) != ballots {
		t.Fatalf("%d ballots of %d", len(all), ballots)
	}
	schema := l.text("select current_setting('is_superuser') || ''") // the dump is that of an operator
	if schema != "on" {
		t.Fatal("the matcher does not see everything")
	}
	role := l.text("select n.nspname::text from pg_namespace n where n.nspname like $1", r.Prefix+"%"+sibling)

	// The order in which rights were given is known: it is in the list of voters and in the trail.
	rows := l.rows(role + ".meeting_ballot")
	hits := map[string][2]int{}
	for _, c := range all {
		given := l.text("select string_agg(person_id::text, ' ' order by at) from "+role+".meeting_voter where vote_id = $1", c.vote)
		if given != strings.Join(c.persons, " ") {
			t.Fatal("the matcher does not know in which order rights were given")
		}
		if len(rows[c.vote]) != ballotVoters {
			t.Fatalf("%d ballots are written", len(rows[c.vote]))
		}
		for name, by := range orders {
			h := matched(rows[c.vote], c.choices, by)
			hits[name] = [2]int{hits[name][0] + h[0], hits[name][1] + h[1]}
		}
		// Nor does a receipt lead to the choice beside which it lies.
		h := l.beside(role, c, rows[c.vote])
		hits["receipt"] = [2]int{hits["receipt"][0] + h[0], hits["receipt"][1] + h[1]}
	}
	most := chance(ballots)
	for name, h := range hits {
		t.Logf("by %-18s %4d and %4d of %d ballots matched; chance gives %d, at most %d", name, h[0], h[1], ballots*ballotVoters, ballots, most)
		if h[0] > most || h[1] > most {
			t.Errorf("by %s the matcher does better than chance", name)
		}
	}
	const tries = 60
	order := random(t, 990)
	one, five := l.control(1, tries, order), l.control(5, tries, order)
	t.Logf("controls, %d ballots: one at a time %d matched, in shuffled batches of five %d; chance gives %d, at most %d", tries*ballotVoters, one, five, tries, chance(tries))
	if one != tries*ballotVoters || five <= chance(tries) {
		t.Error("the matcher does not find what there is to find")
	}
	l.leaks(r, role, all)
}

// beside matches receipts with choices by where they lie.
func (l *ledger) beside(role string, c cast, rows []written) (hits [2]int) {
	l.t.Helper()
	lie := strings.Fields(l.text("select string_agg(receipt, ' ' order by ctid) from "+role+".meeting_receipt where vote_id = $1", c.vote))
	if len(lie) != ballotVoters {
		l.t.Fatalf("%d receipts are written", len(lie))
	}
	var truth []int64
	for _, receipt := range lie {
		truth = append(truth, c.choices[slices.Index(c.receipts, receipt)])
	}
	return matched(rows, truth, orders["place in the table"])
}

// leaks looks for what belongs to single ballots everywhere but in the table of receipts.
func (l *ledger) leaks(r *run, role string, all []cast) {
	l.t.Helper()
	dump := exec.Command("/usr/lib/postgresql/15/bin/pg_dump", "--data-only", "-n", role, "-n", "cell", "-T", role+".meeting_receipt", "-d", r.PGDSN)
	raw, err := dump.Output()
	if err != nil {
		l.t.Fatalf("pg_dump: %v", err)
	}
	places := map[string]string{"the database": string(raw), "Redis": l.redis(r)}
	logs, err := filepath.Glob(filepath.Join(r.Dir, "*.log"))
	if err != nil || len(logs) == 0 {
		l.t.Fatalf("no logs: %v", err)
	}
	for _, path := range append(logs, filepath.Join(r.Dir, "run", "pg", "log")) {
		text, err := os.ReadFile(path)
		if err == nil {
			places[path] = string(text)
		}
	}
	var metrics string
	if _, raw, err := r.Client(sibling).Do("GET", "/metrics", nil); err == nil {
		metrics = string(raw)
	}
	if !strings.Contains(metrics, "gonghui_http_seconds") {
		l.t.Fatal("no metrics")
	}
	places["metrics"] = metrics
	var kept needles
	words := 0
	add := func(word string) {
		kept.add(word)
		words++
	}
	for _, c := range all {
		for _, receipt := range c.receipts {
			add(receipt)
		}
		for _, s := range c.secrets {
			for _, word := range []string{base64.StdEncoding.EncodeToString(s), base64.RawURLEncoding.EncodeToString(s), hex.EncodeToString(s), string(s)} {
				add(word)
			}
		}
	}
	began, size := time.Now(), 0
	for name, text := range places {
		size += len(text)
		for _, word := range kept.in(text) {
			l.t.Errorf("%s: something of a ballot is kept: %q", name, word)
		}
		// What is looked for would be found: the scan is tried on each text with a word in it.
		if last := all[len(all)-1].receipts[0]; !slices.Contains(kept.in(text+last), last) {
			l.t.Errorf("%s: a receipt is not found", name)
		}
		for _, word := range []string{"meetings:cast", "a-browser-of-somebody"} {
			if strings.Contains(text, word) {
				l.t.Errorf("%s: %s", name, word)
			}
		}
	}
	l.t.Logf("%d words looked for in %d texts of %.1f MB in %s", words, len(places), float64(size)/1e6, time.Since(began).Round(time.Millisecond))
}

// redis is everything that lies there.
func (l *ledger) redis(r *run) string {
	l.t.Helper()
	opt, err := redis.ParseURL(r.Redis)
	if err != nil {
		l.t.Fatal(err)
	}
	c := redis.NewClient(opt)
	defer c.Close()
	ctx := context.Background()
	var all strings.Builder
	for scan := c.Scan(ctx, 0, "", 1000).Iterator(); scan.Next(ctx); {
		raw, _ := c.Dump(ctx, scan.Val()).Result() // it may have gone since
		all.WriteString(scan.Val() + " " + raw + "\n")
	}
	return all.String()
}
