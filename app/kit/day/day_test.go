package day

import (
	"testing"
	"time"
)

func TestParse(t *testing.T) {
	t.Parallel()
	for s, want := range map[string]bool{
		"2024-02-29": true, "2023-02-29": false, "2023-13-01": false, "2023-00-10": false, "1880-01-01": true,
		"0001-01-01": false, "9999-01-01": false, "": false, "2023-1-1": false, "2023-01-01 ": false,
	} {
		d, ok := Parse(s)
		if ok != want || ok && Format(d) != s {
			t.Errorf("%q: %v, %v", s, d, ok)
		}
	}
}

func TestOf(t *testing.T) {
	t.Parallel()
	if got := Format(Of(time.Date(2026, 11, 22, 15, 59, 59, 0, time.UTC))); got != "2026-11-22" {
		t.Error(got)
	}
	if got := Format(Of(time.Date(2026, 11, 22, 16, 0, 0, 0, time.UTC))); got != "2026-11-23" {
		t.Error(got)
	}
	if Format(time.Time{}) != "" {
		t.Error("the zero time is a day")
	}
}

// Days begin at 16:00 UTC, in every month: China has one zone and no summer time.
func TestDaysAndNights(t *testing.T) {
	for _, tc := range []struct{ now, today, night string }{
		{"2025-03-09T15:59:59Z", "2025-03-09", "2025-03-09T19:00:00Z"},
		{"2025-03-09T16:00:00Z", "2025-03-10", "2025-03-09T19:00:00Z"},
		{"2025-03-09T19:00:00Z", "2025-03-10", "2025-03-10T19:00:00Z"},
		{"2025-12-31T20:00:00Z", "2026-01-01", "2026-01-01T19:00:00Z"},
	} {
		now, err := time.Parse(time.RFC3339, tc.now)
		if err != nil {
			t.Fatal(err)
		}
		if got := Of(now).Format(time.DateOnly); got != tc.today {
			t.Errorf("%s: the day is %s, want %s", tc.now, got, tc.today)
		}
		if got := Next(now, 3).UTC().Format(time.RFC3339); got != tc.night {
			t.Errorf("%s: the next night is %s, want %s", tc.now, got, tc.night)
		}
	}
}
