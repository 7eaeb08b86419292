package quality

import (
	"jobzero/internal/event"
	"jobzero/internal/finding"
)

// Tally is what came of one corpus.
type Tally struct {
	Name    string
	Samples int
	Events  int
	Broken  int // events that the product's readers refuse
	Covered int // samples with an event that a rule is about
	Alerted int // samples with an alert
	Loud    int // samples with an alert of level high or above
	Judged  bool

	// Of samples with a verdict. Want, Hit and Miss count those alone that a rule is about; the rest is Far.
	Want, Hit, Miss, Far int
	False                int // an alert where none is wanted
	Reasons              map[Kind]int
	Told                 []Told   // misses and false alerts with what is said about them
	Unexplained          []string // misses and false alerts without a reason
}

// Told is a sample on which the verdicts differ, and why.
type Told struct {
	Key    string
	Alert  bool // we give one, and they want none
	Reason Reason
}

// Precision is the part of alerts that are wanted, among samples with a verdict; 1 when there is no alert.
func (t *Tally) Precision() float64 { return part(t.Hit, t.Hit+t.False) }

// Recall is the part of the wanted alerts that came, among samples of which a rule is about the call; 1 when none is wanted.
func (t *Tally) Recall() float64 { return part(t.Hit, t.Want) }

func part(n, of int) float64 {
	if of == 0 {
		return 1
	}
	return float64(n) / float64(of)
}

// Measure judges a corpus. Reasons may be nil.
func (j *Judge) Measure(c Corpus, reasons *Reasons) Tally {
	t := Tally{Name: c.Name, Reasons: map[Kind]int{}}
	for _, s := range c.Samples {
		for _, e := range s.Events {
			j.Learn(e)
		}
	}
	for _, s := range c.Samples {
		j.measure(&t, s, reasons)
	}
	return t
}

// measure judges one sample.
func (j *Judge) measure(t *Tally, s Sample, reasons *Reasons) {
	t.Samples++
	t.Events += len(s.Events)
	t.Broken += s.Broken
	covered, alerts, loud := j.judge(s)
	count(&t.Covered, covered)
	count(&t.Alerted, alerts > 0)
	count(&t.Loud, loud)
	if !s.Judged {
		return
	}
	t.Judged = true
	about := covered || alerts > 0
	count(&t.Want, s.Want && about)
	switch {
	case s.Want && alerts > 0:
		t.Hit++
	case s.Want && !about:
		t.Far++
		t.tell(s, false, why(s))
	case s.Want:
		t.Miss++
		t.tell(s, false, reasons.Of(t.Name, s.Key))
	case alerts > 0:
		t.False++
		t.tell(s, true, reasons.Of(t.Name, s.Key))
	}
}

// why nothing of ours is about a sample.
func why(s Sample) Reason {
	if s.Log != "" {
		return Reason{Unread, "we do not read " + s.Log + " as events"}
	}
	return Reason{Uncovered, "no rule is about the call"}
}

func (t *Tally) tell(s Sample, alert bool, r Reason) {
	if r.Kind == "" {
		t.Unexplained = append(t.Unexplained, s.Key)
		return
	}
	t.Reasons[r.Kind]++
	t.Told = append(t.Told, Told{s.Key, alert, r})
}

// judge gives whether a rule is about an event of the sample, how many alerts there are, and whether one is loud.
func (j *Judge) judge(s Sample) (covered bool, alerts int, loud bool) {
	for _, e := range s.Events {
		covered = covered || j.Covers(e)
		for _, a := range j.Alerts(e) {
			if a.Hunting { // it is counted with the benign events
				continue
			}
			alerts++
			loud = loud || a.Level.Rank() >= finding.High.Rank()
		}
	}
	return covered, alerts, loud
}

func count(n *int, yes bool) {
	if yes {
		*n++
	}
}

// Split parts a corpus into samples of CloudTrail and of logs that we do not read, and samples of other logs, which know no
// calls.
func Split(c Corpus) (trail, other Corpus) {
	trail, other = Corpus{Name: c.Name}, Corpus{Name: c.Name + ", other logs"}
	for _, s := range c.Samples {
		to := &trail
		if len(s.Events) > 0 && s.Events[0].Log != event.CloudTrail {
			to = &other
		}
		to.Samples = append(to.Samples, s)
	}
	return trail, other
}
