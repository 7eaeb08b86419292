package cloudlog

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"time"
)

// Delay is how long AWS gathers records before it delivers them.
const Delay = 5 * time.Minute

// Redelivered is the share of records that come a second time, in a later object of the same account and region.
const Redelivered = 0.005

// maxEvents keeps objects below 5 MB.
const maxEvents = 3_800

// globalRegion is where the calls of services without a region are logged.
const globalRegion = "us-east-1"

// busy is a name with how busy it is in relation to the others.
type busy struct {
	name string
	by   float64
}

func accounts() []busy {
	return []busy{{"111122223333", 6}, {"444455556666", 3}, {"777788889999", 2}, {"999900001111", 1}}
}

func regions() []busy {
	return []busy{{globalRegion, 6}, {"eu-central-1", 4}, {"us-west-2", 2}, {"ap-southeast-1", 1}}
}

type place struct{ account, region string }

// delivery is one object to be made.
type delivery struct {
	place
	begin  time.Time // of the time in which its records were gathered
	events int
	name   string // the random part of its name
}

func (d delivery) key() string {
	at := d.begin.Add(Delay)
	return fmt.Sprintf("AWSLogs/%s/CloudTrail/%s/%s/%s_CloudTrail_%s_%s_%s.json.gz",
		d.account, d.region, at.Format("2006/01/02"), d.account, d.region, at.Format("20060102T1504Z"), d.name)
}

// deliveries plans all objects. Their sizes are spread as in reality: log-normal, most have some dozens or hundreds of records,
// a few in a hundred some thousands; busy accounts and regions have more and larger ones, and there is a day and a night.
func (l *Log) deliveries() []delivery {
	rng := l.rng("deliveries")
	var all []delivery
	for left := l.o.Events; left > 0; {
		a, r := one(accounts(), rng), one(regions(), rng)
		size := 60 * math.Sqrt(a.by*r.by) * math.Exp(1.2*rng.NormFloat64())
		d := delivery{place: place{a.name, r.name}, events: min(left, maxEvents, 1+int(size)), name: string(appendFrom(nil, rng, alphanumeric, 16))}
		d.begin = l.o.Start.Add(time.Duration(ofDay(rng) * float64(l.o.Span))).Truncate(Delay)
		all = append(all, d)
		left -= d.events
	}
	slices.SortStableFunc(all, func(a, b delivery) int { return a.begin.Compare(b.begin) })
	return all
}

// one draws a name; the busier, the more often.
func one(all []busy, rng *rand.Rand) busy {
	sum := 0.0
	for _, b := range all {
		sum += math.Sqrt(b.by)
	}
	at := rng.Float64() * sum
	for _, b := range all {
		if at -= math.Sqrt(b.by); at < 0 {
			return b
		}
	}
	return all[0]
}

// ofDay draws a part of the span between 0 and 1, more often from its middle than from its ends.
func ofDay(rng *rand.Rand) float64 {
	for {
		x := rng.Float64()
		if rng.Float64() < 0.55-0.45*math.Cos(2*math.Pi*x) {
			return x
		}
	}
}

// again takes records of the place's last delivery that come a second time.
func (l *Log) again(d delivery, rng *rand.Rand) [][]byte {
	l.owed += Redelivered * float64(d.events)
	had := l.recent[d.place]
	n := min(int(l.owed), len(had), d.events/2)
	l.owed -= float64(n)
	rng.Shuffle(len(had), func(i, j int) { had[i], had[j] = had[j], had[i] })
	return slices.Clone(had[:n])
}

// keep remembers some of a delivery's new records for the next one.
func (l *Log) keep(p place, fresh [][]byte) {
	const some = 64
	l.recent[p] = nil
	for i := 0; i < len(fresh); i += 1 + len(fresh)/some {
		l.recent[p] = append(l.recent[p], fresh[i])
	}
}
