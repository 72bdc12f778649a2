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
