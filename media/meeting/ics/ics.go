// Package ics writes calendars of RFC 5545: meetings with their alarms, rules and changes, in the time of Asia/Shanghai. It writes
// only what a meeting has, and reads nothing.
package ics

import (
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"gonghui/app/kit/day"
)

// Methods of RFC 5546: what a calendar is for.
const (
	Publish = "PUBLISH" // to be looked at
	Request = "REQUEST" // to be entered: an invitation or a change of one
	Cancel  = "CANCEL"  // to be taken out
)

// Calendar is a file.
type Calendar struct {
	Method string
	Name   string // shown by programs that take up a calendar by its address; empty for a single meeting
	Events []Event
}

// Event is a meeting, or one time of a recurring one.
type Event struct {
	UID         string // the same for all times and changes of a meeting
	Sequence    int    // raised by every change
	Stamp       time.Time
	Start, End  time.Time
	Summary     string
	Description string
	URL         string
	Place       string
	Organizer   string // a name; where to reach them is nobody's business
	Cancelled   bool
	Rule        string      // RRULE without its name; empty: once
	Except      []time.Time // beginnings by the rule at which it does not take place
	Instead     time.Time   // of a changed time of a recurring meeting: when it was to begin by the rule
	Alarm       time.Duration
}

// zone describes Asia/Shanghai, as every calendar must that names it.
var zone = []string{
	"BEGIN:VTIMEZONE", "TZID:Asia/Shanghai", "BEGIN:STANDARD", "DTSTART:19920101T000000", "TZOFFSETFROM:+0800", "TZOFFSETTO:+0800", "TZNAME:CST", "END:STANDARD",
	"END:VTIMEZONE",
}

// Bytes is the calendar as a file: lines of at most 75 bytes, each ended by CR LF.
func (c Calendar) Bytes() []byte {
	w := &writer{}
	w.line("BEGIN:VCALENDAR")
	w.line("VERSION:2.0")
	w.line("PRODID:-//Gonghui//Meetings//ZH")
	w.line("CALSCALE:GREGORIAN")
	w.line("METHOD:" + c.Method)
	if c.Name != "" {
		w.text("NAME", c.Name)
		w.text("X-WR-CALNAME", c.Name)
		w.line("X-WR-TIMEZONE:Asia/Shanghai")
		w.line("REFRESH-INTERVAL;VALUE=DURATION:PT1H")
	}
	for _, l := range zone {
		w.line(l)
	}
	for _, e := range c.Events {
		w.event(e)
	}
	w.line("END:VCALENDAR")
	return []byte(w.String())
}

type writer struct{ strings.Builder }

// line writes a content line, folded: no line is longer than 75 bytes, and no character is broken (RFC 5545, 3.1).
func (w *writer) line(s string) {
	const longest = 75
	for room := longest; len(s) > room; room = longest - 1 {
		cut := room
		for !utf8.RuneStart(s[cut]) {
			cut--
		}
		w.WriteString(s[:cut] + "\r\n ")
		s = s[cut:]
	}
	w.WriteString(s + "\r\n")
}

// text writes a property whose value is a TEXT (RFC 5545, 3.3.11).
func (w *writer) text(name, value string) {
	if value != "" {
		w.line(name + ":" + escape(value))
	}
}

var escaper = strings.NewReplacer("\\", "\\\\", ";", "\\;", ",", "\\,", "\r\n", "\\n", "\n", "\\n", "\r", "\\n")

// escape keeps a text from ending its property.
func escape(s string) string { return strings.Map(printed, escaper.Replace(s)) }

// printed leaves out control characters, which no value may have.
func printed(r rune) rune {
	if r < ' ' && r != '\t' || r == 0x7f {
		return -1
	}
	return r
}

// param is a value of a parameter, in quotes, which it cannot itself have (RFC 5545, 3.2).
func param(s string) string {
	return `"` + strings.Map(printed, strings.NewReplacer("\n", " ", `"`, "'").Replace(s)) + `"`
}

func utc(t time.Time) string   { return t.UTC().Format("20060102T150405Z") }
func local(t time.Time) string { return t.In(day.Zone).Format("20060102T150405") }

func (w *writer) local(name string, t time.Time) { w.line(name + ";TZID=Asia/Shanghai:" + local(t)) }

func (w *writer) event(e Event) {
	w.line("BEGIN:VEVENT")
	w.line("UID:" + escape(e.UID))
	w.line(fmt.Sprintf("SEQUENCE:%d", e.Sequence))
	w.line("DTSTAMP:" + utc(e.Stamp))
	if !e.Instead.IsZero() {
		w.local("RECURRENCE-ID", e.Instead)
	}
	w.local("DTSTART", e.Start)
	w.local("DTEND", e.End)
	if e.Rule != "" {
		w.line("RRULE:" + e.Rule)
	}
	for _, t := range e.Except {
		w.local("EXDATE", t)
	}
	w.text("SUMMARY", e.Summary)
	w.text("DESCRIPTION", e.Description)
	w.text("LOCATION", e.Place)
	if e.URL != "" {
		w.line("URL:" + e.URL)
	}
	if e.Organizer != "" {
		w.line("ORGANIZER;CN=" + param(e.Organizer) + ":urn:uuid:00000000-0000-0000-0000-000000000000")
	}
	if e.Cancelled {
		w.line("STATUS:CANCELLED")
		w.line("TRANSP:TRANSPARENT")
	} else {
		w.line("STATUS:CONFIRMED")
	}
	if e.Alarm > 0 && !e.Cancelled {
		w.line("BEGIN:VALARM")
		w.line("ACTION:DISPLAY")
		w.text("DESCRIPTION", e.Summary)
		w.line(fmt.Sprintf("TRIGGER:-PT%dM", int(e.Alarm/time.Minute)))
		w.line("END:VALARM")
	}
	w.line("END:VEVENT")
}
