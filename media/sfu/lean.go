package sfu

import (
	"strings"

	"gonghui/media/sfu/codec"
)

// lean is an offer without the codings that are not taken here: browsers offer dozens, and Pion's time for an offer grows with their
// square. A line on which nothing would be left stays as it is.
func lean(offer string) string {
	parts := strings.SplitAfter(offer, "\nm=")
	for i := 1; i < len(parts); i++ {
		parts[i] = leanLine(parts[i])
	}
	return strings.Join(parts, "")
}

// leanLine takes a media line behind its "m=", up to the next one's.
func leanLine(text string) string {
	lines := strings.SplitAfter(text, "\n")
	kind, _, _ := strings.Cut(lines[0], " ")
	taken, repeats := map[string]bool{}, map[string]bool{}
	for _, l := range lines {
		if pt, name, ok := attribute(l, "a=rtpmap:"); ok {
			name, _, _ = strings.Cut(name, "/")
			if strings.EqualFold(name, "rtx") {
				repeats[pt] = true
			} else if takes(kind, name) {
				taken[pt] = true
			}
		}
	}
	if len(taken) == 0 {
		return text
	}
	for _, l := range lines {
		if pt, what, ok := attribute(l, "a=fmtp:"); ok && repeats[pt] {
			if of, ok := strings.CutPrefix(what, "apt="); ok && taken[strings.TrimSpace(of)] {
				taken[pt] = true
			}
		}
	}
	var b strings.Builder
	b.Grow(len(text))
	head := strings.Fields(lines[0])
	b.WriteString(strings.Join(head[:min(3, len(head))], " "))
	for _, pt := range head[min(3, len(head)):] {
		if taken[pt] {
			b.WriteString(" " + pt)
		}
	}
	b.WriteString("\r\n")
	for _, l := range lines[1:] {
		drop := false
		for _, name := range []string{"a=rtpmap:", "a=fmtp:", "a=rtcp-fb:"} {
			if pt, _, ok := attribute(l, name); ok && pt != "*" && !taken[pt] {
				drop = true
			}
		}
		if !drop {
			b.WriteString(l)
		}
	}
	return b.String()
}

// attribute splits a line such as "a=fmtp:97 apt=96": 97 and apt=96.
func attribute(line, name string) (number, value string, ok bool) {
	rest, ok := strings.CutPrefix(line, name)
	if !ok {
		return "", "", false
	}
	number, value, ok = strings.Cut(strings.TrimRight(rest, "\r\n"), " ")
	return number, value, ok
}

// takes tells whether a coding is one of those of [engine].
func takes(kind, name string) bool {
	_, ok := codec.Of(kind + "/" + name)
	return ok || kind == "audio" && strings.EqualFold(name, "red")
}
