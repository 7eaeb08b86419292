package replay

import (
	"context"
	"time"

	"jobzero/internal/policy"
	"jobzero/internal/policy/trail"
	"jobzero/internal/principal/lineage"
	"jobzero/internal/source"
	"jobzero/internal/source/archive"
	"jobzero/internal/source/file"
	"jobzero/internal/source/logs"
)

// Options are what to hold against the logs, and how to read them.
type Options struct {
	Kind         policy.Kind
	Policies     policy.Set
	Organisation trail.Organisation
	Window       archive.Window
	Workers      int
	Logs         logs.Options
	Progress     func(read, total int64)
	Now          func() time.Time
	Letter       func(source.DeadLetter) error
	Skipped      func(path, reason string)
}

// Report is what became of all events.
type Report struct {
	Stats      file.Stats
	Duplicates int64
	Outside    int64 // records out of the window
	Events     int64 // that were judged: those of the four totals
	Denied     int64
	Undecided  int64
	Untouched  int64
	Exempt     map[string]int64 // by the reason
	Unknown    map[string]int64 // undecided events by the first of what is not known
	Groups     []Group
	Merged     int64 // calls in groups that say less, because there were too many
}

// Exempted is the sum of the exempt.
func (r *Report) Exempted() (n int64) {
	for _, c := range r.Exempt {
		n += c
	}
	return n
}

// maxUnknown is how many different keys are counted by name; a policy of AWS's size has fewer.
const maxUnknown = 1000

// Run reads the inputs once and judges each event.
func Run(ctx context.Context, inputs []file.Input, o Options) (*Report, error) {
	r := &Report{Exempt: map[string]int64{}, Unknown: map[string]int64{}}
	graph, sums, known := lineage.New(lineage.Options{}), newSums(), source.NewDedupe(0)
	read := file.Options{Now: o.Now, Progress: o.Progress, Workers: o.Workers, Logs: o.Logs}
	if !o.Window.Empty() {
		read.Leave = o.Window.Leaves
	}
	open := func() *part {
		return &part{judge: newJudge(o), window: o.Window, known: known, raws: map[string][]byte{}}
	}
	var err error
	r.Stats, err = file.SpreadInputs(ctx, inputs, read, open, func(p *part) error { return r.take(p, o, graph, sums) })
	r.Groups, r.Merged = sums.list(graph), sums.Merged
	return r, err
}

// take counts a part, in the order of the input.
func (r *Report) take(p *part, o Options, graph *lineage.Graph, s *sums) error {
	if err := p.Unread(o.Letter, o.Skipped); err != nil {
		return err
	}
	for _, g := range p.grants {
		graph.Take(g)
	}
	r.Outside += p.outside
	next := 0
	for i, stamp := range p.Seen {
		first := p.known.FirstStamp(stamp)
		if !first {
			r.Duplicates++
		} else {
			r.count(p.answers[i])
		}
		for ; next < len(p.of) && p.of[next] == i; next++ {
			if first {
				s.add(p.hits[next])
			}
		}
	}
	for session, raw := range p.raws {
		s.keep(session, raw)
	}
	return nil
}

func (r *Report) count(a short) {
	r.Events++
	switch a.outcome {
	case policy.Denied:
		r.Denied++
	case policy.Undecided:
		r.Undecided++
		if _, there := r.Unknown[a.unknown]; there || len(r.Unknown) < maxUnknown {
			r.Unknown[a.unknown]++
		}
	case policy.Untouched:
		r.Untouched++
	default:
		r.Exempt[a.reason]++
	}
}
