// Package column finds out which row of a roster holds the titles of its columns, and which column is which field.
package column

import (
	"strings"

	"gonghui/app/kit/cnid"
	"gonghui/app/member/roster/cell"
)

// Look is how many rows at the beginning of a file are looked at.
const Look = 80

// maxHeader is the last row that may hold the titles.
const maxHeader = 50

// samples is how many values of a column are shown.
const samples = 3

// Fields are the fields a column can hold, by their names in MemberFields in lower camel case.
var Fields = []string{
	"name", "idKind", "idNumber", "phone", "sex", "birth", "nation", "education", "politicalStatus", "employer", "job",
	"employment", "migrant", "address", "joinedOn",
}

// Needed are the fields without which there is nothing to import.
var Needed = []string{"name", "idNumber"}

// Reason is the title of the column that a file of corrections has more than what was sent.
const Reason = "错误原因 / Reason"

// Row is a row of the file.
type Row struct {
	Number int64
	Cells  []string
}

// Column is one column of a roster.
type Column struct {
	Index   int
	Title   string
	Samples []string // masked
	Field   string   // "" when it is none, or not known
	Sure    bool     // also for a column that is known to be no field
}

// Layout is where things stand in a roster.
type Layout struct {
	Header  int64 // number of the row of titles; 0 when there is none
	Columns []Column
}

// Sure reports whether nobody need look at the layout: all that is needed is there, and nothing doubtful.
func (l *Layout) Sure() bool {
	found := map[string]bool{}
	for _, c := range l.Columns {
		if !c.Sure {
			return false
		}
		found[c.Field] = true
	}
	for _, f := range Needed {
		if !found[f] {
			return false
		}
	}
	return l.Header > 0
}

// Recognise finds titles and fields in the first rows of a roster.
func Recognise(rows []Row) Layout {
	best, most := -1, 0
	for i, r := range rows {
		if r.Number > maxHeader {
			break
		}
		if n := score(r.Cells); n > most {
			best, most = i, n
		}
	}
	if best < 0 || most < 2 {
		return At(rows, 0)
	}
	return At(rows, rows[best].Number)
}

// At is Recognise when the row of titles is known; 0 is a file without titles.
func At(rows []Row, header int64) Layout {
	at := -1
	for i, r := range rows {
		if r.Number == header {
			at = i
		}
	}
	l := Layout{Header: header}
	var titles []string
	first := 0
	if at >= 0 {
		titles = append(titles, rows[at].Cells...)
		first = at + 1
		// Titles in two rows: what is merged over both, or grouped above, stands in the other one.
		if first < len(rows) && rows[first].Number == header+1 && score(rows[first].Cells) > 0 && !data(rows[first].Cells) {
			titles = join(rows[first].Cells, titles)
			l.Header++
			first++
		} else if at > 0 && rows[at-1].Number == header-1 && score(rows[at-1].Cells) > 0 {
			titles = join(titles, rows[at-1].Cells)
		}
	}
	width := len(titles)
	for _, r := range rows[first:] {
		width = max(width, len(r.Cells))
	}
	for i := range min(width, 200) {
		c := Column{Index: i}
		if i < len(titles) {
			c.Title = cut(cell.Text(titles[i]), 60)
		}
		c.judge(values(rows[first:], i))
		l.Columns = append(l.Columns, c)
	}
	l.single()
	return l
}

// join lays the titles of one row over those of another; a title that is known wins.
func join(upper, lower []string) []string {
	out := make([]string, max(len(upper), len(lower)))
	for i := range out {
		if i < len(lower) {
			out[i] = lower[i]
		}
		if i < len(upper) && strings.TrimSpace(upper[i]) != "" && (known(upper[i]) || !known(out[i])) {
			out[i] = upper[i]
		}
	}
	return out
}

// score is how many cells of a row are titles of fields.
func score(cells []string) int {
	n := 0
	seen := map[string]bool{}
	for _, c := range cells {
		if f := titles[norm(c)]; f != "" && !seen[f] {
			seen[f] = true
			n++
		}
	}
	return n
}

