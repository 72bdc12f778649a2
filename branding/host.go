package branding

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	"gonghui/app/kit/fault"
	"gonghui/app/kit/page"
	"gonghui/branding/hosts"
	"gonghui/branding/internal/db"
	brandingv1 "gonghui/branding/v1"
	"gonghui/tenant"
	"gonghui/tenant/directory/scope"
)

const (
	// mostDomains a body can have.
	mostDomains = 5
	// mostRetired is how many names that a body gave up lead on: with more it could keep names from others by trying them on.
	mostRetired = 3
	// lapse is how long a domain stays in use after its proof was last found.
	lapse = 7 * 24 * time.Hour
	// proofEvery is how old a proof may be before it is looked for again.
	proofEvery = 24 * time.Hour
	// hurry bounds how often one domain is looked at because somebody asks.
	hurry = 5 * time.Second
)

// hostNoun is what the acts on names are done on.
var hostNoun = tenant.Noun{Kind: "host", State: `select coalesce(jsonb_object_agg(h.name, jsonb_build_object('kind', h.kind, 'state', h.state, 'way', h.way)), '{}')
	from platform.host_name h where h.body_id = $1`}

// GetHosts returns the names of the host's body.
func (s *Service) GetHosts(ctx context.Context, _ *brandingv1.GetHostsRequest) (*brandingv1.Hosts, error) {
	return s.changeHosts(ctx, "", nil)
}

// changeHosts lets act change the names of the host's body, records it, and returns how they are then. Without act it only reads.
func (s *Service) changeHosts(ctx context.Context, what string, act func(context.Context, tenant.DBTX, *tenant.Tenant) error) (*brandingv1.Hosts, error) {
	t := tenant.From(ctx)
	if t == nil {
		return nil, tenant.ErrNoTenant
	}
	var rows []db.HostsRow
	err := s.db.Platform(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		if act != nil {
			if err := s.sql.Alone(ctx, tx, t.ID.String()); err != nil {
				return err
			}
			seen, err := hostNoun.See(ctx, tx, t.ID)
			if err != nil {
				return err
			}
			if err := act(ctx, tx, t); err != nil {
				return err
			}
			if err := seen.Changed(ctx, tx, tenant.Act{Act: what, Object: t.Code}); err != nil {
				return err
			}
		}
		var err error
		rows, err = s.sql.Hosts(ctx, tx, t.ID)
		return err
	})
	if err != nil {
		return nil, err
	}
	if act != nil {
		for _, r := range rows {
			s.names.Forget(r.Name)
		}
	}
	return s.hosts(t, rows), nil
}

// hosts is how the names of a body are sent.
func (s *Service) hosts(t *tenant.Tenant, rows []db.HostsRow) *brandingv1.Hosts {
	out := &brandingv1.Hosts{CodeHost: t.Code + "." + s.base, Base: s.base}
	for _, r := range rows {
		slug := &brandingv1.Slug{Name: r.Name, Host: r.Name + "." + s.base}
		switch {
		case r.Kind == "slug" && r.State == "live":
			out.Slug = slug
		case r.Kind == "slug":
			slug.EndsAt = stamp(r.EndsAt)
			out.Retired = append(out.Retired, slug)
		default:
			d := &brandingv1.Domain{
				Name: r.Name, State: r.State, RecordName: hosts.RecordHead + r.Name, RecordValue: hosts.Head + r.Token, FileUrl: "http://" + r.Name + hosts.Path,
				Way: r.Way, Problem: r.Problem, VerifiedAt: stamp(r.VerifiedAt), CheckedAt: stamp(r.CheckedAt), SetBy: r.SetBy,
			}
			if r.State == "lapsing" {
				d.EndsAt = timestamppb.New(r.FailingSince.Add(lapse))
			}
			out.Domains = append(out.Domains, d)
		}
	}
	return out
}

func stamp(t *time.Time) *timestamppb.Timestamp {
	if t == nil {
		return nil
	}
	return timestamppb.New(*t)
}

