package meeting

import (
	"errors"
	"testing"
	"time"

	"github.com/google/uuid"

	"gonghui/media/meeting/internal/db"
	"gonghui/media/meeting/live"
)

func TestTheDoor(t *testing.T) {
	now := time.Now()
	ago := func(d time.Duration) *time.Time { at := now.Add(-d); return &at }
	for name, c := range map[string]struct {
		m     db.Meeting
		role  string
		old   *db.MeetingPerson
		state string
		err   error
	}{
		"an open one":                     {role: live.Speaker, state: stateIn},
		"a waiting room":                  {m: db.Meeting{WaitingRoom: true}, role: live.Speaker, state: stateWaiting},
		"which does not hold the host up": {m: db.Meeting{WaitingRoom: true, Locked: true}, role: live.Host, state: stateIn},
		"locked":                          {m: db.Meeting{Locked: true}, role: live.Speaker, err: errLocked},
		"locked behind who was in":        {m: db.Meeting{Locked: true, WaitingRoom: true}, role: live.Speaker, old: &db.MeetingPerson{State: stateIn}, state: stateIn},
		"locked before who waits":         {m: db.Meeting{Locked: true}, role: live.Speaker, old: &db.MeetingPerson{State: stateWaiting}, err: errLocked},
		"opened while somebody waits":     {role: live.Speaker, old: &db.MeetingPerson{State: stateWaiting}, state: stateIn},
		"sent out":                        {role: live.Speaker, old: &db.MeetingPerson{State: stateOut}, state: stateOut},
		"a co-host sent out":              {role: live.CoHost, old: &db.MeetingPerson{State: stateOut}, state: stateOut},
		"refused just now":                {role: live.Speaker, old: &db.MeetingPerson{State: stateRefused, DecidedAt: ago(10 * time.Second)}, err: errRefused},
		"refused a while ago":             {role: live.Speaker, old: &db.MeetingPerson{State: stateRefused, DecidedAt: ago(2 * time.Minute)}, state: stateRefused},
	} {
		t.Run(name, func(t *testing.T) {
			state, err := door(&c.m, c.role, c.old, now)
			if state != c.state || !errors.Is(err, c.err) {
				t.Errorf("%q %v, want %q %v", state, err, c.state, c.err)
			}
		})
	}
}

func TestPlanRole(t *testing.T) {
	host, other := uuid.New(), uuid.New()
	for _, c := range []struct {
		openTo   string
		audience bool
		who      uuid.UUID
		invited  string
		want     string
	}{
		{"invited", false, host, "", live.Host},
		{"invited", false, other, "", ""},
		{"invited", true, other, live.Speaker, live.Speaker},
		{"body", false, other, "", live.Speaker},
		{"anyone", true, other, "", live.Audience},
		{"bodies", false, other, live.CoHost, live.CoHost},
	} {
		if got := planRole(&db.Meeting{HostID: host, OpenTo: c.openTo, Audience: c.audience}, c.who, c.invited); got != c.want {
			t.Errorf("%+v: %q", c, got)
		}
	}
}

func TestNumbers(t *testing.T) {
	seen := map[string]bool{}
	for range 1000 {
		n := number()
		if len(n) != 10 || n[0] == '0' || seen[n] {
			t.Fatalf("%q", n)
		}
		seen[n] = true
	}
}
