// Package policy decides: it turns the rules that apply to one subject into an index over all bodies and answers from that.
// It knows no database, no clock and no names of people.
package policy

// Level is how much of the data a right shows. A higher one includes those below it.
type Level uint8

// The data levels.
const (
	None Level = iota
	Aggregate
	Masked
	Full
)

var levelNames = [...]string{"none", "aggregate", "masked", "full"}

// String is the name of a level: none, aggregate, masked, full.
func (l Level) String() string { return levelNames[min(int(l), len(levelNames)-1)] }

// ParseLevel reads the name of a level, none included.
func ParseLevel(name string) (Level, bool) {
	for l, n := range levelNames {
		if n == name {
			return Level(l), true
		}
	}
	return None, false
}
