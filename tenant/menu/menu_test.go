package menu

import (
	"context"
	"strings"
	"testing"

	kerrors "github.com/go-kratos/kratos/v2/errors"

	"gonghui/app/module"
	"gonghui/tenant"
	menuv1 "gonghui/tenant/menu/v1"
	"gonghui/tenant/pgtest"
)

func init() {
	module.Register(module.Info{
		Name: "extra", Order: 90,
		Capabilities: []module.Capability{{Name: "extra.read", Roles: []string{"admin", "officer"}}, {Name: "extra.write", Roles: []string{"admin"}}},
		Menu: []module.MenuEntry{
			{Key: "books", Path: "/books", Title: module.Text{Zh: "书", En: "Books"}, Capability: "extra.read", Order: 50},
			{Key: "cash", Path: "/cash", Title: module.Text{Zh: "钱", En: "Cash"}, Capability: "extra.write", Order: 60},
		},
		Columns: []module.Column{
			{Key: "news", Place: Home, Title: module.Text{Zh: "新闻", En: "News"}, Capability: "extra.read", Order: 10},
			{Key: "tasks", Place: Home, Title: module.Text{Zh: "任务", En: "Tasks"}, Capability: "extra.write", Order: 20},
			{Key: "shelf", Place: Portal, Path: "/shelf", Title: module.Text{Zh: "书架", En: "Shelf"}, Capability: "session", Order: 30},
		},
	})
}

func TestMain(m *testing.M) { pgtest.Main(m) }

type stage struct {
	*Service
	env                    *pgtest.Env
	nation, city, stranger *pgtest.Body
}

func open(t *testing.T) *stage {
	t.Helper()
	env := pgtest.Open(t)
	s := &stage{Service: New(env.DB), env: env, nation: env.Body(t, nil), stranger: env.Body(t, nil)}
	s.city = env.Body(t, s.nation)
	return s
}

// keys are the keys of what somebody with the role sees.
func (s *stage) keys(t *testing.T, b *pgtest.Body, role, place string) string {
	t.Helper()
	items, err := s.reader.Seen(pgtest.As(tenant.With(context.Background(), b.Tenant), b.Tenant, role), place)
	if err != nil {
		t.Fatal(err)
	}
	var keys []string
	for _, i := range items {
		keys = append(keys, i.Key)
	}
	return strings.Join(keys, " ")
}

// set arranges a menu: edit changes the items as they are now.
func (s *stage) set(b *pgtest.Body, place, role string, edit func(map[string]*menuv1.MenuItem, *menuv1.SetMenuRequest)) (*menuv1.Menu, error) {
	now, err := s.GetMenu(b.Ctx, &menuv1.GetMenuRequest{Place: place, Role: role})
	if err != nil {
		return nil, err
	}
	req := &menuv1.SetMenuRequest{Place: place, Role: role, Version: now.Version, Items: now.Items}
	by := map[string]*menuv1.MenuItem{}
	for _, i := range now.Items {
		by[i.Key] = i
	}
	edit(by, req)
	return s.SetMenu(b.Ctx, req)
}

func refusal(err error) string {
	if err == nil {
		return ""
	}
	e := kerrors.FromError(err)
	return strings.TrimSpace(e.Reason + " " + e.Metadata["field"])
}

const all = "home books cash access menus settings"

