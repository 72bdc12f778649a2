package record

import (
	"testing"

	"gonghui/media/sfu"
)

// at is a clip of a connection with pictures at some milliseconds.
func at(connection uint64, times ...int64) *clip {
	c := &clip{connection: connection}
	for _, t := range times {
		c.frames = append(c.frames, frame{at: t * 1000})
	}
	return c
}

func TestOn(t *testing.T) {
	for name, c := range map[string]struct {
		clips     []*clip
		at        int64
		clip, pos int
	}{
		"before the first":                              {[]*clip{at(1, 100)}, 99, -1, 0},
		"the newest of one clip":                        {[]*clip{at(1, 100, 150, 200)}, 199, 0, 1},
		"the newest of two layers":                      {[]*clip{at(1, 100, 300), at(1, 200)}, 300, 0, 1},
		"the connection that came later":                {[]*clip{at(1, 100, 150, 210), at(2, 190)}, 215, 1, 0},
		"the one of before, when the later one is dead": {[]*clip{at(1, 100, 2300), at(2, 1200)}, 2300, 0, 1},
		"neither, when both stopped":                    {[]*clip{at(1, 100), at(2, 200)}, 2201, -1, 0},
	} {
		t.Run(name, func(t *testing.T) {
			f := &feed{feedKey: feedKey{source: sfu.Camera}, clips: c.clips}
			got, pos := f.on(c.at * 1000)
			if c.clip < 0 {
				if got != nil {
					t.Errorf("picture %d is seen", pos)
				}
				return
			}
			if got != c.clips[c.clip] || pos != c.pos {
				t.Errorf("picture %d of %v, not %d of clip %d", pos, got, c.pos, c.clip)
			}
		})
	}
}
