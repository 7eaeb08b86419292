package ledger

import (
	"iter"
	"time"
)

// Daily goes through the rows day by day, in no order: each row with what was done on that day alone. The day is the first of its
// month where days were folded to months, and 1970-01-01 where there are none (Ledger.Coarse says so).
func (v View) Daily() iter.Seq2[time.Time, Row] {
	return func(yield func(time.Time, Row) bool) {
		for _, r := range v.l.rows {
			for _, c := range r.days {
				if c.day < v.since || c.day >= v.till {
					continue
				}
				if !yield(time.Unix(int64(c.day)*day, 0).UTC(), v.row(r, c)) {
					return
				}
			}
		}
	}
}
