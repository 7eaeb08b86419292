package baseline

import (
	"fmt"
	"math"
	"strings"
	"time"

	"jobzero/internal/event"
)

// Score is what one kind says of an event.
type Score struct {
	Kind    Kind     `json:"kind"`
	Verdict Verdict  `json:"verdict"`
	Why     string   `json:"why"`              // which condition decided the verdict
	Text    string   `json:"seen,omitempty"`   // what was seen, beside what is normal; why nothing can be said
	Size    float64  `json:"size"`             // as the kind measures it; zero when nothing is unusual
	Score   float64  `json:"score"`            // powers of ten, see Surprise
	OneIn   float64  `json:"one_in,omitempty"` // so many of the hours of Of have one like it; zero when nothing is unusual
	Of      string   `json:"of,omitempty"`     // whose hours: the principal's, or its peers' while it has few of its own
	Fires   bool     `json:"fires"`            // it is a surprise
	Normal  []Normal `json:"normal,omitempty"` // what is normal, for the principal first and then for ever more others
}

// Explanation says kind by kind why an event is a surprise, or why not.
type Explanation struct {
	Principal string    `json:"principal"`
	Group     string    `json:"peers,omitempty"`
	Account   string    `json:"account,omitempty"`
	Known     Knowledge `json:"known"`
	Learning  bool      `json:"learning"` // nothing fires yet
	Scores    []Score   `json:"scores"`   // by kind, that of silence last; none when nothing can be said of the event
	Outlook   Outlook   `json:"risk"`
	Risk      Risk      `json:"-"` // before the event, for Explain; after it, for TakeExplained
}

// Knowledge is how much was known when an event was judged.
type Knowledge struct {
	Events uint64    `json:"events"`
	Since  time.Time `json:"since,omitzero"` // the hour of the first event
	Until  time.Time `json:"until,omitzero"` // the hour of the newest
	Tells  time.Time `json:"tells,omitzero"` // the end of the learning period, if events alone do not end it sooner
	Hours  uint64    `json:"hours"`          // of all principals, in which they were active
	Normal string    `json:"normal"`         // of the principal, in a line
}

// Explain judges an event as if it came now, and learns nothing. All kinds are looked at, also those that Take looks at only
// now and then in an hour.
func (l *Learner) Explain(about Who, e *event.Event) Explanation {
	x := l.explanation(about)
	hour, ok := hourOf(e.Time)
	if !ok || about.Principal == "" {
		return x
	}
	a := l.actors[about.Principal]
	if a == nil {
		a = &actor{who: about}
		for r, key := range [ranks]string{about.Group, about.Account, ""} {
			a.scopes[r] = l.scopes[r][key]
		}
	}
	f := l.read(e, a, hour)
	l.judgements(&x, a, a.hour(hour), &f)
	return x
}

func (l *Learner) explanation(about Who) Explanation {
	x := Explanation{
		Principal: about.Principal, Group: about.Group, Account: about.Account, Known: l.knowledge(), Learning: !l.firing(),
		Risk: l.Story(about.Principal),
	}
	x.Known.Normal = x.Risk.Normal
	return x
}

// judgements are what the kinds say of an event. The tally is a copy.
func (l *Learner) judgements(x *Explanation, a *actor, t *tally, f *facts) {
	x.Learning = !l.firing()
	l.judge(a, t, f, true)
	for k := range judged {
		s := Score{Kind: Kind(k), Size: float64(l.marks[k].size)}
		s.Score = l.score(a, k, l.marks[k].size)
		s.Fires = !x.Learning && s.Score >= least
		s.Text = l.explain(a, t, f, k, &s)
		s.Verdict, s.Why = l.verdict(a, t, f, &s)
		if s.Verdict != Beside && s.Verdict != Unclear {
			s.Normal = l.normals(a, f, k)
		}
		if s.Size > 0 {
			s.OneIn, s.Of = math.Pow(10, s.Score), whose(a)
		}
		x.Scores = append(x.Scores, s)
	}
	x.Scores = append(x.Scores, l.silence(f.e))
}

func (l *Learner) knowledge() Knowledge {
	k := Knowledge{Events: l.counts.Events}
	if l.began != 0 {
		k.Since, k.Until, k.Tells = clock(l.began), clock(l.newest), clock(l.began).Add(l.o.Learn)
	}
	if o := l.scopes[organisation][""]; o != nil {
		k.Hours = o.hours
	}
	return k
}

func whose(a *actor) string {
	if a.young() {
		return "its peers' hours"
	}
	return "its hours"
}

// hour is a copy of what is counted of an hour; nil when the hour is closed.
func (a *actor) hour(hour uint32) *tally {
	for i := range a.open {
		if a.open[i].hour == hour {
			return a.open[i].copied()
		}
	}
	if hour < a.open[0].hour {
		return nil
	}
	return &tally{hour: hour}
}

func (t *tally) copied() *tally {
	if t == nil {
		return nil
	}
	c := *t
	return &c
}

// explain is a score in words.
func (l *Learner) explain(a *actor, t *tally, f *facts, k int, s *Score) string {
	switch {
	case l.marks[k].unknown != "":
		return "unknown: " + l.marks[k].unknown
	case k < traits && f.trait[k] == 0:
		return "unknown: the event does not say which " + nouns[k]
	case t == nil && k >= int(Reads) && k <= int(Things):
		return "unknown: the event is too late for its hour's volume"
	case s.Size <= 0 && k < traits && f.spot[k].in:
		return nouns[k] + " " + f.text(k) + " was seen in this hour before"
	case s.Size <= 0:
		return "nothing unusual"
	}
	text := l.tell(a, t, f, k)
	if s.Score < least {
		return text + fmt.Sprintf("; no surprise, as %s, and only 1 in 100 counts", oneIn(s.Score, a.young()))
	}
	return text + "; " + oneIn(s.Score, a.young())
}

// String is the explanation as a text, a kind a line.
func (x Explanation) String() string {
	var b strings.Builder
	if x.Learning {
		b.WriteString("still learning: nothing fires yet\n")
	}
	for _, s := range x.Scores {
		mark := "-"
		if s.Fires {
			mark = "!"
		}
		fmt.Fprintf(&b, "%s %-9s %s\n", mark, s.Kind, s.Text)
	}
	fmt.Fprintf(&b, "risk %.1f: %s\n", x.Risk.Risk, x.Risk.Normal)
	return b.String()
}
