package identity

import (
	"context"
	"errors"
	"net/http"
	"strconv"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"gonghui/app/identity/internal/db"
	"gonghui/app/identity/policy"
	identityv1 "gonghui/app/identity/v1"
	"gonghui/app/kit/fault"
	"gonghui/tenant"
)

// flawOf says why a password will not do. field is the field of the request.
func flawOf(field string, flaw policy.Flaw, p policy.Policy) error {
	weak := func(zh, en string) error {
		return fault.Of(http.StatusBadRequest, identityv1.Reason_PASSWORD_WEAK, field, zh, en)
	}
	switch flaw {
	case policy.Short:
		n := strconv.Itoa(p.MinLength)
		return weak("密码至少 "+n+" 个字符", "use at least "+n+" characters")
	case policy.Plain:
		n := strconv.Itoa(p.Kinds)
		return weak("密码须含大写字母、小写字母、数字、符号中的 "+n+" 类", "mix at least "+n+" of capitals, small letters, digits and signs")
	case policy.Own:
		return weak("密码不能包含手机号、姓名或单位代码", "the password must not hold your phone number, your name or the code of your union")
	case policy.Common:
		return weak("这个密码太容易猜到，请换一个", "this password is too easily guessed; choose another")
	}
	return nil
}

// passwordPolicy is what is demanded of the password of an account, the strictest of all its places, and whose it is.
func (s *Service) passwordPolicy(ctx context.Context, tx tenant.DBTX, account uuid.UUID) (policy.Policy, policy.Owner, error) {
	p := policy.Members(s.host.Demo())
	var owner policy.Owner
	of, err := s.q.FactorsOfAccount(ctx, tx, account)
	if err != nil {
		return p, owner, err
	}
	if owner.Phone, err = s.host.Keys().Open("person.phone", of.PhoneSealed); err != nil {
		return p, owner, err
	}
	owner.Name = of.Name
	places, err := s.q.PlacesOfAccount(ctx, tx, account)
	if err != nil {
		return p, owner, err
	}
	rows, err := s.q.PoliciesOfStaff(ctx, tx, account)
	if err != nil {
		return p, owner, err
	}
	said := map[uuid.UUID]bool{}
	for _, r := range rows {
		said[r.BodyID] = true
		p = policy.Strictest(p, policy.Policy{
			MinLength: int(r.MinLength), Kinds: int(r.Kinds), History: int(r.History), MaxAge: int(r.MaxAgeDays),
			Idle: int(r.IdleMinutes), Absolute: int(r.AbsoluteHours), Sessions: int(r.Sessions),
		})
	}
	for _, place := range places {
		owner.Bodies = append(owner.Bodies, place.BodyCode)
		if place.Role != "member" && !said[place.BodyID] {
			p = policy.Strictest(p, policy.Default(s.host.Demo()))
		}
	}
	return p, owner, nil
}

// newPassword checks a new password of an account and returns its hash.
func (s *Service) newPassword(ctx context.Context, field, password string, account uuid.UUID) (string, error) {
	var p policy.Policy
	var owner policy.Owner
	var former []string
	err := s.host.DB().Platform(ctx, func(ctx context.Context, tx tenant.DBTX) (err error) {
		if p, owner, err = s.passwordPolicy(ctx, tx, account); err != nil {
			return err
		}
		if p.History == 0 {
			return nil
		}
		// The one in use is the first of those that must not come back.
		former, err = s.q.FormerPasswords(ctx, tx, db.FormerPasswordsParams{AccountID: account, Size: int32(p.History - 1)})
		if err != nil {
			return err
		}
		now, err := s.q.PasswordOfAccount(ctx, tx, account)
		if now.PasswordHash != "" {
			former = append(former, now.PasswordHash)
		}
		return err
	})
	if err != nil {
		return "", err
	}
	if err := flawOf(field, p.Check(password, owner), p); err != nil {
		return "", err
	}
	for _, hash := range former {
		same, err := PasswordMatches(ctx, password, hash)
		if err != nil {
			return "", err
		}
		if same {
			return "", fault.Of(http.StatusBadRequest, identityv1.Reason_PASSWORD_REUSED, field,
				"不能使用最近 "+strconv.Itoa(p.History)+" 次用过的密码", "the last "+strconv.Itoa(p.History)+" passwords must not come back")
		}
	}
	return hashPassword(ctx, password)
}

// setPassword gives an account a password and remembers the one before.
func (s *Service) setPassword(ctx context.Context, tx tenant.DBTX, account uuid.UUID, hash string) error {
	if err := s.q.RememberPassword(ctx, tx, db.RememberPasswordParams{ID: tenant.NewID(), AccountID: account}); err != nil {
		return err
	}
	if err := s.q.SetPassword(ctx, tx, db.SetPasswordParams{ID: account, PasswordHash: hash}); err != nil {
		return err
	}
	return s.q.ForgetOldPasswords(ctx, tx, account)
}

// passwordOf reports whether the password is that of the account.
func (s *Service) passwordOf(ctx context.Context, account uuid.UUID, password string) (bool, error) {
	var row db.PasswordOfAccountRow
	err := s.host.DB().Platform(ctx, func(ctx context.Context, tx tenant.DBTX) (err error) {
		row, err = s.q.PasswordOfAccount(ctx, tx, account)
		if errors.Is(err, pgx.ErrNoRows) {
			return nil
		}
		return err
	})
	if err != nil {
		return false, err
	}
	return PasswordMatches(ctx, password, row.PasswordHash)
}
