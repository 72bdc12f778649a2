package demo

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"gonghui/app/kit/day"
	"gonghui/app/module"
	"gonghui/media/meeting"
	meetingv1 "gonghui/media/meeting/v1"
	"gonghui/tenant"
	"gonghui/tenant/directory"
)

var meetingTitles = []string{
	"主席办公会", "基层组织建设推进会", "职工代表大会筹备会", "劳动和技能竞赛部署会", "困难职工帮扶工作例会", "女职工工作座谈会", "工会经费审查会", "安全生产监督检查部署会",
}

// hours of a working day at which meetings begin.
var hours = []int{9, 10, 14, 15, 16}

// at is an hour of a day some days from today, in Asia/Shanghai.
func at(days, hour int) time.Time {
	t := day.Today()
	return time.Date(t.Year(), t.Month(), t.Day()+days, hour, 0, 0, 0, day.Zone).UTC()
}

// held are meetings of the last weeks, with who came.
func (p *people) held() []meeting.Seeded {
	host, name := tenant.NewID(), p.name(p.rand.IntN(2) == 0)
	titles := slices.Clone(meetingTitles)
	p.rand.Shuffle(len(titles), func(i, j int) { titles[i], titles[j] = titles[j], titles[i] })
	past := make([]meeting.Seeded, 1+p.rand.IntN(3))
	for i := range past {
		came := make([]string, 4+p.rand.IntN(9))
		came[0] = name
		for n := 1; n < len(came); n++ {
			came[n] = p.name(p.rand.IntN(2) == 0)
		}
		past[i] = meeting.Seeded{
			Title: titles[i], Starts: at(-3-9*i-p.rand.IntN(6), hours[p.rand.IntN(len(hours))]), Minutes: 60 + 30*p.rand.IntN(2), OpenTo: "body", Host: host, HostName: name, Came: came,
		}
	}
	return past
}

// ahead are the meetings to which the tour leads: one of today and a weekly one of the county, and one of the city to which it invites the
// county. Nobody is reminded of them: banners over every page are no part of the tour.
func ahead(ctx context.Context, h module.Host) error {
	for _, code := range []string{County, City} {
		n := slices.IndexFunc(Accounts, func(a Account) bool { return a.Body == code && a.Role == "admin" })
		t, err := directory.LookupOf(h.DB()).ByCode(ctx, code)
		if err != nil {
			return err
		}
		host, err := identityOf(ctx, h, t.ID, Accounts[n].Name)
		if errors.Is(err, pgx.ErrNoRows) {
			continue
		}
		if err != nil {
			return err
		}
		seeded := func(title, openTo string, starts time.Time) meeting.Seeded {
			return meeting.Seeded{Title: title, Starts: starts, Minutes: 60, OpenTo: openTo, Host: host, HostName: Accounts[n].Name, Quiet: true}
		}
		var all []meeting.Seeded
		if code == County {
			weekly := seeded("机关周例会", "body", at(7-int(day.Today().Weekday()+6)%7, 9)) // on Mondays
			weekly.Repeat = &meetingv1.Repeat{Kind: "weekly", Every: 1, Count: 8}
			all = []meeting.Seeded{seeded("重点工作调度会", "body", at(0, 22)), weekly}
		} else {
			county, err := directory.LookupOf(h.DB()).ByCode(ctx, County)
			if err != nil {
				return err
			}
			invites := seeded("全市工会系统工作会议", "invited", at(2, 10))
			invites.Invited = []meeting.SeededBody{{ID: county.ID, Code: county.Code, Name: county.Name}}
			all = []meeting.Seeded{invites}
		}
		if err := meeting.Seed(tenant.With(ctx, t), h, all); err != nil {
			return fmt.Errorf("body %s: %w", code, err)
		}
	}
	return nil
}

// identityOf is the administrator of a body by name.
func identityOf(ctx context.Context, h module.Host, body uuid.UUID, name string) (id uuid.UUID, err error) {
	err = h.DB().Platform(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		return tx.QueryRow(ctx, `select i.id from platform.identity i join platform.person p on p.id = i.person_id
			where i.body_id = $1 and i.role = 'admin' and p.name = $2 order by i.id limit 1`, body, name).Scan(&id)
	})
	return id, err
}