func TestInheritance(t *testing.T) {
	s := open(t)
	must := func(m *menuv1.Menu, err error) *menuv1.Menu {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return m
	}
	see := func(b *pgtest.Body, role, want string) {
		t.Helper()
		if got := s.keys(t, b, role, Console); got != want {
			t.Errorf("%s in %s sees %q, want %q", role, b.Code, got, want)
		}
	}
	see(s.city, "admin", all)
	see(s.city, "officer", "home books settings")
	see(s.city, "member", "home settings")

	// What a body sets for itself reaches nobody else until it is handed down.
	m := must(s.set(s.nation, Console, "", func(by map[string]*menuv1.MenuItem, r *menuv1.SetMenuRequest) {
		by["books"].TitleZh, by["books"].Locked = "图书", true
		by["cash"].Hidden = true
		r.Items = append(r.Items, &menuv1.MenuItem{Key: "own.site", Kind: "link", TitleZh: "网站", Url: "https://example.org/"})
	}))
	if !m.Changed || m.Version != 1 || m.PublishedVersion != 0 || m.SavedBy == "" {
		t.Errorf("saved: %v", m)
	}
	see(s.nation, "admin", "home books access menus settings own.site")
	see(s.city, "admin", all)
	m = must(s.PublishMenu(s.nation.Ctx, &menuv1.PublishMenuRequest{Place: Console, Version: 1}))
	if m.PublishedVersion != 1 || m.PublishedBy == "" || m.PublishedAt == nil {
		t.Errorf("handed down: %v", m)
	}
	see(s.city, "admin", "home books access menus settings own.site")
	see(s.stranger, "admin", all)

	// Below: what is held fast stays, what is open can be changed.
	below := must(s.GetMenu(s.city.Ctx, &menuv1.GetMenuRequest{Place: Console}))
	for _, i := range below.Items {
		switch i.Key {
		case "books":
			if i.LockedByCode != s.nation.Code || i.TitleZh != "图书" || i.OriginName != s.nation.Name || i.Own {
				t.Errorf("books below: %v", i)
			}
		case "cash":
			if !i.Hidden || !i.InheritedHidden || i.LockedByCode != "" || i.CapabilityTitleEn != "" && i.Capability != "extra.write" {
				t.Errorf("cash below: %v", i)
			}
		}
	}
	_, err := s.set(s.city, Console, "", func(by map[string]*menuv1.MenuItem, _ *menuv1.SetMenuRequest) { by["books"].Hidden = true })
	if got := refusal(err); got != "MENU_LOCKED items[1].hidden" {
		t.Errorf("what is held fast: %s", got)
	}
	must(s.set(s.city, Console, "", func(by map[string]*menuv1.MenuItem, _ *menuv1.SetMenuRequest) { by["cash"].Hidden = false }))
	see(s.city, "admin", all+" own.site")

	// One role.
	must(s.set(s.city, Console, "officer", func(by map[string]*menuv1.MenuItem, _ *menuv1.SetMenuRequest) { by["own.site"].Hidden = true }))
	see(s.city, "officer", "home books settings")
	see(s.city, "admin", all+" own.site")

	// Changed above: those below see what was handed down, until it is handed down again or taken back.
	must(s.set(s.nation, Console, "", func(by map[string]*menuv1.MenuItem, _ *menuv1.SetMenuRequest) { by["own.site"].Hidden = true }))
	see(s.city, "admin", all+" own.site")
	must(s.PublishMenu(s.nation.Ctx, &menuv1.PublishMenuRequest{Place: Console, Version: 2}))
	see(s.city, "admin", all)
	m = must(s.WithdrawMenu(s.nation.Ctx, &menuv1.WithdrawMenuRequest{Place: Console}))
	if m.PublishedVersion != 0 || m.Version != 2 {
		t.Errorf("taken back: %v", m)
	}
	see(s.city, "admin", all)
	see(s.nation, "admin", "home books access menus settings")

	if n := s.env.Count(t, "select count(*) from platform.audit_log where object_kind = 'menu' and object_id = $1", s.nation.Code+"/console"); n != 5 {
		t.Errorf("%d audit rows, want 5", n)
	}
	if n := s.env.Count(t, "select count(*) from platform.audit_log where object_kind = 'menu' and object_id = $1", s.city.Code+"/console/officer"); n != 1 {
		t.Errorf("%d audit rows, want 1", n)
	}
}

func TestVersions(t *testing.T) {
	s := open(t)
	hide := func(by map[string]*menuv1.MenuItem, _ *menuv1.SetMenuRequest) { by["cash"].Hidden = !by["cash"].Hidden }
	for range 3 {
		if _, err := s.set(s.city, Console, "", hide); err != nil {
			t.Fatal(err)
		}
	}
	for name, row := range map[string]struct {
		act  func() error
		want string
	}{
		"set from an older one": {func() error {
			_, err := s.SetMenu(s.city.Ctx, &menuv1.SetMenuRequest{Place: Console, Version: 1})
			return err
		}, "MENU_STALE"},
		"reset from an older one": {func() error {
			_, err := s.ResetMenu(s.city.Ctx, &menuv1.ResetMenuRequest{Place: Console, Version: 1})
			return err
		}, "MENU_STALE"},
		"hand down an older one": {func() error {
			_, err := s.PublishMenu(s.city.Ctx, &menuv1.PublishMenuRequest{Place: Console, Version: 1})
			return err
		}, "MENU_STALE"},
		"hand down nothing": {func() error {
			_, err := s.PublishMenu(s.city.Ctx, &menuv1.PublishMenuRequest{Place: Portal})
			return err
		}, "MENU_EMPTY"},
		"restore what never was": {func() error {
			_, err := s.RestoreMenu(s.city.Ctx, &menuv1.RestoreMenuRequest{Place: Console, Version: 9, Seen: 3})
			return err
		}, "MENU_VERSION_NOT_FOUND version"},
		"versions of another list": {func() error {
			_, err := s.ListMenuVersions(s.city.Ctx, &menuv1.ListMenuVersionsRequest{Place: Console, PageToken: "!"})
			return err
		}, "INVALID_ARGUMENT pageToken"},
	} {
		if got := refusal(row.act()); got != row.want {
			t.Errorf("%s: %q, want %q", name, got, row.want)
		}
	}
	if m, err := s.ResetMenu(s.city.Ctx, &menuv1.ResetMenuRequest{Place: Console, Version: 3}); err != nil || m.Changed || m.Version != 4 {
		t.Errorf("reset: %v, %v", m, err)
	}
	if m, err := s.ResetMenu(s.city.Ctx, &menuv1.ResetMenuRequest{Place: Console, Version: 4}); err != nil || m.Version != 4 {
		t.Errorf("nothing to reset: %v, %v", m, err)
	}
	if m, err := s.RestoreMenu(s.city.Ctx, &menuv1.RestoreMenuRequest{Place: Console, Version: 1, Seen: 4}); err != nil || !m.Changed || m.Version != 5 {
		t.Errorf("restore: %v, %v", m, err)
	}
	if got := s.keys(t, s.city, "admin", Console); got != "home books access menus settings" {
		t.Errorf("restored: %s", got)
	}
	var numbers []int32
	for token := ""; ; {
		reply, err := s.ListMenuVersions(s.city.Ctx, &menuv1.ListMenuVersionsRequest{Place: Console, PageSize: 2, PageToken: token})
		if err != nil {
			t.Fatal(err)
		}
		for _, v := range reply.Versions {
			numbers = append(numbers, v.Version)
			if v.Current != (v.Version == 5) || v.Published || (v.Changes == 0) != (v.Version%2 == 0) {
				t.Errorf("version %v", v)
			}
		}
		if token = reply.NextPageToken; token == "" {
			break
		}
	}
	if len(numbers) != 5 || numbers[0] != 5 || numbers[4] != 1 {
		t.Errorf("versions %v", numbers)
	}
	reply, err := s.ListMenuVersions(s.stranger.Ctx, &menuv1.ListMenuVersionsRequest{Place: Console})
	if err != nil || len(reply.Versions) != 0 {
		t.Errorf("a stranger's versions: %v, %v", reply, err)
	}
}

