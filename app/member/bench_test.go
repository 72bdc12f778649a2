package member

import (
	"context"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"

	memberv1 "gonghui/app/member/v1"
	"gonghui/tenant"
	"gonghui/tenant/access"
	"gonghui/tenant/pgtest"
)

// people are generated names: every 14th bears the surname 张, as about one in 14 of the country does.
func people(n int) []*memberv1.MemberFields {
	r := rand.New(rand.NewPCG(1, 2))
	surnames := []rune("王李张刘陈杨赵黄周吴徐孙胡朱")
	given := []rune("伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉萍红建国文斌宇浩然子轩梓涵欣怡思雨嘉豪俊博")
	rows := make([]*memberv1.MemberFields, n)
	for i := range rows {
		name := []rune{surnames[i%14], given[r.IntN(len(given))]}
		if r.IntN(5) > 0 {
			name = append(name, given[r.IntN(len(given))])
		}
		rows[i] = fields(string(name), citizen(i), mobile(r.IntN(100_000_000)))
	}
	return rows
}

// BenchmarkSearch pages through searches in a body of 200,000 members; its measure is the 95th percentile.
func BenchmarkSearch(b *testing.B) {
	env := pgtest.Open(b)
	h := host{env: env}
	s := New(h)
	body := env.Body(b, nil)
	rows := people(200_000)
	began := time.Now()
	for chunk := range slices.Chunk(rows, 20_000) {
		if _, err := Seed(body.Ctx, h, chunk); err != nil {
			b.Fatal(err)
		}
	}
	b.Logf("%d members entered in %v", len(rows), time.Since(began).Round(time.Millisecond))
	for _, q := range []struct{ name, query, state string }{
		{"surname", "张", ""},
		{"name", "张伟", ""},
		{"given", "伟", ""},
		{"initials", "zw", ""},
		{"letter", "z", ""},
		{"pinyin", "zhangwei", ""},
		{"tail", "1234", ""},
		{"number", "000000", ""},
		{"nobody", "张三丰", ""},
		{"list", "", ""},
		{"withdrawn", "张", "withdrawn"},
	} {
		b.Run(q.name, func(b *testing.B) {
			var took []time.Duration
			req := &memberv1.ListMembersRequest{Query: q.query, State: q.state}
			for b.Loop() {
				t := time.Now()
				r, err := s.ListMembers(body.Ctx, req)
				if err != nil {
					b.Fatal(err)
				}
				took = append(took, time.Since(t))
				req.PageToken = r.NextPageToken
			}
			b.ReportMetric(p95(took), "p95-ms")
		})
	}
	// Who may see one department reads past all others: the smaller it is, the further.
	for _, d := range []struct {
		name  string
		every int
	}{{"department of 2000", 100}, {"department of 20", 10_000}} {
		dept := tenant.NewID()
		err := s.db.Tx(body.Ctx, func(ctx context.Context, tx tenant.DBTX) error {
			_, err := tx.Exec(ctx, `update member set dept_id = $1 where id in (
				select id from (select id, row_number() over (order by id) as n from member) m where m.n % $2 = 0)`, dept, d.every)
			return err
		})
		if err != nil {
			b.Fatal(err)
		}
		one := func(context.Context) (access.Reach, error) { return access.Reach{Departments: []uuid.UUID{dept}}, nil }
		for name, query := range map[string]string{"list": "", "surname": "张"} {
			b.Run(d.name+" "+name, func(b *testing.B) {
				var took []time.Duration
				token := ""
				for b.Loop() {
					t := time.Now()
					r, err := s.list(body.Ctx, query, stateActive, 50, token, one)
					if err != nil {
						b.Fatal(err)
					}
					took = append(took, time.Since(t))
					token = r.NextPageToken
				}
				b.ReportMetric(p95(took), "p95-ms")
			})
		}
	}
}

// p95 is the 95th percentile in milliseconds.
func p95(took []time.Duration) float64 {
	slices.Sort(took)
	return float64(took[len(took)*95/100].Microseconds()) / 1000
}
