// Package recur is when a recurring meeting takes place: a small part of the recurrence rules of RFC 5545, in Asia/Shanghai, where a day
// has had 24 hours since 1992.
package recur

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"gonghui/app/kit/day"
)

// Most is how many times a recurring meeting takes place at most.
const Most = 100

// Kinds of rules.
const (
	Daily          = "daily"
	Weekly         = "weekly"          // on Weekdays; none: on that of the first
	MonthlyDay     = "monthly_day"     // on the day of the month of the first; months without it are passed over
	MonthlyWeekday = "monthly_weekday" // on the weekday of the first, the same one of the month: the second Tuesday, or the last
)

// Rule says when something takes place again.
type Rule struct {
	Kind     string
	Every    int            // days, weeks or months from one to the next; at least 1
	Weekdays []time.Weekday // of a weekly rule
	Count    int            // how often in all; 0: until Until
	Until    time.Time      // the last day, a midnight in UTC as of package day; zero: Count times
}

// What is wrong with a rule, for errors.Is.
var (
	ErrKind  = errors.New("recur: no such kind")
	ErrEvery = errors.New("recur: an interval of 1 to 99 is needed")
	ErrEnd   = errors.New("recur: a number of times or a last day is needed, not both")
	ErrMany  = fmt.Errorf("recur: more than %d times", Most)
	ErrFew   = errors.New("recur: it takes place less than twice")
	ErrFirst = errors.New("recur: the first one is not on a weekday of the rule")
)

// Check says what is wrong with a rule whose first time is start.
func (r Rule) Check(start time.Time) error {
	switch {
	case !slices.Contains([]string{Daily, Weekly, MonthlyDay, MonthlyWeekday}, r.Kind):
		return ErrKind
	case r.Every < 1 || r.Every > 99:
		return ErrEvery
	case (r.Count == 0) == r.Until.IsZero():
		return ErrEnd
	case r.Count > Most:
		return ErrMany
	case r.Kind == Weekly && len(r.Weekdays) > 0 && !slices.Contains(r.Weekdays, start.In(day.Zone).Weekday()):
		return ErrFirst
	}
	n := len(r.Times(start))
	switch {
	case n > Most:
		return ErrMany
	case n < 2:
		return ErrFew
	}
	return nil
}

// Times are the beginnings, start the first of them: at most one more than Most.
func (r Rule) Times(start time.Time) []time.Time {
	start = start.In(day.Zone)
	var all []time.Time
	// add reports whether more are wanted.
	add := func(t time.Time) bool {
		if !r.Until.IsZero() && day.Of(t).After(r.Until) {
			return false
		}
		if !t.Before(start) {
			all = append(all, t)
		}
		return len(all) <= Most && (r.Count == 0 || len(all) < r.Count)
	}
	weekdays := r.weekdays(start)
	// A rule that never fits again, such as the 31st every twelve months from a leap year on, ends after so many steps.
	for step := range 12 * Most {
		switch r.Kind {
		case Daily:
			if !add(start.AddDate(0, 0, step*r.Every)) {
				return all
			}
		case Weekly:
			monday := start.AddDate(0, 0, -weekday(start)+7*step*r.Every)
			for _, d := range weekdays {
				if !add(monday.AddDate(0, 0, d)) {
					return all
				}
			}
		default:
			first := time.Date(start.Year(), start.Month(), 1, start.Hour(), start.Minute(), start.Second(), 0, day.Zone).AddDate(0, step*r.Every, 0)
			if t, is := r.inMonth(first, start); is && !add(t) {
				return all
			}
		}
	}
	return all
}

// inMonth is when a monthly rule takes place in the month that begins with first; false: not at all.
func (r Rule) inMonth(first, start time.Time) (time.Time, bool) {
	if r.Kind == MonthlyDay {
		t := first.AddDate(0, 0, start.Day()-1)
		return t, t.Month() == first.Month()
	}
	nth := nth(start)
	if nth < 0 {
		last := first.AddDate(0, 1, -1)
		return last.AddDate(0, 0, -((weekday(last) - weekday(start) + 7) % 7)), true
	}
	t := first.AddDate(0, 0, (weekday(start)-weekday(first)+7)%7+7*(nth-1))
	return t, t.Month() == first.Month()
}

// weekday counts from Monday, 0.
func weekday(t time.Time) int { return (int(t.Weekday()) + 6) % 7 }

// nth is the which of its weekday in the month a day is: 1 to 4, and -1 for the fifth, which stands for the last.
func nth(t time.Time) int {
	if n := (t.Day()-1)/7 + 1; n < 5 {
		return n
	}
	return -1
}

func (r Rule) weekdays(start time.Time) []int {
	days := []int{weekday(start)}
	if len(r.Weekdays) > 0 {
		days = days[:0]
		for _, d := range r.Weekdays {
			days = append(days, (int(d)+6)%7)
		}
	}
	slices.Sort(days)
	return slices.Compact(days)
}

var names = []string{"MO", "TU", "WE", "TH", "FR", "SA", "SU"}

// Names are the weekdays as RFC 5545 writes them, from Monday on.
func Names() []string { return slices.Clone(names) }

// WeekdayOf is the weekday of a name; false: there is none.
func WeekdayOf(name string) (time.Weekday, bool) {
	n := slices.Index(names, name)
	return time.Weekday((n + 1) % 7), n >= 0
}

// String is the rule as the RRULE of an event that begins at start; the end is count, however it was given, for the times are known.
func (r Rule) String(start time.Time, count int) string {
	start = start.In(day.Zone)
	parts := []string{"FREQ=" + map[string]string{Daily: "DAILY", Weekly: "WEEKLY", MonthlyDay: "MONTHLY", MonthlyWeekday: "MONTHLY"}[r.Kind]}
	if r.Every > 1 {
		parts = append(parts, fmt.Sprintf("INTERVAL=%d", r.Every))
	}
	switch r.Kind {
	case Weekly:
		var days []string
		for _, d := range r.weekdays(start) {
			days = append(days, names[d])
		}
		parts = append(parts, "WKST=MO", "BYDAY="+strings.Join(days, ","))
	case MonthlyDay:
		parts = append(parts, fmt.Sprintf("BYMONTHDAY=%d", start.Day()))
	case MonthlyWeekday:
		parts = append(parts, fmt.Sprintf("BYDAY=%d%s", nth(start), names[weekday(start)]))
	}
	return strings.Join(append(parts, fmt.Sprintf("COUNT=%d", count)), ";")
}