// SetSlug gives the body a name before the platform's domain.
func (s *Service) SetSlug(ctx context.Context, req *brandingv1.SetSlugRequest) (*brandingv1.Hosts, error) {
	name := strings.ToLower(strings.TrimSpace(req.Name))
	if name != "" {
		if err := hosts.Slug("name", name); err != nil {
			return nil, err
		}
	}
	reply, err := s.changeHosts(ctx, "host.slug", func(ctx context.Context, tx tenant.DBTX, t *tenant.Tenant) error {
		if name == "" {
			if err := s.sql.RetireSlug(ctx, tx, t.ID); err != nil {
				return err
			}
			return s.sql.EndRetired(ctx, tx, db.EndRetiredParams{BodyID: t.ID, Kept: mostRetired})
		}
		if err := s.sql.DropRetired(ctx, tx, name); err != nil {
			return err
		}
		look := hosts.Look(name)
		alike, err := s.sql.Alike(ctx, tx, db.AlikeParams{Look: look, Body: t.ID, Name: name, Spelled: hosts.Spelled(name)})
		switch {
		case err != nil:
			return err
		case alike.Code:
			return slugTaken("这与某个工会的编码相同或相像，请换一个", "this is the code of a body, or looks like it; choose another")
		case alike.Slug:
			return slugTaken("已有工会使用相同或看上去相同的网址前缀，请换一个", "a body has this name, or one that looks the same; choose another")
		case alike.Spelled:
			return slugTaken("这是另一个工会名称的拼音，请换一个", "this is how the name of another body is spelled; choose another")
		}
		if err := s.sql.RetireSlug(ctx, tx, t.ID); err != nil {
			return err
		}
		if err := s.sql.PutSlug(ctx, tx, db.PutSlugParams{BodyID: t.ID, Name: name, Look: look, SetBy: who(ctx)}); err != nil {
			return err
		}
		return s.sql.EndRetired(ctx, tx, db.EndRetiredParams{BodyID: t.ID, Kept: mostRetired})
	})
	for _, constraint := range []string{"host_name_used", "host_name_look"} { // somebody was a moment earlier, or it still leads to another body
		if tenant.Violated(err, constraint) {
			return nil, slugTaken("已有工会使用相同或看上去相同的网址前缀，请换一个", "a body has this name, or one that looks the same; choose another")
		}
	}
	s.names.Forget(name)
	return reply, err
}

func slugTaken(zh, en string) error {
	return fault.Of(http.StatusConflict, brandingv1.Reason_SLUG_TAKEN, "name", zh, en)
}

func who(ctx context.Context) string {
	if n := name(ctx); n != "" {
		return n
	}
	return "system"
}

// AddDomain takes up a domain, with a token of its own.
func (s *Service) AddDomain(ctx context.Context, req *brandingv1.AddDomainRequest) (*brandingv1.Hosts, error) {
	domain, err := hosts.Domain("name", req.Name, s.base)
	if err != nil {
		return nil, err
	}
	token := make([]byte, 16)
	if _, err := rand.Read(token); err != nil {
		return nil, err
	}
	return s.changeHosts(ctx, "host.add", func(ctx context.Context, tx tenant.DBTX, t *tenant.Tenant) error {
		return tenant.OncePlatform(ctx, tx, req, &brandingv1.Hosts{}, func() error {
			n, err := s.sql.DomainsOf(ctx, tx, t.ID)
			if err != nil {
				return err
			}
			if _, err := s.sql.Host(ctx, tx, db.HostParams{BodyID: t.ID, Name: domain}); err == nil {
				return fault.Of(http.StatusConflict, brandingv1.Reason_DOMAIN_TWICE, "name", "已经添加过这个域名", "the body has this domain already")
			} else if !none(err) {
				return err
			}
			if n >= mostDomains {
				return fault.Of(http.StatusConflict, brandingv1.Reason_DOMAINS_FULL, "name",
					fmt.Sprintf("最多添加 %d 个域名，请先移除不用的", mostDomains), fmt.Sprintf("a body has at most %d domains; remove one first", mostDomains))
			}
			return s.sql.AddDomain(ctx, tx, db.AddDomainParams{BodyID: t.ID, Name: domain, Token: hex.EncodeToString(token), SetBy: who(ctx)})
		})
	})
}

func domainNotFound() error {
	return fault.Of(http.StatusNotFound, brandingv1.Reason_DOMAIN_NOT_FOUND, "name", "没有添加过这个域名", "the body has no such domain")
}

// domain is a domain of the host's body.
func (s *Service) domain(ctx context.Context, name string) (*tenant.Tenant, db.HostRow, error) {
	t := tenant.From(ctx)
	if t == nil {
		return nil, db.HostRow{}, tenant.ErrNoTenant
	}
	var row db.HostRow
	err := s.db.Platform(ctx, func(ctx context.Context, tx tenant.DBTX) (err error) {
		row, err = s.sql.Host(ctx, tx, db.HostParams{BodyID: t.ID, Name: strings.ToLower(name)})
		return err
	})
	if none(err) || err == nil && row.Kind != "domain" {
		err = domainNotFound()
	}
	return t, row, err
}

