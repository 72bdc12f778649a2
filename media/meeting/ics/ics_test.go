package ics

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

var start = time.Date(2026, 11, 24, 6, 0, 0, 0, time.UTC) // 14:00 in Shanghai

// unfold undoes the folding of RFC 5545, 3.1.
func unfold(raw []byte) []string {
	return strings.Split(strings.TrimSuffix(strings.ReplaceAll(string(raw), "\r\n ", ""), "\r\n"), "\r\n")
}

// Every line of a calendar, one by one.
func TestLines(t *testing.T) {
	t.Parallel()
	c := Calendar{Method: Request, Events: []Event{{
		UID: "0193@gonghui", Sequence: 2, Stamp: start.Add(-time.Hour), Start: start, End: start.Add(time.Hour), Summary: "季度例会；讨论, a\\b", Description: "第一行\n第二行",
		URL: "https://440106.gonghui.test/meet/1234567890", Place: "视频会议", Organizer: `王"三`, Rule: "FREQ=DAILY;COUNT=3", Except: []time.Time{start.AddDate(0, 0, 1)}, Alarm: 15 * time.Minute,
	}, {
		UID: "0193@gonghui", Sequence: 3, Stamp: start, Instead: start.AddDate(0, 0, 2), Start: start.AddDate(0, 0, 2).Add(time.Hour), End: start.AddDate(0, 0, 2).Add(2 * time.Hour),
		Summary: "改期", Cancelled: true, Alarm: 15 * time.Minute,
	}}}
	want := []string{
		"BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Gonghui//Meetings//ZH", "CALSCALE:GREGORIAN", "METHOD:REQUEST",
		"BEGIN:VTIMEZONE", "TZID:Asia/Shanghai", "BEGIN:STANDARD", "DTSTART:19920101T000000", "TZOFFSETFROM:+0800", "TZOFFSETTO:+0800", "TZNAME:CST", "END:STANDARD", "END:VTIMEZONE",
		"BEGIN:VEVENT", "UID:0193@gonghui", "SEQUENCE:2", "DTSTAMP:20261124T050000Z", "DTSTART;TZID=Asia/Shanghai:20261124T140000", "DTEND;TZID=Asia/Shanghai:20261124T150000",
		"RRULE:FREQ=DAILY;COUNT=3", "EXDATE;TZID=Asia/Shanghai:20261125T140000", `SUMMARY:季度例会；讨论\, a\\b`, `DESCRIPTION:第一行\n第二行`, "LOCATION:视频会议",
		"URL:https://440106.gonghui.test/meet/1234567890", `ORGANIZER;CN="王'三":urn:uuid:00000000-0000-0000-0000-000000000000`, "STATUS:CONFIRMED",
		"BEGIN:VALARM", "ACTION:DISPLAY", `DESCRIPTION:季度例会；讨论\, a\\b`, "TRIGGER:-PT15M", "END:VALARM", "END:VEVENT",
		"BEGIN:VEVENT", "UID:0193@gonghui", "SEQUENCE:3", "DTSTAMP:20261124T060000Z", "RECURRENCE-ID;TZID=Asia/Shanghai:20261126T140000", "DTSTART;TZID=Asia/Shanghai:20261126T150000",
		"DTEND;TZID=Asia/Shanghai:20261126T160000", "SUMMARY:改期", "STATUS:CANCELLED", "TRANSP:TRANSPARENT", "END:VEVENT",
		"END:VCALENDAR",
	}
	got := unfold(c.Bytes())
	for n := range max(len(got), len(want)) {
		if n >= len(got) || n >= len(want) || got[n] != want[n] {
			t.Fatalf("line %d:\n got %q\nwant %q", n, got[min(n, len(got)-1)], want[min(n, len(want)-1)])
		}
	}
}

// No line is longer than 75 bytes, no character is broken, and nothing is lost.
func TestFolding(t *testing.T) {
	t.Parallel()
	for n := range 200 {
		for _, s := range []string{strings.Repeat("x", n), strings.Repeat("会", n), "x" + strings.Repeat("😀", n)} {
			w := &writer{}
			w.line("SUMMARY:" + s)
			for _, l := range strings.Split(strings.TrimSuffix(w.String(), "\r\n"), "\r\n") {
				if len(l) > 75 || !utf8.ValidString(l) {
					t.Fatalf("%d bytes: %q", len(l), l)
				}
			}
			if got := unfold([]byte(w.String())); len(got) != 1 || got[0] != "SUMMARY:"+s {
				t.Fatalf("%q became %q", s, got)
			}
		}
	}
}

// Nobody writes properties of their own by a title.
func TestNothingIsSmuggled(t *testing.T) {
	t.Parallel()
	evil := "例会\r\nATTACH:https://evil.test\r\n\x00\u007fBEGIN:VEVENT\n"
	lines := unfold(Calendar{Method: Publish, Name: evil, Events: []Event{{UID: evil, Summary: evil, Description: evil, Place: evil, Organizer: evil, Start: start, End: start, Stamp: start}}}.Bytes())
	begun := 0
	for _, l := range lines {
		if strings.HasPrefix(l, "ATTACH") || strings.ContainsAny(l, "\x00\r\n\u007f") {
			t.Errorf("%q", l)
		}
		if l == "BEGIN:VEVENT" {
			begun++
		}
	}
	if begun != 1 {
		t.Errorf("%d events", begun)
	}
}
