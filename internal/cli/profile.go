package cli

import (
	"fmt"
	"time"

	"jobzero/internal/detect/sigma"
)

// costed is what one rule cost, for programs.
type costed struct {
	RuleID     string  `json:"rule_id"`
	Title      string  `json:"title"`
	Candidates int64   `json:"candidates"` // events that it had to judge
	Matches    int64   `json:"matches"`
	Timed      int64   `json:"timed"`             // of the candidates
	Seconds    float64 `json:"seconds,omitempty"` // of all candidates, from those timed; absent when none was
	Percent    float64 `json:"percent,omitempty"` // of the time of all rules
}

// profileRows is how many rules the table shows: the rest cost next to nothing. JSON has all that cost anything.
const profileRows = 20

// showProfile says what each rule cost, the dearest first.
func (s *shell) showProfile(p *sigma.Profile, form format) error {
	var rows []costed
	var all time.Duration
	costs := p.Costs()
	for _, c := range costs {
		all += c.Time
	}
	idle := 0
	for _, c := range costs {
		if c.Candidates == 0 {
			idle++
			continue
		}
		rows = append(rows, costed{
			c.Rule.ID, c.Rule.Title, c.Candidates, c.Matches, c.Timed, c.Time.Seconds(), 100 * c.Time.Seconds() / max(all.Seconds(), 1e-9),
		})
	}
	if form != formatTable {
		return writeJSON(s.err, struct {
			Profile []costed `json:"profile"`
		}{append([]costed{}, rows...)})
	}
	t := table{columns: []column{{name: "TIME"}, {name: "SHARE"}, {name: "EACH"}, {name: "JUDGED"}, {name: "FIRED"}, {name: "RULE", give: 1}}}
	for _, r := range rows[:min(len(rows), profileRows)] {
		took, share, each := "?", "?", "?"
		if r.Timed > 0 {
			took, share = fine(r.Seconds), fmt.Sprintf("%.1f %%", r.Percent)
			each = fine(r.Seconds / float64(r.Candidates))
		}
		t.add(took, share, each, count(r.Candidates), count(r.Matches), r.Title)
	}
	if len(rows) == 0 {
		s.complain("No rule had anything to judge.")
		return nil
	}
	if err := t.write(s.err); err != nil {
		return err
	}
	if rest := len(rows) - profileRows; rest > 0 {
		s.complain("… and %s more; --format json has all", plural(rest, "rule"))
	}
	s.complain("%s never had to be judged", plural(idle, "rule"))
	return nil
}

// fine is a short time in three digits.
func fine(seconds float64) string {
	d := time.Duration(seconds * float64(time.Second))
	for unit := time.Duration(1); ; unit *= 10 {
		if r := d.Round(unit); r < 1000*unit {
			return r.String()
		}
	}
}