// VerifyDomain looks for the proof of a domain. Where another body has proved it before, that proof is looked for as well: who can no
// longer show it gives way.
func (s *Service) VerifyDomain(ctx context.Context, req *brandingv1.VerifyDomainRequest) (*brandingv1.Hosts, error) {
	t, row, err := s.domain(ctx, req.Name)
	if err != nil {
		return nil, err
	}
	if row.CheckedAt != nil && time.Since(*row.CheckedAt) < hurry {
		return s.GetHosts(ctx, nil)
	}
	way, problem := s.prover.Prove(ctx, row.Name, row.Token)
	if problem != "" {
		state := row.State
		switch {
		case state == "live":
			state = "lapsing"
		case state == "lapsing" && row.FailingSince != nil && time.Since(*row.FailingSince) > lapse: // asking puts the daily look off, not the end
			state = "ended"
		}
		reply, err := s.changeHosts(ctx, "host.verify", func(ctx context.Context, tx tenant.DBTX, t *tenant.Tenant) error {
			return s.sql.Failed(ctx, tx, db.FailedParams{Body: t.ID, Name: row.Name, State: state, Problem: problem})
		})
		if err != nil || state == "lapsing" {
			return reply, err
		}
		return nil, unproved(problem)
	}
	if err := s.giveWay(ctx, t, row.Name); err != nil {
		return nil, err
	}
	reply, err := s.changeHosts(ctx, "host.verify", func(ctx context.Context, tx tenant.DBTX, t *tenant.Tenant) error {
		return s.sql.Proved(ctx, tx, db.ProvedParams{BodyID: t.ID, Name: row.Name, Way: way})
	})
	if tenant.Violated(err, "host_name_used") {
		return nil, domainTaken()
	}
	return reply, err
}

func domainTaken() error {
	return fault.Of(http.StatusConflict, brandingv1.Reason_DOMAIN_TAKEN, "name",
		"另一个工会正在使用这个域名，并且仍能证明归其所有", "another body uses this domain and can still prove that it is its own")
}

func unproved(problem string) error {
	words := map[string][2]string{
		hosts.NoRecord:    {"还没有查到验证记录。解析生效可能要几分钟到几小时，请稍后再试", "the record is not there yet; it may take from minutes to hours to be seen"},
		hosts.OtherToken:  {"查到了验证记录，但内容不对，请照页面上的内容填写", "there is a record, but it says something else; copy what stands on the page"},
		hosts.Unreachable: {"域名服务器没有回答，请稍后再试", "the name server did not answer; try again later"},
	}[problem]
	return fault.Of(http.StatusConflict, brandingv1.Reason_DOMAIN_UNPROVED, "name", words[0], words[1])
}

// giveWay ends the use of a domain by another body that cannot prove it any more.
func (s *Service) giveWay(ctx context.Context, t *tenant.Tenant, domain string) error {
	var holder db.HolderRow
	err := s.db.Platform(ctx, func(ctx context.Context, tx tenant.DBTX) (err error) {
		holder, err = s.sql.Holder(ctx, tx, domain)
		return err
	})
	switch {
	case none(err) || err == nil && holder.BodyID == t.ID:
		return nil
	case err != nil:
		return err
	}
	if _, problem := s.prover.Prove(ctx, domain, holder.Token); problem == "" {
		return domainTaken()
	}
	there := &tenant.Tenant{ID: holder.BodyID, Code: holder.Code, Name: holder.BodyName}
	return s.failed(ctx, there, domain, "ended", hosts.OtherToken)
}

// RemoveDomain gives a domain up.
func (s *Service) RemoveDomain(ctx context.Context, req *brandingv1.RemoveDomainRequest) (*brandingv1.Hosts, error) {
	_, row, err := s.domain(ctx, req.Name)
	if err != nil {
		return nil, err
	}
	reply, err := s.changeHosts(ctx, "host.remove", func(ctx context.Context, tx tenant.DBTX, t *tenant.Tenant) error {
		_, err := s.sql.DropHost(ctx, tx, db.DropHostParams{BodyID: t.ID, Name: row.Name})
		return err
	})
	s.names.Forget(row.Name)
	return reply, err
}

// afterDomain is where a page of domains ended.
type afterDomain struct{ Name, Code string }

