package baseline

import (
	"time"

	"jobzero/internal/detect/baseline/sketch"
	"jobzero/internal/event"
)

// Learner learns what is normal and judges each event by what came before it. It is not safe for concurrent use.
type Learner struct {
	o       Options
	age     uint32 // hours, see Options.Age
	began   uint32 // hour of the first event; zero before it
	newest  uint32 // hour of the newest event
	now     uint32 // hour that Tick told last; zero: it never did
	counts  Counts
	actors  map[string]*actor
	order   actor // in the order of use, the last used first; itself none
	scopes  [ranks]map[string]*scope
	texts   [traits]map[uint64]string // values of the organisation's tables, to be told
	boxes   map[uint64]*box           // EC2 instances
	logs    map[string]*log
	heard   struct{ log *log } // the one of the last event
	peaks   sketch.Histogram   // the highest risk of each principal's days
	held    int                // bytes of records that stories hold
	removed []Row
	marks   [judged]mark // of the event that is being judged
}

// New begins to learn.
func New(o Options) *Learner {
	l := &Learner{o: o.filled(), actors: map[string]*actor{}, boxes: map[uint64]*box{}, logs: map[string]*log{}}
	l.age = hours(l.o.Age)
	for r := range l.scopes {
		l.scopes[r] = map[string]*scope{}
	}
	for t := range l.texts {
		l.texts[t] = map[uint64]string{}
	}
	l.order.prev, l.order.next = &l.order, &l.order
	return l
}

// Take judges an event by what is known, then learns it. It gives what is surprising about it, and the story of its principal
// when the risk has become as high as that. An event that was taken before counts once more in volumes: leave copies out.
func (l *Learner) Take(e *event.Event, about Who) ([]Surprise, *Story) {
	surprises, story := l.take(e, about, nil)
	if !l.firing() {
		return nil, nil
	}
	return surprises, story
}

// take is Take, with what is surprising while nothing is told yet. x, when it is not nil, is told what each kind says.
func (l *Learner) take(e *event.Event, about Who, x *Explanation) ([]Surprise, *Story) {
	l.counts.Events++
	hour, ok := hourOf(e.Time)
	if !ok || l.now != 0 && hour > l.now+24 {
		l.counts.Unusable++ // what claims to be of the future would make all else old
		return nil, nil
	}
	if l.began == 0 || hour < l.began {
		l.began = hour
	}
	l.newest = max(l.newest, hour)
	l.hear(e)
	if about.Principal == "" {
		l.counts.Unusable++
		return nil, nil
	}
	a := l.actor(about, hour)
	t := l.tally(a, hour)
	if t == nil {
		l.counts.Late++
	}
	f := l.read(e, a, hour)
	if x != nil {
		l.judgements(x, a, t.copied(), &f)
	}
	l.judge(a, t, &f, false)
	surprises := l.surprises(a, t, &f)
	l.learn(a, t, &f)
	return surprises, l.add(a, &f, surprises)
}

// learn takes up what the event says.
func (l *Learner) learn(a *actor, t *tally, f *facts) {
	if a.seen.count == 0 {
		for _, s := range a.scopes {
			if s != nil {
				s.members++
				s.dirty = true
			}
		}
	}
	a.seen.touch(f.hour)
	for k := range traits {
		if f.trait[k] != 0 && !f.spot[k].in {
			l.learnValue(a, t, k, f)
		}
	}
	for _, s := range a.scopes {
		if s != nil && f.hour > s.last {
			s.last, s.dirty = f.hour, true
		}
	}
	a.walk(f)
	l.see(a, f)
	if t != nil {
		t.count(f)
	}
}

// learnValue notes a value of a trait in an hour in which it was not seen. What is new, or new again, the scopes hear of; but
// not of keys, which are nobody else's.
func (l *Learner) learnValue(a *actor, t *tally, k int, f *facts) {
	if t != nil {
		t.values[k]++
	}
	at := f.spot[k]
	if at.known {
		v := &a.sets[k][at.index]
		if v.last < back(f.hour, l.age) {
			v.seen = seen{first: v.first, last: f.hour, count: 1, recent: 1}
		} else {
			v.touch(f.hour)
			return
		}
	} else if a.sets[k].insert(at.index, f.trait[k], f.hour, mostValues[k]) {
		l.counts.Crowded++
	}
	if Kind(k) != Key {
		l.known(a, k, f.trait[k], f)
	}
}

// count adds an event to its hour.
func (t *tally) count(f *facts) {
	t.calls[f.writes]++
	if f.failed {
		t.errors++
	}
	for i := range f.e.Resources {
		if arn := f.e.Resources[i].ARN; arn != "" {
			t.things.Add(sketch.Hash(arn))
		}
	}
}

// scoring reports whether sizes are held against those before: in the second half of the learning period that is done to know
// what risk is usual. firing: it is over.
func (l *Learner) scoring() bool { return l.learnt(l.o.Learn/2, l.o.LearnEvents/2) }

func (l *Learner) firing() bool { return l.learnt(l.o.Learn, l.o.LearnEvents) }

func (l *Learner) learnt(after time.Duration, events uint64) bool {
	return l.newest-l.began >= hours(after) || l.o.LearnEvents > 0 && l.counts.Events >= events
}

// Counts is what the learner did so far.
func (l *Learner) Counts() Counts { return l.counts }

// Size is how many principals are known, and about how many bytes of memory all that is known takes.
func (l *Learner) Size() (principals, bytes int) {
	for _, a := range l.actors {
		bytes += a.bytes()
	}
	const perUsage, perText, perBox, perLog = 40, 60, 150, 900
	for _, all := range l.scopes {
		for _, s := range all {
			bytes += len(s.key) + 1500 + perUsage*len(s.exits.users)
			for k := range s.tables {
				bytes += perUsage * len(s.tables[k].users)
			}
			for k := range s.sizes {
				bytes += s.sizes[k].Bytes()
			}
		}
	}
	for k := range l.texts {
		bytes += perText * len(l.texts[k])
	}
	return len(l.actors), bytes + perBox*len(l.boxes) + perLog*len(l.logs)
}
