package cli

import (
	"cmp"
	"maps"
	"slices"

	"jobzero/internal/guardrail/replay"
)

// past is the last line of the standard error of guardrails replay with --stats.
type past struct {
	taken
	Judged    int64            `json:"judged"` // events without duplicates and those out of the window
	Denied    int64            `json:"denied"`
	Undecided int64            `json:"undecided"`
	Untouched int64            `json:"untouched"`
	Exempt    int64            `json:"exempt"`
	Why       map[string]int64 `json:"exempt_by_reason"`
	Unknown   map[string]int64 `json:"not_known"`
	leftOut
}

func pastFigures(r *replay.Report, t *tally) past {
	return past{
		taken: t.taken(), Judged: r.Events, Denied: r.Denied, Undecided: r.Undecided, Untouched: r.Untouched, Exempt: r.Exempted(),
		Why: r.Exempt, Unknown: r.Unknown, leftOut: t.leftOut(),
	}
}

// byCount gives the names with the highest count first.
func byCount(of map[string]int64) []string {
	return slices.SortedFunc(maps.Keys(of), func(a, b string) int { return cmp.Or(cmp.Compare(of[b], of[a]), cmp.Compare(a, b)) })
}
