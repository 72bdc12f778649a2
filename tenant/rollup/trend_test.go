package rollup

import (
	"slices"
	"testing"
	"time"
)

func TestTrend(t *testing.T) {
	day := func(d int) time.Time { return time.Date(2025, 3, d, 0, 0, 0, 0, time.UTC) }
	for _, tc := range []struct {
		name   string
		points []point
		want   []int64
	}{
		{"nothing", nil, []int64{0, 0, 0, 0}},
		{"long ago", []point{{day(1), 5}}, []int64{5, 5, 5, 5}},
		{"a day without change repeats the one before", []point{{day(1), 5}, {day(8), 7}, {day(10), 6}}, []int64{5, 7, 7, 6}},
		{"first in the middle", []point{{day(9), 2}}, []int64{0, 0, 2, 2}},
		{"first day and last", []point{{day(7), 1}, {day(10), 4}}, []int64{1, 1, 1, 4}},
		{"tomorrow does not count", []point{{day(7), 1}, {day(11), 4}}, []int64{1, 1, 1, 1}},
	} {
		if got := trend(tc.points, day(10), 4); !slices.Equal(got, tc.want) {
			t.Errorf("%s: got %v, want %v", tc.name, got, tc.want)
		}
	}
}
