package cloudlog

import (
	"bytes"
	"cmp"
	"hash/fnv"
	"iter"
	"math/rand/v2"
	"slices"
	"time"
)

// The defaults of Options.
const (
	DefaultEvents = 200_000
	DefaultSpan   = 24 * time.Hour
	DefaultPlant  = 2_500
)

// dayZero is when the logs begin when nothing else is asked for: a Thursday.
var dayZero = time.Date(2026, 11, 19, 0, 0, 0, 0, time.UTC)

// Options are what can be asked for; the zero value is usable.
type Options struct {
	Seed   uint64
	Events int           // records, those delivered twice counted twice; DefaultEvents when zero
	Start  time.Time     // of the logs; 2026-11-19 when zero
	Span   time.Duration // from the first delivery to the last; DefaultSpan when zero
	Plant  int           // one record in so many is suspicious; DefaultPlant when zero
}

// Object is one delivery: a file of the bucket.
type Object struct {
	Key     string // AWSLogs/<account>/CloudTrail/<region>/yyyy/mm/dd/<name>.json.gz
	Records int
	JSON    []byte // {"Records":[…]}, not compressed
}

// Log is one made-up log. It is not safe for concurrent use.
type Log struct {
	o       Options
	grammar *grammar
	mixes   map[string]*mix // by part
	plants  []plant
	pools   map[poolKey][]string
	staffs  map[place]*staff

	manifest Manifest
	made     int                // records that are no duplicates
	owed     float64            // re-deliveries that are due
	recent   map[place][][]byte // records of the last delivery of each place, some of them
	queue    []plant            // those that are due
	sessions map[sessionKey]*session
}

// New prepares a log.
func New(o Options) *Log {
	o.Events, o.Plant = cmp.Or(o.Events, DefaultEvents), cmp.Or(o.Plant, DefaultPlant)
	o.Span = cmp.Or(o.Span, DefaultSpan)
	if o.Start.IsZero() {
		o.Start = dayZero
	}
	l := &Log{o: o, pools: map[poolKey][]string{}, staffs: map[place]*staff{}}
	all := blocks()
	l.grammar = newGrammar(all)
	l.mixes, l.plants = l.grammar.work(all)
	return l
}

// rng is a source of randomness of its own for a purpose, so that what one part draws does not change another.
func (l *Log) rng(purpose string) *rand.Rand {
	h := fnv.New64a()
	_, _ = h.Write([]byte(purpose))
	return rand.New(rand.NewPCG(l.o.Seed, h.Sum64()))
}

// Objects gives the deliveries in the order of their time, the same at each call. Manifest counts them as they are taken.
func (l *Log) Objects() iter.Seq[Object] {
	return func(yield func(Object) bool) {
		l.manifest = Manifest{Seed: l.o.Seed, Planted: map[string]int{}}
		l.made, l.owed, l.queue, l.recent, l.sessions = 0, 0, nil, map[place][][]byte{}, map[sessionKey]*session{}
		for _, d := range l.deliveries() {
			o := l.object(d)
			l.manifest.count(o, d)
			if !yield(o) {
				return
			}
		}
	}
}

// Manifest is what the last run of Objects made so far.
func (l *Log) Manifest() Manifest { return l.manifest }

// object makes one delivery: first what comes a second time, then what is new.
func (l *Log) object(d delivery) Object {
	rng := l.rng(d.key())
	records := l.again(d, rng)
	l.manifest.Duplicates += len(records)
	onDuty := l.staff(d.place).shift(d, rng)
	var fresh [][]byte
	for i := len(records); i < d.events; i++ {
		at := d.begin.Add(time.Duration(i) * Delay / time.Duration(d.events)).Truncate(time.Second)
		fresh = append(fresh, l.record(d, onDuty, at, rng))
	}
	l.keep(d.place, fresh)
	records = append(records, fresh...)
	text := append([]byte(`{"Records":[`), bytes.Join(records, []byte(","))...)
	return Object{Key: d.key(), Records: len(records), JSON: append(text, "]}"...)}
}

// record makes one record, a suspicious one where that is due.
func (l *Log) record(d delivery, onDuty *shift, at time.Time, rng *rand.Rand) []byte {
	if l.made++; l.made%l.o.Plant == 0 {
		l.queue = append(l.queue, l.plants[l.made/l.o.Plant%len(l.plants)])
	}
	for i, p := range l.queue {
		if p.operation.fits(d.region) { // else it waits for a delivery of the region where such calls are logged
			l.queue = slices.Delete(l.queue, i, i+1)
			l.manifest.Planted[p.rule]++
			who := l.staff(d.place).parts[p.by]
			return p.operation.record(l.session(who[rng.IntN(len(who))], at).moment(at, rng))
		}
	}
	who, what := onDuty.next(rng)
	return what.record(l.session(who, at).moment(at, rng))
}
