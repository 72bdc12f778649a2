package branding

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"gonghui/branding/hosts"
	"gonghui/branding/hosts/nameserver"
	brandingv1 "gonghui/branding/v1"
	"gonghui/tenant"
	"gonghui/tenant/pgtest"
)

func (s *stage) find(t *testing.T, name string) string {
	t.Helper()
	f, ok, err := hosts.NamesOf(s.env.DB).Find(context.Background(), name)
	if err != nil {
		t.Fatal(err)
	}
	if !ok {
		return "nobody"
	}
	if f.Moved != "" {
		return "moved " + f.Moved
	}
	return f.Code
}

func (s *stage) exec(t *testing.T, sql string, args ...any) {
	t.Helper()
	s.env.Count(t, "with done as ("+sql+" returning 1) select count(*) from done", args...)
}

func TestSlugs(t *testing.T) {
	t.Parallel()
	s := open(t)
	u := strings.ToLower(s.county.Code) // names are the whole test database's
	set := func(b *pgtest.Body, name string) string {
		t.Helper()
		_, err := s.SetSlug(b.Ctx, &brandingv1.SetSlugRequest{Name: name})
		return refusal(t, err)
	}
	if got := set(s.county, " Liwan-"+u+" "); got != "none" {
		t.Fatal(got)
	}
	if got := s.find(t, "liwan-"+u); got != s.county.Code {
		t.Errorf("the slug leads to %s", got)
	}
	for name, tt := range map[string]struct {
		b    *pgtest.Body
		slug string
		want string
	}{
		"the same":        {s.city, "liwan-" + u, "SLUG_TAKEN name"},
		"looks the same":  {s.city, "l1wan" + u, "SLUG_TAKEN name"},
		"a code":          {s.city, s.stranger.Code, "SLUG_TAKEN name"},
		"reserved":        {s.city, "admin", "INVALID_ARGUMENT name"},
		"no slug":         {s.city, "li wan", "INVALID_ARGUMENT name"},
		"its own, as was": {s.county, "liwan-" + u, "none"},
	} {
		if got := set(tt.b, tt.slug); got != tt.want {
			t.Errorf("%s: %s", name, got)
		}
	}
	// The name of another body, spelled.
	s.exec(t, "update platform.body set pinyin = $2 where id = $1", s.stranger.ID, "huangpu"+u+"quzonggonghui")
	if got := set(s.city, "huangpu-"+u); got != "SLUG_TAKEN name" {
		t.Errorf("another's name: %s", got)
	}
	if got := set(s.stranger, "huangpu-"+u); got != "none" {
		t.Errorf("its own name: %s", got)
	}
	// A new one: the old one leads on, and nobody else can have it for ninety days.
	if got := set(s.county, "xiguan-"+u); got != "none" {
		t.Fatal(got)
	}
	if got := s.find(t, "liwan-"+u); got != "moved xiguan-"+u {
		t.Errorf("the old slug: %s", got)
	}
	if got := set(s.city, "liwan-"+u); got != "SLUG_TAKEN name" {
		t.Errorf("one that still leads on: %s", got)
	}
	now, err := s.GetHosts(s.county.Ctx, nil)
	if err != nil || now.CodeHost != s.county.Code+".example.org" || now.Slug.GetHost() != "xiguan-"+u+".example.org" || len(now.Retired) != 1 ||
		time.Until(now.Retired[0].EndsAt.AsTime()) < 89*24*time.Hour {
		t.Errorf("%v %v", now, err)
	}
	s.exec(t, "update platform.host_name set ends_at = now() where name = $1", "liwan-"+u)
	hosts.NamesOf(s.env.DB).Forget("liwan-" + u)
	if got := s.find(t, "liwan-"+u); got != "nobody" {
		t.Errorf("after ninety days: %s", got)
	}
	if got := set(s.city, "liwan-"+u); got != "none" {
		t.Errorf("after ninety days it is free: %s", got)
	}
	if got := set(s.city, ""); got != "none" || s.find(t, "liwan-"+u) != "moved "+s.city.Code {
		t.Errorf("taken away: %s", got)
	}
	// Names that were tried on do not stay away from others.
	for n := range mostRetired + 2 {
		if got := set(s.city, fmt.Sprintf("try-%c-%s", 'a'+n, u)); got != "none" {
			t.Fatal(got)
		}
	}
	if now, err := s.GetHosts(s.city.Ctx, nil); err != nil || len(now.Retired) != mostRetired {
		t.Errorf("%v %v", now, err)
	}
	if got := set(s.stranger, "try-a-"+u); got != "none" {
		t.Errorf("what another body has tried on: %s", got)
	}
	// No body gets a code that is a slug.
	s.exec(t, "update platform.host_name set name = $2 where name = $1", "xiguan-"+u, "xiguan"+u)
	admin, err := pgx.Connect(context.Background(), s.env.Admin)
	if err != nil {
		t.Fatal(err)
	}
	defer admin.Close(context.Background())
	_, err = admin.Exec(context.Background(), `insert into platform.body (id, code, name, level, kind, primary_line) values (gen_random_uuid(), $1, '冒名', 'grassroots', 'grassroots_union', 'territorial')`, "xiguan"+u)
	if !tenant.Violated(err, "body_code_key") {
		t.Errorf("a code that is a slug: %v", err)
	}
	if n := s.env.Count(t, "select count(*) from platform.audit_log where act = 'host.slug' and object_id = $1", s.county.Code); n != 3 {
		t.Errorf("%d rows in the trail", n)
	}
}

