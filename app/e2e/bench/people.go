package bench

import (
	"context"
	"fmt"
	"math/rand/v2"
	"sync"
	"time"

	"gonghui/app/kit/cnid"
	"gonghui/app/member"
	memberv1 "gonghui/app/member/v1"
)

var (
	surnames = []rune("王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎")
	given    = []rune("伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉萍红建国文斌宇浩然子轩梓涵欣怡思雨嘉豪俊博志晓峰德成家振荣耀祥泽铭佳琪")
)

// people are n more generated files with valid check digits. No two of a run have one ID number: nobody is a member twice.
func (w *world) people(n int) []*memberv1.MemberFields {
	from := int(w.born.Add(int64(n))) - n
	r := rand.New(rand.NewPCG(20261122, uint64(from)))
	rows := make([]*memberv1.MemberFields, n)
	for i := range rows {
		name := []rune{surnames[r.IntN(len(surnames))], given[r.IntN(len(given))]}
		if r.IntN(5) > 0 {
			name = append(name, given[r.IntN(len(given))])
		}
		born := time.Date(1965, 1, 1+(from+i)/900, 0, 0, 0, 0, time.UTC)
		head := fmt.Sprintf("110105%s%03d", born.Format("20060102"), 100+(from+i)%900)
		rows[i] = &memberv1.MemberFields{
			Name: string(name), IdKind: cnid.CitizenID, IdNumber: head + string(cnid.CheckDigit(head)), Phone: fmt.Sprintf("139%08d", r.IntN(100_000_000)),
			Nation: "01", Education: "61", PoliticalStatus: "13", Employer: "第一机械厂", Job: "钳工", Employment: "contract", JoinedOn: "2020-05-01",
		}
	}
	return rows
}

// fill enters people into each of the bodies that has none yet.
func (w *world) fill(ctx context.Context, bodies []body, each int) error {
	var mu sync.Mutex
	return inParallel(ctx, 4, len(bodies), func(ctx context.Context, i int) error {
		b := bodies[i]
		mu.Lock()
		there := len(w.members[b.code]) > 0
		mu.Unlock()
		if there {
			return nil
		}
		ids, err := member.Seed(b.context(ctx), operator{w}, w.people(each))
		if err != nil {
			return fmt.Errorf("body %s: %w", b.code, err)
		}
		texts := make([]string, len(ids))
		for n, id := range ids {
			texts[n] = id.String()
		}
		mu.Lock()
		w.members[b.code] = texts
		mu.Unlock()
		return nil
	})
}