func TestOldVersionsGo(t *testing.T) {
	s := open(t)
	if _, err := s.set(s.city, Home, "", func(by map[string]*menuv1.MenuItem, _ *menuv1.SetMenuRequest) { by["news"].TitleZh = "要闻" }); err != nil {
		t.Fatal(err)
	}
	if _, err := s.PublishMenu(s.city.Ctx, &menuv1.PublishMenuRequest{Place: Home, Version: 1}); err != nil {
		t.Fatal(err)
	}
	for range versionsKept + 3 {
		_, err := s.set(s.city, Home, "", func(by map[string]*menuv1.MenuItem, _ *menuv1.SetMenuRequest) {
			by["tasks"].Hidden = !by["tasks"].Hidden
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if n := s.env.Count(t, "select count(*) from platform.menu where body_id = $1", s.city.ID); n != versionsKept+1 {
		t.Errorf("%d versions, want the last %d and the one handed down", n, versionsKept)
	}
}

func TestColumns(t *testing.T) {
	s := open(t)
	_, err := s.set(s.city, Home, "", func(_ map[string]*menuv1.MenuItem, r *menuv1.SetMenuRequest) {
		r.Items = []*menuv1.MenuItem{
			{Key: "own.help", Kind: "group", TitleZh: "常用", TitleEn: "Useful"},
			{Key: "own.laws", Kind: "link", TitleZh: "法规", Url: "https://example.org/law", Group: "own.help"},
			{Key: "own.none", Kind: "group", TitleZh: "空"},
			r.Items[1], r.Items[0],
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	if got, want := s.keys(t, s.city, "admin", Home), "own.help own.laws tasks news"; got != want {
		t.Errorf("columns %s, want %s", got, want)
	}
	if got, want := s.keys(t, s.city, "officer", Home), "own.help own.laws news"; got != want {
		t.Errorf("columns %s, want %s", got, want)
	}
}

func TestModuleOff(t *testing.T) {
	s := open(t)
	off := *s.city.Tenant
	off.On = map[string]bool{}
	items, err := s.reader.Seen(pgtest.As(tenant.With(context.Background(), &off), &off, "admin"), Console)
	if err != nil || find(items, "books") >= 0 || find(items, "home") < 0 {
		t.Errorf("%v, %v", items, err)
	}
	// A column that everybody may see goes with its module; while that is on, it comes with its page.
	items, err = s.reader.Seen(pgtest.As(tenant.With(context.Background(), &off), &off, "member"), Portal)
	if err != nil || find(items, "shelf") >= 0 {
		t.Errorf("%v, %v", items, err)
	}
	items, err = s.reader.Seen(pgtest.As(tenant.With(context.Background(), s.city.Tenant), s.city.Tenant, "member"), Portal)
	if at := find(items, "shelf"); err != nil || at < 0 || items[at].Path != "/shelf" {
		t.Errorf("%v, %v", items, err)
	}
	if items, err = s.reader.Seen(context.Background(), Console); err != nil || items != nil {
		t.Errorf("nobody, nowhere: %v, %v", items, err)
	}
}

// BenchmarkSeen is what the menu adds to each answer of who is signed in.
func BenchmarkSeen(b *testing.B) {
	env := pgtest.Open(b)
	city := env.Body(b, env.Body(b, nil))
	s := New(env.DB)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := s.reader.Seen(city.Ctx, Console); err != nil {
			b.Fatal(err)
		}
	}
}