func TestDomains(t *testing.T) {
	t.Parallel()
	s := open(t)
	ns := nameserver.Start(t)
	s.prover = hosts.Prover{Resolver: hosts.At(ns.Address)}
	name := "app." + s.county.Code + ".org.cn"
	add := func(b *pgtest.Body, name string) *brandingv1.Domain {
		t.Helper()
		now, err := s.AddDomain(b.Ctx, &brandingv1.AddDomainRequest{Name: name})
		if err != nil {
			t.Fatal(err)
		}
		return now.Domains[len(now.Domains)-1]
	}
	verify := func(b *pgtest.Body) string {
		t.Helper()
		s.exec(t, "update platform.host_name set checked_at = checked_at - interval '1 minute' where name = $1", name)
		now, err := s.VerifyDomain(b.Ctx, &brandingv1.VerifyDomainRequest{Name: name})
		if err != nil {
			return refusal(t, err)
		}
		return now.Domains[0].State + now.Domains[0].Problem
	}
	own := add(s.county, "App."+s.county.Code+".org.cn")
	if own.State != "pending" || own.RecordName != "_gonghui."+name || !strings.HasPrefix(own.RecordValue, "gonghui-verify=") || own.FileUrl != "http://"+name+"/.well-known/gonghui.txt" {
		t.Errorf("%v", own)
	}
	if got := s.find(t, name); got != "nobody" {
		t.Errorf("before it is proved it leads to %s", got)
	}
	if got := verify(s.county); got != "DOMAIN_UNPROVED name" {
		t.Errorf("without a record: %s", got)
	}
	ns.Text("_gonghui."+name, own.RecordValue)
	if got := verify(s.county); got != "live" {
		t.Errorf("with the record: %s", got)
	}
	if got := s.find(t, name); got != s.county.Code {
		t.Errorf("it leads to %s", got)
	}
	// On the domain itself the file lies as long as it leads here.
	rec := httptest.NewRecorder()
	req := httptest.NewRequest(http.MethodGet, "http://"+name+hosts.Path, nil)
	if err := s.proofFile(rec, req); err != nil {
		t.Fatal(err)
	}
	if strings.TrimSpace(rec.Body.String()) != own.RecordValue {
		t.Errorf("the file: %d %s", rec.Code, rec.Body)
	}
	err := s.proofFile(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "http://"+s.county.Code+".example.org"+hosts.Path, nil))
	if refusal(t, err) != "NOT_FOUND" {
		t.Errorf("the file elsewhere: %v", err)
	}
	// Another body wants it: while the first can prove it, no; when the record is the other's, yes.
	other := add(s.stranger, name)
	if other.RecordValue == own.RecordValue {
		t.Error("two bodies have one token")
	}
	if got := verify(s.stranger); got != "DOMAIN_UNPROVED name" {
		t.Errorf("with the record of the first: %s", got)
	}
	ns.Text("_gonghui."+name, own.RecordValue, other.RecordValue)
	if got := verify(s.stranger); got != "DOMAIN_TAKEN name" {
		t.Errorf("both can prove it: %s", got)
	}
	ns.Text("_gonghui."+name, other.RecordValue)
	if got := verify(s.stranger); got != "live" || s.find(t, name) != s.stranger.Code {
		t.Errorf("the owner has changed: %s %s", got, s.find(t, name))
	}
	now, err := s.GetHosts(s.county.Ctx, nil)
	if err != nil || now.Domains[0].State != "ended" {
		t.Errorf("%v %v", now, err)
	}
	// Every day it is looked at again: not found it lapses, found it is well, not found for seven days it ends.
	again := func(want string) {
		t.Helper()
		s.exec(t, "update platform.host_name set checked_at = now() - interval '2 days' where name = $1", name)
		if n, err := s.reprove(context.Background(), time.Now().Add(-proofEvery)); err != nil || n < 1 {
			t.Fatal(n, err)
		}
		now, err := s.GetHosts(s.stranger.Ctx, nil)
		if err != nil || now.Domains[0].State != want {
			t.Errorf("%v %v, want %s", now, err, want)
		}
	}
	again("live")
	ns.Text("_gonghui." + name)
	again("lapsing")
	if got := s.find(t, name); got != s.stranger.Code {
		t.Errorf("lapsing it leads to %s", got)
	}
	if now, err := s.GetHosts(s.stranger.Ctx, nil); err != nil || now.Domains[0].Problem != "none" || time.Until(now.Domains[0].EndsAt.AsTime()) < 6*24*time.Hour {
		t.Errorf("%v %v", now, err)
	}
	ns.Text("_gonghui."+name, other.RecordValue)
	again("live")
	ns.Text("_gonghui." + name)
	again("lapsing")
	s.exec(t, "update platform.host_name set failing_since = now() - interval '8 days', checked_at = now() - interval '1 hour' where name = $1", name)
	// Who asks every day puts the daily look off, not the end.
	if got := verify(s.stranger); got != "DOMAIN_UNPROVED name" || s.find(t, name) != "nobody" {
		t.Errorf("asked after eight days: %s, it leads to %s", got, s.find(t, name))
	}
	s.exec(t, "update platform.host_name set state = 'lapsing' where name = $1 and body_id = $2", name, s.stranger.ID)
	again("ended")
	if got := s.find(t, name); got != "nobody" {
		t.Errorf("ended it leads to %s", got)
	}
	hq := tenant.WithSubject(context.Background(), &tenant.Subject{Body: s.nation.ID, BodyCode: s.nation.Code, Role: "supervisor"})
	listed, err := s.ListDomains(hq, &brandingv1.ListDomainsRequest{PageSize: 1})
	if err != nil || len(listed.Domains) != 1 || listed.Domains[0].BodyCode != s.county.Code || listed.Domains[0].State != "ended" || listed.NextPageToken != "" {
		t.Errorf("the supervisor of the nation sees %v %v", listed, err)
	}
	if _, err := s.RemoveDomain(s.county.Ctx, &brandingv1.RemoveDomainRequest{Name: name}); err != nil {
		t.Fatal(err)
	}
	if _, err := s.RemoveDomain(s.county.Ctx, &brandingv1.RemoveDomainRequest{Name: name}); refusal(t, err) != "DOMAIN_NOT_FOUND name" {
		t.Errorf("removed twice: %v", err)
	}
	for n := range mostDomains {
		add(s.city, "d"+string(rune('a'+n))+"."+s.city.Code+".org.cn")
	}
	for domain, want := range map[string]string{
		"da." + s.city.Code + ".org.cn": "DOMAIN_TWICE name", "df." + s.city.Code + ".org.cn": "DOMAINS_FULL name", "localhost": "INVALID_ARGUMENT name", "x.example.org": "INVALID_ARGUMENT name",
	} {
		if _, err := s.AddDomain(s.city.Ctx, &brandingv1.AddDomainRequest{Name: domain}); refusal(t, err) != want {
			t.Errorf("%s: %v", domain, err)
		}
	}
	for act, want := range map[string]int64{"host.add": 1, "host.lapse": 3, "host.verify": 4} {
		if n := s.env.Count(t, "select count(*) from platform.audit_log where act = $1 and object_id = $2", act, s.stranger.Code); n != want {
			t.Errorf("%s: %d rows", act, n)
		}
	}
}
