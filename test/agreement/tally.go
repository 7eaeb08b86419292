package agreement

import (
	"context"
	"fmt"
	"strings"
)

// Count is how many cases there are of one label, and with how many of them we agree.
type Count struct{ Of, Agreed int }

// kinds counts the disagreements by what they come from.
func (t *Tally) kinds() map[string]int {
	out := map[string]int{}
	for _, d := range t.Told {
		kind, _, _ := strings.Cut(d.Reason, ": ")
		out[kind]++
	}
	return out
}

// Told is a disagreement.
type Told struct {
	Key     string
	Outcome Outcome
	Reason  string
}

// Tally is what came of one corpus.
type Tally struct {
	Name      string
	Cases     int
	Covered   int // by an expectation of ours that can read the text
	Agreed    int // of those covered
	Undecided int // of those covered; none of them is agreed
	ByWant    map[Want]Count
	Left      map[string]int // labels that are no cases, by the reason

	Told        []Told   // disagreements with a reason
	Unexplained []string // disagreements without one, with what we said
	Controls    []Control
}

// Control is one control of theirs, and how far it is covered.
type Control struct {
	Name           string
	Cases, Covered int
	IDs            []string
	Why            string // why no expectation is about it
	Says, By       string // see Mapped
	Whole          bool   // templates are compared, and not the resources that the labels name
	Forms          map[Kind]bool
}

// Agreement is the share of covered cases with which we agree, in per cent; a disagreement with a good reason is one too.
func (t *Tally) Agreement() float64 { return share(t.Agreed, t.Covered) }

// Coverage is the share of cases that an expectation of ours is about, in per cent.
func (t *Tally) Coverage() float64 { return share(t.Covered, t.Cases) }

func share(n, of int) float64 {
	if of == 0 {
		return 0
	}
	return 100 * float64(n) / float64(of)
}

// Together are several tallies as one, without what is only of one of them.
func Together(all []*Tally) *Tally {
	out := &Tally{Name: "together", ByWant: map[Want]Count{}}
	for _, t := range all {
		out.Cases, out.Covered, out.Agreed, out.Undecided = out.Cases+t.Cases, out.Covered+t.Covered, out.Agreed+t.Agreed, out.Undecided+t.Undecided
		for want, n := range t.ByWant {
			sum := out.ByWant[want]
			out.ByWant[want] = Count{sum.Of + n.Of, sum.Agreed + n.Agreed}
		}
		out.Told = append(out.Told, t.Told...)
	}
	return out
}

// Measure judges a corpus.
func (j *Judge) Measure(ctx context.Context, c *Corpus, m *Mapping, reasons *Reasons) (*Tally, error) {
	t := &Tally{Name: c.Name, Cases: len(c.Cases), ByWant: map[Want]Count{}, Left: c.Left}
	at := map[string]int{}
	for i, name := range c.Controls() {
		at[name] = i
		x := m.Controls[name]
		t.Controls = append(t.Controls, Control{Name: name, IDs: x.IDs, Why: x.Why, Says: x.Says, By: x.By, Whole: x.Whole, Forms: map[Kind]bool{}})
	}
	for i := range c.Cases {
		x := &c.Cases[i]
		control := &t.Controls[at[x.Control]]
		control.Cases++
		control.Forms[x.Kind] = true
		a, err := j.Answer(ctx, x, m.Controls[x.Control])
		if err != nil {
			return nil, fmt.Errorf("%s: %s: %w", c.Name, x.Key, err)
		}
		if a.Outcome == Uncovered {
			continue
		}
		control.Covered++
		t.take(x, a, reasons)
	}
	return t, nil
}

func (t *Tally) take(x *Case, a Answer, reasons *Reasons) {
	t.Covered++
	n := t.ByWant[x.Want]
	n.Of++
	if a.Outcome == Agree {
		t.Agreed++
		n.Agreed++
	}
	t.ByWant[x.Want] = n
	if a.Outcome == Agree {
		return
	}
	if a.Outcome == Undecided {
		t.Undecided++
	}
	if why := reasons.Of(x.Key); why != "" {
		t.Told = append(t.Told, Told{x.Key, a.Outcome, why})
		return
	}
	t.Unexplained = append(t.Unexplained, fmt.Sprintf("%s | %s: %s", x.Key, a.Outcome, strings.Join(a.Seen, "; ")))
}

// String is a line for people.
func (t *Tally) String() string {
	return fmt.Sprintf("%s: %d cases, %d covered (%.1f %%), %d agree (%.1f %%), %d undecided", t.Name, t.Cases, t.Covered, t.Coverage(),
		t.Agreed, t.Agreement(), t.Undecided)
}
