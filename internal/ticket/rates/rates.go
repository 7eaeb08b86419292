package rates

import (
	"cmp"
	"slices"
	"strings"

	"jobzero/internal/ticket"
)

// Case is one opening with what is known of it. Empty words: nothing of the kind had a part in it.
type Case struct {
	ticket.Opening
	Playbook string         `json:"playbook,omitempty"`
	Rule     string         `json:"rule,omitempty"`    // rule or expectation
	Verdict  string         `json:"verdict,omitempty"` // what was believed
	Closing  string         `json:"closing,omitempty"` // the verdict that closed it
	Review   *ticket.Review `json:"review,omitempty"`
}

// Rate is what a group of cases came to.
type Rate struct {
	Of       string `json:"of"`
	All      int    `json:"tickets"`           // openings
	Open     int    `json:"open"`              // of which still open
	Alone    int    `json:"closed_alone"`      // closed without a person
	Verdicts int    `json:"closed_by_verdict"` // of those, by a verdict
	Came     int    `json:"came_back"`         // of those closed alone: opened again by software, because it came back
	Reopened int    `json:"reopened"`          // of those closed alone: opened again by a person
	Reviewed int    `json:"reviewed"`          // of those closed alone: a person has looked at it afterwards
	Wrong    int    `json:"wrong"`             // of those reviewed
}

// Share is the part that was closed without a person; false when there is nothing to be a part of.
func (r Rate) Share() (float64, bool) {
	if r.All == 0 {
		return 0, false
	}
	return float64(r.Alone) / float64(r.All), true
}

// FalseClose is the part of the reviewed closings that was wrong; false when nobody has reviewed any: it is not known then, and not zero.
func (r Rate) FalseClose() (float64, bool) {
	if r.Reviewed == 0 {
		return 0, false
	}
	return float64(r.Wrong) / float64(r.Reviewed), true
}

func (r *Rate) add(c Case) {
	r.All++
	if c.Closed.IsZero() {
		r.Open++
	}
	if !c.Alone() {
		return
	}
	r.Alone++
	if c.Closing != "" {
		r.Verdicts++
	}
	switch {
	case c.AgainByPerson():
		r.Reopened++
	case c.Again != "":
		r.Came++
	}
	if c.Review != nil {
		r.Reviewed++
		if !c.Review.Right {
			r.Wrong++
		}
	}
}

// Sums adds cases up.
type Sums struct {
	by  func(Case) string
	all map[string]*Rate
	sum Rate
}

// New adds up by a word of each case.
func New(by func(Case) string) *Sums { return &Sums{by: by, all: map[string]*Rate{}} }

// Add counts a case.
func (s *Sums) Add(c Case) {
	of := s.by(c)
	if s.all[of] == nil {
		s.all[of] = &Rate{Of: of}
	}
	s.all[of].add(c)
	s.sum.add(c)
}

// Rates gives the groups, the largest first, and all together.
func (s *Sums) Rates() (groups []Rate, sum Rate) {
	for _, r := range s.all {
		groups = append(groups, *r)
	}
	slices.SortFunc(groups, func(a, b Rate) int { return cmp.Or(b.All-a.All, strings.Compare(a.Of, b.Of)) })
	s.sum.Of = "all"
	return groups, s.sum
}

// Sample keeps some of all cases that it is shown, each as likely as any other, in memory for those alone.
type Sample struct {
	most, seen int
	kept       []Case
	pick       func(n int) int // a number in [0,n)
}

// NewSample keeps so many.
func NewSample(most int, pick func(int) int) *Sample { return &Sample{most: most, pick: pick} }

// Show shows it a case; those that a person had a part in, or has reviewed, or that were opened again, are not for it.
func (s *Sample) Show(c Case) {
	if !c.Alone() || c.Review != nil || c.Again != "" {
		return
	}
	s.seen++
	if len(s.kept) < s.most {
		s.kept = append(s.kept, c)
		return
	}
	if i := s.pick(s.seen); i < s.most {
		s.kept[i] = c
	}
}

// Cases gives what was kept, the last closed first, and how many there were.
func (s *Sample) Cases() ([]Case, int) {
	slices.SortFunc(s.kept, func(a, b Case) int { return cmp.Or(b.Closed.Compare(a.Closed), cmp.Compare(a.Ticket, b.Ticket)) })
	return s.kept, s.seen
}
