package demo

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"strings"
	"sync"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"golang.org/x/sync/errgroup"

	"gonghui/app/identity"
	"gonghui/app/member"
	memberv1 "gonghui/app/member/v1"
	"gonghui/app/module"
	"gonghui/app/org"
	orgv1 "gonghui/app/org/v1"
	"gonghui/media/meeting"
	"gonghui/tenant"
	"gonghui/tenant/directory"
	"gonghui/tenant/directory/division"
)

// ErrProduction is returned on a system that is no demo system.
var ErrProduction = errors.New("generated people are refused in production: a demo system has GONGHUI_MODE=demo")

// FirstBodies are the codes of the bodies that a first start makes ready: the nation, the national industrial unions, all
// provinces, and Guangdong with its industrial bodies, cities and counties.
func FirstBodies() []string {
	codes := []string{}
	all, err := division.Bodies()
	if err != nil {
		return codes
	}
	for _, b := range append(all, division.Industrial()...) {
		switch {
		case b.Level == division.LevelNational, b.Level == division.LevelNationalIndustrial,
			b.Level == division.LevelProvince && b.Kind != division.KindIndustrial, inProvince(b.Code, Province):
			codes = append(codes, b.Code)
		}
	}
	return codes
}

// inProvince reports whether the code is of the province, one of its cities or counties, or one of its industrial bodies.
func inProvince(code, province string) bool {
	return strings.HasPrefix(code, province[:2]) || len(code) == 5 && code[0] == 'i' && code[3:] == province[:2]
}

// fillers is how many bodies are filled at a time: each commit waits for the disk, which several overlap.
const fillers = 6

// Seed fills the active bodies of a province with generated people, some total of them, and makes the demo accounts. A
// body that has members already is left as it is, so a seed that was cut short goes on where it was.
func Seed(ctx context.Context, h module.Host, province string, total int, progress func(done, total int)) (int, error) {
	if !h.Demo() {
		return 0, ErrProduction
	}
	bodies, err := bodiesOf(ctx, h, province)
	if err != nil {
		return 0, err
	}
	weights := 0
	for _, b := range bodies {
		weights += b.weight
	}
	var mu sync.Mutex
	added, done := 0, 0
	work, ctxWork := errgroup.WithContext(ctx)
	work.SetLimit(fillers)
	for _, b := range bodies {
		work.Go(func() error {
			n, err := fill(ctxWork, h, b, max(1, total*b.weight/max(weights, 1)))
			if err != nil {
				return fmt.Errorf("body %s: %w", b.code, err)
			}
			mu.Lock()
			defer mu.Unlock()
			added, done = added+n, done+1
			progress(done, len(bodies))
			return nil
		})
	}
	if err := work.Wait(); err != nil {
		return added, err
	}
	if err := accounts(ctx, h); err != nil {
		return added, err
	}
	return added, ahead(ctx, h)
}

type target struct {
	code, short string
	weight      int // share of the members
}

func bodiesOf(ctx context.Context, h module.Host, province string) ([]target, error) {
	var all []target
	err := h.DB().Platform(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		rows, err := tx.Query(ctx, `select code, short_name, level from platform.body
			where status = 'active' and (code like $1 or code like $2) order by code`, province[:2]+"%", "i__"+province[:2])
		if err != nil {
			return err
		}
		var code, short, level string
		_, err = pgx.ForEachRow(rows, []any{&code, &short, &level}, func() error {
			weight := 10
			switch level {
			case division.LevelProvince:
				weight = 2
			case division.LevelCity:
				weight = 3
			}
			if code == County {
				weight = 14
			}
			all = append(all, target{code, short, weight})
			return nil
		})
		return err
	})
	return all, err
}

// fill gives one body its departments, posts, officers and members.
func fill(ctx context.Context, h module.Host, b target, members int) (int, error) {
	t, err := directory.LookupOf(h.DB()).ByCode(ctx, b.code)
	if err != nil {
		return 0, err
	}
	ctx = tenant.With(ctx, t)
	var have int64
	err = h.DB().Tx(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		return tx.QueryRow(ctx, "select count(*) from member").Scan(&have)
	})
	if err != nil || have > 0 {
		return 0, err
	}
	seed := fnv.New64a()
	seed.Write([]byte(b.code))
	p := newPeople(seed.Sum64())
	if err := furnish(ctx, h, p); err != nil {
		return 0, err
	}
	members = members*7/10 + p.rand.IntN(max(1, members*6/10))
	place := strings.TrimSuffix(b.short, "总工会")
	rows := make([]*memberv1.MemberFields, max(members, 1))
	for i := range rows {
		rows[i] = p.member(homeOf(b.code), place)
	}
	made, err := member.Seed(ctx, h, rows)
	if err != nil {
		return len(made), err
	}
	return len(made), meeting.Seed(ctx, h, p.held())
}

