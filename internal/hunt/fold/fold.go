package fold

import (
	"context"
	"time"

	"jobzero/internal/access/ledger"
	"jobzero/internal/event"
	"jobzero/internal/principal/lineage"
	"jobzero/internal/source"
	"jobzero/internal/source/archive"
	"jobzero/internal/source/file"
	"jobzero/internal/source/logs"
)

// Options are what can be said of a reading; the zero value is everything there is.
type Options struct {
	Window   archive.Window
	Workers  int
	Logs     logs.Options
	Progress func(read, total int64)
	Now      func() time.Time
	// Once reads everything once: who is behind a session is known only as far as its own records say. Otherwise the sessions are
	// learnt by a first reading.
	Once    bool
	Letter  func(source.DeadLetter) error
	Skipped func(path, reason string)
}

// Stats count what was read.
type Stats struct {
	file.Stats
	Outside  int64          // records out of the window
	Again    int64          // records of files that the ledger knows
	Before   int            // files that the ledger knows and that were not opened
	Sessions lineage.Counts // what is known of who is behind what
}

// earlier is how long before the window a session of its events may have begun: the longest life of a credential.
const earlier = 36 * time.Hour

// sessions is how many credentials are remembered, of about a kilobyte each. Whoever is behind more is unknown, and that is said.
const sessions = 300_000

// Run adds what the inputs hold to a ledger, in the order of the input. After an error the ledger has a part of it and is of no use.
func Run(ctx context.Context, inputs []file.Input, o Options, to *ledger.Ledger) (stats Stats, err error) {
	read := file.Options{Now: o.Now, Progress: o.Progress, Workers: o.Workers, Logs: o.Logs}
	graph := lineage.New(lineage.Options{MaxGrants: sessions})
	o.Window.Logs = []event.Log{event.CloudTrail}
	if !o.Once {
		if err := learn(ctx, inputs, read, o.Window, graph); err != nil {
			return stats, err
		}
	}
	known := newKnown(to)
	read.Leave = func(path string) bool { return known.leaves(path) || o.Window.Leaves(path) }
	free := &pool{graph: graph, window: o.Window, known: known}
	stats.Stats, err = file.SpreadInputs(ctx, inputs, read, free.open, func(p *part) error {
		defer free.close(p)
		if err := p.Unread(o.Letter, o.Skipped); err != nil {
			return err
		}
		stats.Outside += p.outside
		stats.Again += p.again
		for i := range p.entries {
			to.Take(&p.entries[i])
		}
		for why, n := range p.left {
			to.Leave(why, n)
		}
		for _, name := range p.files {
			to.Finish(name)
		}
		return nil
	})
	stats.Sessions, stats.Before = graph.Counts(), len(known.left)
	return stats, err
}

// learn reads everything once for the sessions, those too that began before the window.
func learn(ctx context.Context, inputs []file.Input, read file.Options, w archive.Window, graph *lineage.Graph) error {
	if !w.Since.IsZero() {
		w.Since = w.Since.Add(-earlier)
	}
	w.Accounts, w.Regions = nil, nil // a session may have been issued anywhere
	read.Leave = w.Leaves
	_, err := file.SpreadInputs(ctx, inputs, read, func() *learner { return &learner{} }, func(l *learner) error {
		for _, g := range l.grants {
			graph.Take(g)
		}
		return nil
	})
	return err
}
