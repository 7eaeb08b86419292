package baseline

import (
	"fmt"
	"math"
	"strconv"
	"time"

	"jobzero/internal/event"
)

// Surprise is one way in which an event is unusual for its principal.
type Surprise struct {
	Kind      Kind
	Principal string
	Event     event.ID
	Time      time.Time
	Score     float64 // powers of ten: 3 is one active hour of the principal in 1,000
	Peers     bool    // the score is mostly that of its peers: the principal has few hours of its own
	Risk      float64 // what it added to the principal's risk
	Stage     string  // of an attack in which such a call is made, in words of ATT&CK; mostly empty
	Text      string  // what is normal, for whom, since when, and what was seen
	Origin    event.Origin
	Raw       []byte // the record, as far as there is room for it
}

// String is the surprise in one line.
func (s *Surprise) String() string {
	if s.Kind == Silence {
		return s.Text
	}
	return s.Text + "; " + oneIn(s.Score, s.Peers)
}

// oneIn says a score.
func oneIn(score float64, peers bool) string {
	of := "its"
	if peers {
		of = "its peers'"
	}
	n := math.Pow(10, score)
	switch {
	case n < 1.5:
		return "that is nothing unusual"
	case n < 100:
		return fmt.Sprintf("1 in %.0f of %s hours is like that", n, of)
	case n < 1e6:
		return fmt.Sprintf("1 in %s of %s hours is like that", digits(n), of)
	default:
		return "fewer than 1 in a million of " + of + " hours are like that"
	}
}

// digits is a number to two digits, with commas, a million at most.
func digits(n float64) string {
	unit := math.Pow(10, math.Floor(math.Log10(n))-1)
	x := int(math.Round(n/unit) * unit)
	switch {
	case x < 1000:
		return strconv.Itoa(x)
	case x < 1_000_000:
		return fmt.Sprintf("%d,%03d", x/1000, x%1000)
	default:
		return "a million"
	}
}

// The weights of calibration, in hours: how much the organisation counts for a group, and the group for a principal. A
// principal is never taken to be more than so many times calmer than its peers; and nothing is said to be more than so many
// times rarer than what all hours so far could show.
const (
	organisationHours = 200
	groupHours        = 30
	calmer            = 10
	rarer             = 100.0
)

// least is the score of the least surprise: one hour in a hundred. What was told in an hour is told again when its score has
// grown by muchRarer.
const (
	least     = 2
	hundredth = 0.01
	muchRarer = 0.5
)

// score is how rare a size is among the hours of the principal, with what its peers' and all hours say while it has few. The
// principal's own hours count as they are, what is beyond them as its peers' thin out.
func (l *Learner) score(a *actor, k int, size float32) float64 {
	if size <= 0 {
		return 0
	}
	o := a.scopes[organisation]
	if o == nil {
		return 0 // nothing was learnt yet
	}
	p := max(o.sizes[k].Tail(float64(size)), 1/rarer/(float64(o.hours)+1))
	if g := a.scopes[group]; g != nil {
		n := float64(g.sizes[k].N())
		p = (n*g.sizes[k].Tail(float64(size)) + organisationHours*p) / (n + organisationHours)
	}
	own := (a.sizes[k].atLeast(bin(size)) + groupHours*p) / (float64(a.hours) + groupHours)
	return -math.Log10(min(1, max(own, p/calmer)))
}

// young reports whether its peers say more about the principal than its own hours.
func (a *actor) young() bool { return a.hours < groupHours }

// surprises are the kinds that are rare enough to be told. Counts are told again in their hour only when they got much rarer,
// and then for the difference.
func (l *Learner) surprises(a *actor, t *tally, f *facts) []Surprise {
	var out []Surprise
	scoring := l.scoring()
	for k := range judged {
		size := l.marks[k].size
		if size <= 0 {
			continue
		}
		if t != nil {
			t.worst[k] = max(t.worst[k], size)
		}
		if !scoring || a.sizes[k].atLeast(bin(size)) >= hundredth*(float64(a.hours)+groupHours) {
			continue // most sizes are as usual as that
		}
		score := l.score(a, k, size)
		news := score
		if k >= traits && t != nil {
			news -= float64(t.said[k])
		}
		if score < least || news < muchRarer {
			continue
		}
		s := Surprise{Kind: Kind(k), Principal: a.who.Principal, Event: f.e.ID, Time: f.e.Time, Score: score, Peers: a.young(), Risk: news, Origin: f.e.Origin}
		s.Text = l.tell(a, t, f, k)
		out = append(out, s)
		if t != nil {
			t.said[k] = max(t.said[k], float32(score))
		}
	}
	return out
}
