package machine

import (
	"strings"
	"time"

	"jobzero/internal/access/ledger"
)

// heard adds what a ledger knows: later uses, and the last person. Who used an identity counts before who changed it.
func heard(all []*Identity, v ledger.View) {
	by := make(map[string]*Identity, len(all))
	for _, i := range all {
		by[i.ARN] = i
		a, ok := v.Activity(i.ARN)
		if !ok {
			continue
		}
		if a.Last.After(i.Used) {
			i.Used, i.Told, i.Source = a.Last, true, "ledger"
		}
		if !a.HumanLast.IsZero() {
			i.Human, i.HumanAt, i.HumanBy = a.Human.ID, a.HumanLast, "used it"
		}
	}
	type change struct {
		who string
		at  time.Time
	}
	last := map[*Identity]change{}
	for _, r := range v.Rows() {
		if !r.Root.Human() || !strings.HasPrefix(r.Name, "iam:") || !r.Writes() {
			continue
		}
		if i := by[r.Resource]; i != nil && r.Last.After(last[i].at) {
			last[i] = change{r.Root.ID, r.Last}
		}
	}
	for i, c := range last {
		if i.Human == "" {
			i.Human, i.HumanAt, i.HumanBy = c.who, c.at, "changed it"
		}
	}
}
