package org

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"gonghui/app/kit/day"
	"gonghui/app/kit/fault"
	"gonghui/app/kit/field"
	"gonghui/app/org/internal/db"
	orgv1 "gonghui/app/org/v1"
	"gonghui/tenant"
)

// GetProfile returns what the body says of itself.
func (s *Service) GetProfile(ctx context.Context, _ *orgv1.GetProfileRequest) (*orgv1.Profile, error) {
	var p db.GetProfileRow
	err := s.db.Tx(ctx, func(ctx context.Context, tx tenant.DBTX) (err error) {
		p, err = s.sql.GetProfile(ctx, tx)
		return err
	})
	if err != nil {
		return nil, err
	}
	return &orgv1.Profile{
		ShortName: p.ShortName, NameEn: p.NameEn, Address: p.Address, Postcode: p.Postcode, Phone: p.Phone, About: p.About,
		TermStart: formatDay(p.TermStart), TermEnd: formatDay(p.TermEnd), Version: p.Version,
	}, nil
}

// UpdateProfile replaces the profile.
func (s *Service) UpdateProfile(ctx context.Context, req *orgv1.UpdateProfileRequest) (*orgv1.Profile, error) {
	p, err := readProfile(req.GetProfile())
	if err != nil {
		return nil, err
	}
	err = s.db.Tx(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		was, err := profileNoun.See(ctx, tx)
		if err != nil {
			return err
		}
		version, err := s.sql.UpdateProfile(ctx, tx, db.UpdateProfileParams{
			ShortName: p.ShortName, NameEn: p.NameEn, Address: p.Address, Postcode: p.Postcode, Phone: p.Phone,
			TermStart: parseDay(p.TermStart), TermEnd: parseDay(p.TermEnd), OldVersion: req.GetProfile().GetVersion(),
		})
		if errors.Is(err, pgx.ErrNoRows) {
			return errStale
		}
		if err != nil {
			return err
		}
		p.Version = version
		if err := s.sql.UpdateAbout(ctx, tx, p.About); err != nil {
			return err
		}
		return was.Changed(ctx, tx, tenant.Act{Act: "org.profile", Object: uuid.Nil.String()})
	})
	if err != nil {
		return nil, err
	}
	return p, nil
}

// readProfile checks a profile and returns it cleaned.
func readProfile(p *orgv1.Profile) (*orgv1.Profile, error) {
	out := &orgv1.Profile{}
	var err error
	for _, line := range []struct {
		name string
		in   string
		to   *string
	}{
		{"shortName", p.GetShortName(), &out.ShortName},
		{"nameEn", p.GetNameEn(), &out.NameEn},
		{"address", p.GetAddress(), &out.Address},
		{"postcode", p.GetPostcode(), &out.Postcode},
		{"phone", p.GetPhone(), &out.Phone},
	} {
		if *line.to, err = field.Line("profile."+line.name, line.in); err != nil {
			return nil, err
		}
	}
	if out.About, err = field.Text("profile.about", p.GetAbout()); err != nil {
		return nil, err
	}
	start, err := field.Day("profile.termStart", p.GetTermStart())
	if err != nil {
		return nil, err
	}
	end, err := field.Day("profile.termEnd", p.GetTermEnd())
	if err != nil {
		return nil, err
	}
	if !start.IsZero() && !end.IsZero() && !end.After(start) {
		return nil, fault.Field("profile.termEnd", "届满日期应晚于换届日期", "the term ends before it starts")
	}
	out.TermStart, out.TermEnd = day.Format(start), day.Format(end)
	return out, nil
}

func formatDay(t *time.Time) string {
	if t == nil {
		return ""
	}
	return day.Format(*t)
}

// parseDay reads a day that has been checked; nil for "".
func parseDay(s string) *time.Time {
	t, ok := day.Parse(s)
	if !ok {
		return nil
	}
	return &t
}
