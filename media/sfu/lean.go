package sfu

import (
	"strings"

	"gonghui/media/sfu/codec"
)

// lean is an offer without the codings that are not taken here: browsers offer dozens, and Pion's time for an offer grows with their
// square, and so does what it leaves behind. A line on which nothing would be left stays as it is.
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
	taken, repeats, forms := map[string]bool{}, map[string]bool{}, map[string]string{}
	for _, l := range lines {
		if pt, form, ok := attribute(l, "a=fmtp:"); ok {
			forms[pt] = form
		}
	}
	for _, l := range lines {
		if pt, name, ok := attribute(l, "a=rtpmap:"); ok {
			name, _, _ = strings.Cut(name, "/")
			if strings.EqualFold(name, "rtx") {
				repeats[pt] = true
			} else if takes(kind, name, forms[pt]) {
				taken[pt] = true
			}
		}
	}
	if len(taken) == 0 {
		return text
	}
	for pt := range repeats {
		if of, ok := strings.CutPrefix(forms[pt], "apt="); ok && taken[strings.TrimSpace(of)] {
			taken[pt] = true
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

// takes tells whether a coding, in the form that its parameters tell, is one of those of [engine].
func takes(kind, name, form string) bool {
	c, ok := codec.Of(kind + "/" + name)
	switch {
	case !ok:
		return kind == "audio" && strings.EqualFold(name, "red")
	case c == codec.H264: // the baseline, in packets that may be parts of pictures (RFC 6184 section 8.1)
		return parameter(form, "packetization-mode") == "1" && strings.HasPrefix(parameter(form, "profile-level-id"), "42")
	case c == codec.VP9: // eight bits a sample; none named is this one (RFC 9628 section 7)
		profile := parameter(form, "profile-id")
		return profile == "" || profile == "0"
	}
	return true
}

// parameter is the value of a name among those of a line such as "a=fmtp:96 name=value;other=value"; empty where there is none.
func parameter(form, name string) string {
	for p := range strings.SplitSeq(form, ";") {
		if n, value, ok := strings.Cut(p, "="); ok && strings.EqualFold(strings.TrimSpace(n), name) {
			return strings.TrimSpace(value)
		}
	}
	return ""
}
