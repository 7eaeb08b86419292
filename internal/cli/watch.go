package cli

import (
	"container/heap"
	"time"

	"github.com/spf13/cobra"

	"jobzero/internal/detect"
	"jobzero/internal/detect/baseline"
	"jobzero/internal/detect/baseline/atlas"
	"jobzero/internal/event"
	"jobzero/internal/fault"
)

// learnOptions are what a person can say about baselines.
type learnOptions struct {
	on   bool
	days float64 // of learning
	maps []string
}

const learnHelp = `With --baselines it also learns what is normal for each principal and tells who behaves unlike itself and its peers, with what
is normal, since when, and what was seen; and which logs fell silent. Nothing is told in the first days (--learn-days). Files
are read in the order of the times in their names (each 100,000 of them), and events are brought into order within 16,384: what
is more out of order than that is learnt, and judged by what is known by then. Addresses have places only with --locations.`

func (o *learnOptions) flags(c *cobra.Command) {
	f := c.Flags()
	f.BoolVar(&o.on, "baselines", false, "learn what is normal for each principal, and tell what is not")
	f.Float64Var(&o.days, "learn-days", 7, "with --baselines: `DAYS` of events in which nothing is told")
	f.StringArrayVar(&o.maps, "locations", nil, "with --baselines: MMDB `FILE` of places or networks (GeoLite2 City, ASN or alike); repeatable")
}

// The window in which events are brought into order.
const (
	windowEvents = 16_384
	windowBytes  = 64 << 20
)

// watch learns from events in the order of time, as far as its window reaches. A nil one does nothing.
type watch struct {
	learner *baseline.Learner
	wait    byTime
	bytes   int
	ticked  time.Time
}

// newWatch begins to learn, when that is asked for.
func newWatch(o learnOptions) (*watch, error) {
	if !o.on {
		if len(o.maps) > 0 {
			return nil, fault.New(fault.Invalid, "--locations is about --baselines: add that")
		}
		return nil, nil //nolint:nilnil // nil is the watch that does nothing
	}
	if o.days <= 0 || o.days > 3650 {
		return nil, fault.New(fault.Invalid, "--learn-days %g: use a number above 0, at most 3650", o.days)
	}
	of := baseline.Options{Learn: time.Duration(o.days * 24 * float64(time.Hour))}
	if len(o.maps) > 0 {
		places, err := atlas.Open(o.maps...)
		if err != nil {
			return nil, err
		}
		of.Locator = places
	}
	return &watch{learner: baseline.New(of)}, nil
}

// take takes events; those that are nil are duplicates.
func (w *watch) take(events []*event.Event) (out []hit) {
	for _, e := range events {
		if e == nil {
			continue
		}
		heap.Push(&w.wait, e)
		for w.bytes += len(e.Raw); len(w.wait) > windowEvents || w.bytes > windowBytes; {
			out = w.next(out)
		}
	}
	return out
}

// end takes what waits.
func (w *watch) end() (out []hit) {
	for w != nil && len(w.wait) > 0 {
		out = w.next(out)
	}
	return out
}

// next learns from the earliest event, and asks for silent logs once in an hour of events.
func (w *watch) next(out []hit) []hit {
	e := heap.Pop(&w.wait).(*event.Event)
	w.bytes -= len(e.Raw)
	if hour := e.Time.Truncate(time.Hour); hour.After(w.ticked) {
		w.ticked = hour
		for _, s := range w.learner.Tick(hour) {
			of := &event.Event{Time: s.At, Account: s.Account, Region: s.Region, Actor: event.Actor{ARN: s.Log}, Origin: event.Origin{Offset: -1}}
			out = append(out, told(of, &s))
		}
	}
	if _, s := w.learner.Take(e, baseline.Of(e)); s != nil {
		out = append(out, told(e, s))
	}
	return out
}

// told makes a hit of a story.
func told(e *event.Event, s *baseline.Story) hit {
	f := s.Finding(s.At)
	rule := &detect.Rule{ID: f.By, Name: f.By, Title: f.Title, Level: f.Severity}
	return hit{event: e, match: detect.Match{Rule: rule}, story: s}
}

// byTime is a heap of events.
type byTime []*event.Event

// Len is how many there are.
func (b byTime) Len() int { return len(b) }

// Less puts the earlier one first, and of two at once the one with the lesser ID.
func (b byTime) Less(i, j int) bool {
	if c := b[i].Time.Compare(b[j].Time); c != 0 {
		return c < 0
	}
	return b[i].ID < b[j].ID
}

// Swap swaps two.
func (b byTime) Swap(i, j int) { b[i], b[j] = b[j], b[i] }

// Push adds one at the end.
func (b *byTime) Push(x any) { *b = append(*b, x.(*event.Event)) }

// Pop takes the one at the end.
func (b *byTime) Pop() any {
	last := len(*b) - 1
	e := (*b)[last]
	(*b)[last] = nil
	*b = (*b)[:last]
	return e
}
