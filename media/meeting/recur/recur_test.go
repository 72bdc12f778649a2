package recur

import (
	"errors"
	"strings"
	"testing"
	"time"

	"gonghui/app/kit/day"
)

func at(s string) time.Time {
	t, err := time.ParseInLocation("2006-01-02 15:04", s, day.Zone)
	if err != nil {
		panic(err)
	}
	return t
}

func date(s string) time.Time {
	d, ok := day.Parse(s)
	if !ok {
		panic(s)
	}
	return d
}

func TestTimes(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		start string
		rule  Rule
		days  string // those of the times, and the RRULE behind the last blank
	}{
		"every day":                        {"2026-11-23 09:30", Rule{Kind: Daily, Every: 1, Count: 3}, "2026-11-23 2026-11-24 2026-11-25 FREQ=DAILY;COUNT=3"},
		"every third day over a new year":  {"2026-12-28 09:30", Rule{Kind: Daily, Every: 3, Count: 3}, "2026-12-28 2026-12-31 2027-01-03 FREQ=DAILY;INTERVAL=3;COUNT=3"},
		"until a day, that one too":        {"2026-11-23 23:50", Rule{Kind: Daily, Every: 1, Until: date("2026-11-25")}, "2026-11-23 2026-11-24 2026-11-25 FREQ=DAILY;COUNT=3"},
		"early, when it is yesterday UTC":  {"2026-11-23 00:10", Rule{Kind: Daily, Every: 1, Until: date("2026-11-24")}, "2026-11-23 2026-11-24 FREQ=DAILY;COUNT=2"},
		"on two days of the week":          {"2026-11-25 14:00", Rule{Kind: Weekly, Every: 1, Weekdays: []time.Weekday{time.Wednesday, time.Monday}, Count: 4}, "2026-11-25 2026-11-30 2026-12-02 2026-12-07 FREQ=WEEKLY;WKST=MO;BYDAY=MO,WE;COUNT=4"},
		"on Sundays, the last of the week": {"2026-11-29 14:00", Rule{Kind: Weekly, Every: 2, Weekdays: []time.Weekday{time.Sunday, time.Monday}, Count: 3}, "2026-11-29 2026-12-07 2026-12-13 FREQ=WEEKLY;INTERVAL=2;WKST=MO;BYDAY=MO,SU;COUNT=3"},
		"weekly without a day":             {"2026-11-24 14:00", Rule{Kind: Weekly, Every: 1, Count: 2}, "2026-11-24 2026-12-01 FREQ=WEEKLY;WKST=MO;BYDAY=TU;COUNT=2"},
		"on the 31st":                      {"2026-12-31 14:00", Rule{Kind: MonthlyDay, Every: 1, Count: 4}, "2026-12-31 2027-01-31 2027-03-31 2027-05-31 FREQ=MONTHLY;BYMONTHDAY=31;COUNT=4"},
		"on the second Tuesday":            {"2026-11-10 14:00", Rule{Kind: MonthlyWeekday, Every: 1, Count: 3}, "2026-11-10 2026-12-08 2027-01-12 FREQ=MONTHLY;BYDAY=2TU;COUNT=3"},
		"on the last Monday":               {"2026-11-30 14:00", Rule{Kind: MonthlyWeekday, Every: 1, Count: 3}, "2026-11-30 2026-12-28 2027-01-25 FREQ=MONTHLY;BYDAY=-1MO;COUNT=3"},
		"every 29 February":                {"2028-02-29 14:00", Rule{Kind: MonthlyDay, Every: 12, Count: 2}, "2028-02-29 2032-02-29 FREQ=MONTHLY;INTERVAL=12;BYMONTHDAY=29;COUNT=2"},
	} {
		start := at(c.start)
		times := c.rule.Times(start)
		var got []string
		for _, x := range times {
			if x.Format("15:04") != c.start[11:] {
				t.Errorf("%s: at %s", name, x)
			}
			got = append(got, x.Format(time.DateOnly))
		}
		if all := strings.Join(append(got, c.rule.String(start, len(times))), " "); all != c.days {
			t.Errorf("%s:\n got %s\nwant %s", name, all, c.days)
		}
		if err := c.rule.Check(start); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestCheck(t *testing.T) {
	t.Parallel()
	start := at("2026-11-23 09:30") // a Monday
	for name, c := range map[string]struct {
		rule Rule
		want error
	}{
		"no kind":                     {Rule{Every: 1, Count: 2}, ErrKind},
		"no interval":                 {Rule{Kind: Daily, Count: 2}, ErrEvery},
		"an interval of years":        {Rule{Kind: Daily, Every: 100, Count: 2}, ErrEvery},
		"no end":                      {Rule{Kind: Daily, Every: 1}, ErrEnd},
		"two ends":                    {Rule{Kind: Daily, Every: 1, Count: 2, Until: date("2026-12-01")}, ErrEnd},
		"too often by count":          {Rule{Kind: Daily, Every: 1, Count: 101}, ErrMany},
		"too often by day":            {Rule{Kind: Daily, Every: 1, Until: date("2027-11-23")}, ErrMany},
		"as often as may be":          {Rule{Kind: Daily, Every: 1, Count: Most}, nil},
		"once":                        {Rule{Kind: Daily, Every: 1, Count: 1}, ErrFew},
		"over before it began":        {Rule{Kind: Daily, Every: 1, Until: date("2026-11-22")}, ErrFew},
		"the first not on a weekday":  {Rule{Kind: Weekly, Every: 1, Weekdays: []time.Weekday{time.Tuesday}, Count: 2}, ErrFirst},
		"far steps, and never enough": {Rule{Kind: MonthlyDay, Every: 99, Count: 100}, nil},
	} {
		if err := c.rule.Check(start); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
	for _, n := range Names() {
		if d, ok := WeekdayOf(n); !ok || !strings.EqualFold(d.String()[:2], n) {
			t.Errorf("%s is %s", n, d)
		}
	}
	if _, ok := WeekdayOf("XX"); ok {
		t.Error("XX is a weekday")
	}
}
