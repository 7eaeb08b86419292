package hunt

import (
	"slices"

	"jobzero/internal/detect/sigma"
	"jobzero/internal/event"
)

// Logs are the logs that the rules of a linked set can match; none when no rule can match any. Rules that ask who is behind an
// event need CloudTrail besides, where the sessions are that tell.
func Logs(set sigma.Set) (all []event.Log) {
	for _, r := range set.Rules {
		all = append(all, r.Logs...)
	}
	if asking, _ := set.ByLineage(); len(asking) > 0 {
		all = append(all, event.CloudTrail)
	}
	slices.Sort(all)
	return slices.Compact(all)
}
