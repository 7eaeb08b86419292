package console

import (
	"cmp"
	"slices"
	"strings"

	"jobzero/internal/detect"
	"jobzero/internal/fault"
	"jobzero/internal/finding"
)

// detectionsPage is what rules there are.
type detectionsPage struct {
	Text  string
	Rules []detect.Rule
	All   int
	Idle  int
}

func (c *Console) detections(v visit) (page, error) {
	all := c.Knowledge().Rules
	out := detectionsPage{Text: v.URL.Query().Get("text"), All: len(all)}
	for _, r := range all {
		if r.Idle != "" {
			out.Idle++
		}
		if named(r, out.Text) {
			out.Rules = append(out.Rules, r)
		}
	}
	slices.SortStableFunc(out.Rules, func(a, b detect.Rule) int {
		return cmp.Or(b.Level.Rank()-a.Level.Rank(), cmp.Compare(a.Title, b.Title))
	})
	return page{name: "detections", title: "Detections", here: "/detections", content: out}, nil
}

// named reports whether a rule has a text in what it says of itself.
func named(r detect.Rule, text string) bool {
	return strings.Contains(strings.ToLower(r.Title+" "+r.ID+" "+strings.Join(r.Tags, " ")+" "+r.LogSource.String()), strings.ToLower(strings.TrimSpace(text)))
}

// detectionPage is one rule with what it has found.
type detectionPage struct {
	detect.Rule
	Findings finding.Page
	More     string
}

func (c *Console) detection(v visit) (page, error) {
	r, err := c.ruleOf(v.PathValue("id"))
	if err != nil {
		return page{}, err
	}
	out := detectionPage{Rule: r}
	err = c.Reader.View(v.Context(), func(tx Tx) (err error) {
		out.Findings, err = tx.FindingPage(v.Context(), finding.Query{By: out.ID, After: v.URL.Query().Get("after"), Size: 25})
		return err
	})
	if out.Findings.Next != "" {
		out.More = onward(v.URL, out.Findings.Next)
	}
	return page{name: "detection", title: out.Title, here: "/detections", content: out}, err
}

func (c *Console) ruleOf(id string) (detect.Rule, error) {
	all := c.Knowledge().Rules
	at := slices.IndexFunc(all, func(r detect.Rule) bool { return r.ID == id })
	if at < 0 {
		return detect.Rule{}, fault.New(fault.NotFound, "there is no rule %q", id)
	}
	return all[at], nil
}
