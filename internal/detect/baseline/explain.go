package baseline

import (
	"fmt"
	"strings"

	"jobzero/internal/event"
)

// Score is what one kind says of an event.
type Score struct {
	Kind  Kind
	Size  float64 // as the kind measures it; zero when nothing is unusual
	Score float64 // powers of ten, see Surprise
	Fires bool    // it would be a surprise
	Text  string
}

// Explanation says kind by kind why an event is a surprise, or why not.
type Explanation struct {
	Learning bool // nothing fires yet
	Scores   []Score
	Risk     Risk
}

// Explain judges an event as if it came now, and learns nothing.
func (l *Learner) Explain(about Who, e *event.Event) Explanation {
	x := Explanation{Learning: !l.firing(), Risk: l.Story(about.Principal)}
	hour, ok := hourOf(e.Time)
	if !ok {
		return x
	}
	a := l.actors[about.Principal]
	if a == nil {
		a = &actor{who: about}
		for r, key := range [ranks]string{about.Group, about.Account, ""} {
			a.scopes[r] = l.scopes[r][key]
		}
	}
	t := a.hour(hour)
	f := l.read(e, a, hour)
	l.judge(a, t, &f, true)
	for k := range judged {
		s := Score{Kind: Kind(k), Size: float64(l.marks[k].size)}
		s.Score = l.score(a, k, l.marks[k].size)
		s.Fires = !x.Learning && s.Score >= least
		s.Text = l.explain(a, t, &f, k, &s)
		x.Scores = append(x.Scores, s)
	}
	return x
}

// hour is a copy of what is counted of an hour; nil when the hour is closed.
func (a *actor) hour(hour uint32) *tally {
	for i := range a.open {
		if a.open[i].hour == hour {
			t := a.open[i]
			return &t
		}
	}
	if hour < a.open[0].hour {
		return nil
	}
	return &tally{hour: hour}
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