// ListDomains returns the domains of the bodies that the caller supervises.
func (s *Service) ListDomains(ctx context.Context, req *brandingv1.ListDomainsRequest) (*brandingv1.ListDomainsReply, error) {
	var from afterDomain
	if _, err := page.Parse(req.PageToken, &from); err != nil {
		return nil, err
	}
	size := page.Size(req.PageSize, 50)
	var rows []db.DomainsRow
	err := s.db.Platform(ctx, func(ctx context.Context, tx tenant.DBTX) (err error) {
		rows, err = s.sql.Domains(ctx, tx, db.DomainsParams{AfterName: from.Name, AfterCode: from.Code, Anchor: scope.Of(ctx).Anchor, Size: size + 1})
		return err
	})
	if err != nil {
		return nil, err
	}
	reply := &brandingv1.ListDomainsReply{}
	rows, reply.NextPageToken = page.Cut(rows, size, func(r db.DomainsRow) any { return afterDomain{r.Name, r.Code} })
	for _, r := range rows {
		d := &brandingv1.ListedDomain{
			Name: r.Name, BodyCode: r.Code, BodyName: r.BodyName, State: r.State, Problem: r.Problem, VerifiedAt: stamp(r.VerifiedAt),
		}
		if r.State == "lapsing" {
			d.EndsAt = timestamppb.New(r.FailingSince.Add(lapse))
		}
		reply.Domains = append(reply.Domains, d)
	}
	return reply, nil
}

// failed records that the proof of a body's domain was not found.
func (s *Service) failed(ctx context.Context, t *tenant.Tenant, domain, state, problem string) error {
	_, err := s.changeHosts(tenant.With(ctx, t), "host.lapse", func(ctx context.Context, tx tenant.DBTX, t *tenant.Tenant) error {
		return s.sql.Failed(ctx, tx, db.FailedParams{Body: t.ID, Name: domain, State: state, Problem: problem})
	})
	s.names.Forget(domain)
	return err
}

// dueAtOnce is how many domains are looked at in a round.
const dueAtOnce = 50

// Run looks at the proofs of domains that are a day old, some every minute. Processes that do so side by side look twice at most: what
// one has looked at is not a day old for the others.
func (s *Service) Run(ctx context.Context) error {
	tick := time.NewTicker(time.Minute)
	defer tick.Stop()
	for {
		if _, err := s.reprove(ctx, time.Now().Add(-proofEvery)); err != nil && ctx.Err() == nil {
			slog.ErrorContext(ctx, "domains", "error", err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

// reprove looks for the proofs that were last looked for before a time: found, a domain is live; not found, it lapses, and ends when
// that goes on.
func (s *Service) reprove(ctx context.Context, before time.Time) (int, error) {
	var due []db.DueRow
	err := s.db.Platform(ctx, func(ctx context.Context, tx tenant.DBTX) (err error) {
		due, err = s.sql.Due(ctx, tx, db.DueParams{Before: &before, Size: dueAtOnce})
		return err
	})
	if err != nil {
		return 0, err
	}
	for _, d := range due {
		if ctx.Err() != nil {
			return 0, nil
		}
		t := &tenant.Tenant{ID: d.BodyID, Code: d.Code, Name: d.BodyName}
		way, problem := s.prover.Prove(ctx, d.Name, d.Token)
		switch {
		case ctx.Err() != nil:
			return 0, nil
		case problem == "" && d.State == "live":
			err = s.db.Platform(ctx, func(ctx context.Context, tx tenant.DBTX) error {
				return s.sql.Proved(ctx, tx, db.ProvedParams{BodyID: d.BodyID, Name: d.Name, Way: way})
			})
		case problem == "":
			_, err = s.changeHosts(tenant.With(ctx, t), "host.verify", func(ctx context.Context, tx tenant.DBTX, t *tenant.Tenant) error {
				return s.sql.Proved(ctx, tx, db.ProvedParams{BodyID: t.ID, Name: d.Name, Way: way})
			})
		case d.FailingSince != nil && time.Since(*d.FailingSince) > lapse:
			err = s.failed(ctx, t, d.Name, "ended", problem)
		default:
			err = s.failed(ctx, t, d.Name, "lapsing", problem)
		}
		if err != nil {
			return 0, fmt.Errorf("domain %s: %w", d.Name, err)
		}
	}
	return len(due), nil
}

// proofFile serves the file that proves a domain in use, on the domain itself: while it leads here, it is proved.
func (s *Service) proofFile(w http.ResponseWriter, r *http.Request) error {
	host := strings.ToLower(r.Host)
	if h, _, err := net.SplitHostPort(host); err == nil {
		host = h
	}
	found, ok, err := s.names.Find(r.Context(), host)
	if err != nil {
		return err
	}
	if !ok || found.Token == "" {
		return fault.Plain(http.StatusNotFound, "NOT_FOUND", "本地址没有待证明的域名", "no domain is proved by this address")
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	_, _ = fmt.Fprintln(w, hosts.Head+found.Token)
	return nil
}