// homeOf is a division code of six digits for ID numbers of the body's people.
func homeOf(code string) string {
	if len(code) < 6 {
		return Province
	}
	return code[:6]
}

var (
	depts = []struct {
		name  string
		posts []string
	}{
		{"办公室", []string{"主任", "文秘"}},
		{"组织和基层工作部", []string{"部长", "干事"}},
		{"权益保障部", []string{"部长"}},
		{"女职工部", []string{"主任"}},
	}
	titles = []string{"主席", "常务副主席", "副主席", "经审委主任"}
)

// furnish makes a body's departments and posts, and officers who hold them.
func furnish(ctx context.Context, h module.Host, p *people) error {
	service := org.New(h)
	for _, d := range depts {
		dept, err := service.CreateDept(ctx, &orgv1.CreateDeptRequest{Name: d.name})
		if err != nil {
			return err
		}
		for _, name := range d.posts {
			post, err := service.CreatePost(ctx, &orgv1.CreatePostRequest{DeptId: dept.Id, Name: name, Headcount: 1, FullTime: true})
			if err != nil {
				return err
			}
			officer, err := service.CreateOfficer(ctx, &orgv1.CreateOfficerRequest{Name: p.name(p.rand.IntN(2) == 0), Phone: p.phone(), FullTime: true, Title: d.name + name})
			if err != nil {
				return err
			}
			_, err = service.CreateAppointment(ctx, &orgv1.CreateAppointmentRequest{OfficerId: officer.Id, PostId: post.Id, StartOn: "2024-03-08", ApprovalDocNo: "工发〔2024〕8号"})
			if err != nil {
				return err
			}
		}
	}
	for _, title := range titles {
		_, err := service.CreateOfficer(ctx, &orgv1.CreateOfficerRequest{Name: p.name(p.rand.IntN(3) > 0), Phone: p.phone(), FullTime: title != "副主席", Title: title})
		if err != nil {
			return err
		}
	}
	return nil
}

// accounts makes the published accounts, as far as their bodies are there.
func accounts(ctx context.Context, h module.Host) error {
	hash, err := identity.HashPassword(Password)
	if err != nil {
		return err
	}
	for _, a := range Accounts {
		t, err := directory.LookupOf(h.DB()).ByCode(ctx, a.Body)
		if err != nil {
			return err
		}
		var ref *uuid.UUID
		switch a.Role {
		case "member":
			ref, err = ownFile(tenant.With(ctx, t), h, a)
		case "admin", "officer":
			ref, err = ownOfficer(tenant.With(ctx, t), h, a)
		}
		if err != nil {
			return err
		}
		err = h.DB().Platform(ctx, func(ctx context.Context, tx tenant.DBTX) error {
			return identity.Enrol(ctx, tx, h.Keys(), identity.Enrolment{
				Name: a.Name, Phone: a.Phone, PasswordHash: hash, Body: t.ID, Role: a.Role, Ref: ref, Demo: true,
			})
		})
		if err != nil {
			return fmt.Errorf("account %s: %w", a.Phone, err)
		}
	}
	return nil
}

// ownFile returns the member row of the account that is a member, made when it is not there.
func ownFile(ctx context.Context, h module.Host, a Account) (*uuid.UUID, error) {
	var id uuid.UUID
	err := h.DB().Tx(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		return tx.QueryRow(ctx, "select id from member where name = $1 and demo order by id limit 1", a.Name).Scan(&id)
	})
	if err == nil || !errors.Is(err, pgx.ErrNoRows) {
		return &id, err
	}
	p := newPeople(1)
	fields := p.member(homeOf(a.Body), "荔湾区")
	fields.Name, fields.Phone = a.Name, a.Phone
	fields.Sex, fields.Birth = "", ""
	made, err := member.Seed(ctx, h, []*memberv1.MemberFields{fields})
	if err != nil {
		return nil, err
	}
	return &made[0], nil
}

// ownOfficer returns the officer's row of an account, made when it is not there: what is granted to the posts of the row is the
// account's.
func ownOfficer(ctx context.Context, h module.Host, a Account) (*uuid.UUID, error) {
	var id uuid.UUID
	err := h.DB().Tx(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		return tx.QueryRow(ctx, "select id from officer where name = $1 and demo order by id limit 1", a.Name).Scan(&id)
	})
	if err == nil || !errors.Is(err, pgx.ErrNoRows) {
		return &id, err
	}
	made, err := org.New(h).CreateOfficer(ctx, &orgv1.CreateOfficerRequest{Name: a.Name, Phone: a.Phone, FullTime: true, Title: a.Label.Zh})
	if err != nil {
		return nil, err
	}
	if id, err = uuid.Parse(made.Id); err != nil {
		return nil, err
	}
	return &id, nil
}