func known(title string) bool { return titles[norm(title)] != "" }

// data reports whether a row has a value that only a person's row has.
func data(cells []string) bool {
	for _, c := range cells {
		if likePaper(c) || likePhone(c) {
			return true
		}
	}
	return false
}

func values(rows []Row, column int) []string {
	var all []string
	for _, r := range rows {
		if column < len(r.Cells) {
			if v := cell.Text(r.Cells[column]); v != "" {
				all = append(all, v)
			}
		}
	}
	return all
}

// judge decides what a column is, by its title and by the shape of its values.
func (c *Column) judge(values []string) {
	for _, v := range values[:min(samples, len(values))] {
		c.Samples = append(c.Samples, cut(Mask(v), 40))
	}
	key := norm(c.Title)
	shape := shapeOf(values)
	switch f := titles[key]; {
	case f == leave:
		c.Sure = true
	case f != "":
		c.Field, c.Sure = f, fits(f, values)
		if shape == "idNumber" && f != "idNumber" {
			c.Field, c.Sure = shape, false
		}
	case len(values) == 0:
		c.Sure = true
	case shape != "":
		c.Field = shape
	default:
		c.Field = hint(key)
		c.Sure = c.Field == ""
	}
}

// single leaves each field to one column: the one that is sure, else the first.
func (l *Layout) single() {
	holder := map[string]int{}
	for i, c := range l.Columns {
		if j, ok := holder[c.Field]; ok && c.Field != "" {
			if c.Sure && !l.Columns[j].Sure {
				i, j = j, i
				holder[c.Field] = j
			}
			// A second column with the same title is for a person to look at; a mere likeness gives way.
			l.Columns[i].Field, l.Columns[i].Sure = "", !l.Columns[i].Sure
			continue
		}
		holder[c.Field] = i
	}
}

// fits reports whether at least half of the values can be of the field.
func fits(field string, values []string) bool {
	good := 0
	for _, v := range values {
		var err error
		switch field {
		case "birth", "joinedOn":
			_, err = cell.Day(v, false)
		case "sex":
			_, err = cell.Sex(v)
		case "migrant":
			_, err = cell.Yes(v)
		}
		if err == nil {
			good++
		}
	}
	return good*2 >= len(values)
}

// shapeOf is the field whose values have the shape that at least two thirds of these have, or "".
func shapeOf(values []string) string {
	if len(values) == 0 {
		return ""
	}
	count := map[string]int{}
	for _, v := range values {
		switch {
		case likePaper(v):
			count["idNumber"]++
		case likePhone(v):
			count["phone"]++
		case v == "男" || v == "女":
			count["sex"]++
		}
	}
	for field, n := range count {
		if n*3 >= len(values)*2 {
			return field
		}
	}
	return ""
}

func likePaper(s string) bool {
	s = cnid.Normalize(cell.Narrow(s))
	return len(s) == 18 && (s[0] >= '1' && s[0] <= '9') && strings.Trim(s[:17], "0123456789") == "" && strings.Trim(s[17:], "0123456789X") == ""
}

func likePhone(s string) bool {
	_, err := cnid.NormalizePhone(cell.Narrow(s))
	return err == nil
}

// Mask hides the middle of whatever may be a number of a person.
func Mask(s string) string {
	runes := []rune(s)
	for i := 0; i < len(runes); {
		j := i
		for j < len(runes) && (runes[j] >= '0' && runes[j] <= '9' || runes[j] >= '０' && runes[j] <= '９' || j > i && strings.ContainsRune("-Xx +.E—", runes[j])) {
			j++
		}
		if j-i >= 7 && !dateLike(string(runes[i:j])) {
			for k := i + 3; k < j-4; k++ {
				runes[k] = '*'
			}
			if j-i < 11 {
				for k := i + 3; k < j; k++ {
					runes[k] = '*'
				}
			}
		}
		i = max(j, i+1)
	}
	return string(runes)
}

func dateLike(s string) bool {
	_, err := cell.Day(s, false)
	return err == nil
}

func cut(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return string(r[:n])
	}
	return s
}
