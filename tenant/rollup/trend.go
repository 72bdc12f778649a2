package rollup

import (
	"time"

	rollupv1 "gonghui/tenant/rollup/v1"
)

// point is the value that a figure had from a day on.
type point struct {
	day   time.Time
	value int64
}

// trend is the value at the end of each of the days up to last: that of the last point up to the day, 0 before the first.
// points are in the order of days; the first may lie before the days asked for.
func trend(points []point, last time.Time, days int) []int64 {
	values := make([]int64, days)
	var value int64
	i := 0
	for k := range values {
		day := last.AddDate(0, 0, k+1-days)
		for ; i < len(points) && !points[i].day.After(day); i++ {
			value = points[i].value
		}
		values[k] = value
	}
	return values
}

func dayValues(points []point, last time.Time, days int) []*rollupv1.DayValue {
	all := make([]*rollupv1.DayValue, days)
	rows := make([]rollupv1.DayValue, days)
	for k, v := range trend(points, last, days) {
		rows[k].Day, rows[k].Value = last.AddDate(0, 0, k+1-days).Format(time.DateOnly), v
		all[k] = &rows[k]
	}
	return all
}
