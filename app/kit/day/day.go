// Package day handles calendar days as the product's users know them: by the clock of Asia/Shanghai.
package day

import "time"

// Layout is how a day is written in requests and answers.
const Layout = "2006-01-02"

// Zone is Asia/Shanghai, which has kept UTC+8 since 1992; no database of zones is needed.
var Zone = time.FixedZone("Asia/Shanghai", 8*60*60)

// Of is the day at a moment, as midnight UTC.
func Of(t time.Time) time.Time {
	y, m, d := t.In(Zone).Date()
	return time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
}

// Today is the day now, as midnight UTC.
func Today() time.Time { return Of(time.Now()) }

// Next is the next time after now that the clock shows the hour.
func Next(now time.Time, hour int) time.Time {
	local := now.In(Zone)
	at := time.Date(local.Year(), local.Month(), local.Day(), hour, 0, 0, 0, Zone)
	if !at.After(now) {
		at = at.AddDate(0, 0, 1)
	}
	return at
}

// Parse reads YYYY-MM-DD. Days that the calendar does not have, and years outside 1800–2200, are refused.
func Parse(s string) (time.Time, bool) {
	t, err := time.Parse(Layout, s)
	if err != nil || t.Year() < 1800 || t.Year() > 2200 {
		return time.Time{}, false
	}
	return t, true
}

// Format writes a day; the zero time is "".
func Format(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format(Layout)
}
