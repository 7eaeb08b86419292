package baseline

import (
	"bytes"
	"cmp"
	"math"
	"slices"
	"time"
)

// story is the risk of a principal and what it is made of.
type story struct {
	risk  float64 // at
	at    int64   // seconds since 1970: the newest surprise
	since int64   // the first one
	count uint32  // surprises
	kinds [judged]uint16
	best  []Surprise // those with the highest risk, by time
	told  float64    // the risk of which was told last
	raw   int        // bytes of records in best
}

// mostTold is how many surprises a story tells; mostRaw is the largest record that it holds.
const (
	mostTold = 12
	mostRaw  = 4 << 10
)

// fading is the risk below which a story is over; below leastTold none is told, however quiet all else is.
const (
	fading    = 1
	leastTold = 5
)

// add adds an event's surprises to the risk and tells the story when it is time to.
func (l *Learner) add(a *actor, f *facts, surprises []Surprise) *Story {
	l.endDay(a, f)
	if len(surprises) == 0 {
		return nil
	}
	if a.story == nil {
		a.story = &story{at: f.at, since: f.at}
	}
	s := a.story
	s.weigh(surprises, f)
	l.counts.Surprises += uint64(len(surprises))
	sum := 0.0
	for i := range surprises {
		sum += surprises[i].Risk
		s.count++
		l.keep(s, surprises[i], f)
	}
	s.since = min(s.since, f.at)
	if f.at >= s.at {
		s.risk, s.at = s.riskAt(f.at, l.o.HalfLife)+sum, f.at
	} else {
		s.risk += sum * half(s.at-f.at, l.o.HalfLife) // as if it had come in time
	}
	a.peak = max(a.peak, float32(s.risk))
	if !l.firing() || s.risk < max(leastTold, 2*s.told) || l.rarity(s.risk) > l.o.Budget/1000 {
		return nil
	}
	s.told = s.risk
	l.counts.Stories++
	told := l.story(a)
	return &told
}

// weigh says what each surprise adds: its score, by the stage of the attack that the call may stand for; half of that when it
// is the second of its kind or the second of its event, a third when the third, and so on.
func (s *story) weigh(surprises []Surprise, f *facts) {
	slices.SortStableFunc(surprises, func(a, b Surprise) int { return cmp.Compare(b.Risk, a.Risk) })
	at := stageOf(f.e)
	for i := range surprises {
		p := &surprises[i]
		if s.kinds[p.Kind] < math.MaxUint16 {
			s.kinds[p.Kind]++
		}
		p.Stage = at.name
		weight := at.weight
		if p.Kind == Errors && refused(f.e.ErrorCode) {
			weight = max(weight, looking) // it tries what it may
		}
		p.Risk *= weight / float64(s.kinds[p.Kind]) / float64(i+1)
	}
}

// keep holds the surprise among the best ones.
func (l *Learner) keep(s *story, p Surprise, f *facts) {
	if len(s.best) >= mostTold {
		worst := 0
		for i := range s.best {
			if s.best[i].Risk < s.best[worst].Risk {
				worst = i
			}
		}
		if s.best[worst].Risk >= p.Risk {
			return
		}
		l.held -= len(s.best[worst].Raw)
		s.raw -= len(s.best[worst].Raw)
		s.best = slices.Delete(s.best, worst, worst+1)
	}
	same := slices.ContainsFunc(s.best, func(b Surprise) bool { return b.Event == p.Event && len(b.Raw) > 0 })
	if n := len(f.e.Raw); !same && n <= mostRaw && l.held+n <= l.o.MaxEvidence {
		p.Raw = bytes.Clone(f.e.Raw)
		l.held += n
		s.raw += n
	}
	s.best = append(s.best, p)
	slices.SortStableFunc(s.best, func(a, b Surprise) int { return cmp.Or(a.Time.Compare(b.Time), cmp.Compare(a.Event, b.Event)) })
}

// endDay notes the highest risk of a day that is over, and ends a story that has faded.
func (l *Learner) endDay(a *actor, f *facts) {
	day := f.hour / 24
	if day <= a.day {
		return
	}
	if l.scoring() {
		l.peaks.Add(float64(a.peak))
	}
	a.day, a.peak = day, 0
	if a.story == nil {
		return
	}
	if risk := a.story.riskAt(f.at, l.o.HalfLife); risk >= fading {
		a.peak = float32(risk)
		return
	}
	l.drop(a)
}

func (l *Learner) drop(a *actor) {
	if a.story != nil {
		l.held -= a.story.raw
		a.story = nil
	}
}

// riskAt is the risk at a time, or what it is now when the time is before.
func (s *story) riskAt(at int64, halfLife time.Duration) float64 {
	return s.risk * half(at-s.at, halfLife)
}

func half(seconds int64, life time.Duration) float64 {
	return math.Exp2(-float64(max(seconds, 0)) / life.Seconds())
}

// The risk that days are believed to reach before any were seen, and how many days that belief weighs: a tenth as many days
// reach so much more.
const (
	tenth      = 4
	beliefDays = 50
)

// rarity is the share of the days of principals in which the risk is as high.
func (l *Learner) rarity(risk float64) float64 {
	n, seen := float64(l.peaks.N()), 0.0
	if l.peaks.Quantile(1) > 0 { // days without any risk say nothing about how much there can be
		seen = n * l.peaks.Tail(risk)
	}
	return (seen + beliefDays*math.Pow(10, -risk/tenth)) / (n + beliefDays)
}

func (s *story) bytes() int {
	n := 200 + s.raw
	for i := range s.best {
		n += 200 + len(s.best[i].Text)
	}
	return n
}
