package file

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"sync"
	"sync/atomic"

	"jobzero/internal/event"
	"jobzero/internal/fault"
	"jobzero/internal/source"
)

// Part is what one worker makes of a piece of the input. It is used by one goroutine at a time.
type Part interface {
	Sink
	Records
	// Full says that the part is large enough and another one shall go on.
	Full() bool
}

// Spread is Walk on all processors: each file is read by one worker into parts that open makes, and done takes the parts in the
// order of the input, one at a time. What waits to be taken is bounded.
func Spread[P Part](ctx context.Context, paths []string, o Options, open func() P, done func(P) error) (Stats, error) {
	return SpreadInputs(ctx, Paths(paths...), o, open, done)
}

// SpreadInputs is Spread over what lies on disk or elsewhere. Options.Workers read at once; each holds no more than one object
// of some megabytes, or streams.
func SpreadInputs[P Part](ctx context.Context, inputs []Input, o Options, open func() P, done func(P) error) (Stats, error) {
	for _, in := range inputs {
		if _, err := os.Lstat(in.Path); in.Streams == nil && errors.Is(err, fs.ErrNotExist) {
			return Stats{}, fault.New(fault.NotFound, "%s does not exist: want a file or folder of logs", in.Path)
		}
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	s := &spread[P]{ctx: ctx, o: o.filled(), open: open}
	if err := s.measure(inputs); err != nil {
		return Stats{}, err
	}
	workers := s.o.Workers
	jobs, order := make(chan *job[P], workers), make(chan *job[P], 4*workers)
	var all sync.WaitGroup
	all.Go(func() {
		defer close(jobs)
		defer close(order)
		s.find(inputs, func(j *job[P]) error {
			for _, c := range []chan *job[P]{jobs, order} { // what is in order must be worked on, or its end is never seen
				select {
				case c <- j:
				case <-ctx.Done():
					return context.Cause(ctx)
				}
			}
			return nil
		})
	})
	for range workers {
		all.Go(func() {
			memory := &buffers{}
			for j := range jobs {
				s.work(j, memory)
			}
		})
	}
	stats, err := s.collect(order, done, cancel)
	all.Wait()
	return stats, errors.Join(err, s.lost)
}

// spread is one reading by many.
type spread[P Part] struct {
	ctx   context.Context
	o     Options
	open  func() P
	total atomic.Int64 // bytes of what is known to come
	lost  error        // of finding files
}

// job is one file, or what is to be said in its place.
type job[P Part] struct {
	run   func(*reader) error
	parts chan P
	stats Stats
	err   error
}

// partsAhead is how many parts of one file may wait to be taken.
const partsAhead = 2

// find makes a job of everything that is found, in order.
func (s *spread[P]) find(inputs []Input, give func(*job[P]) error) {
	begun := s.o.After == ""
	add := func(place string, run func(*reader) error) error {
		if !begun {
			begun = place == s.o.After
			return nil
		}
		return give(&job[P]{run: run, parts: make(chan P, partsAhead)})
	}
	var failed error
	w := walker{
		ctx: s.ctx, leave: s.o.Leave,
		found: func(path string, size int64, named bool) error {
			return add(path, func(r *reader) error { return r.file(path, size, named) })
		},
		lost: func(path string, err error) error {
			return add(path, func(r *reader) error { return r.lost(path, err) })
		},
		skip: func(path, reason string) {
			if err := add(path, func(r *reader) error { r.skip(path, reason); return nil }); err != nil {
				failed = err
			}
		},
	}
	sorted := newInTime(w.found)
	if s.o.InTime {
		w.found = sorted.found
	}
	for _, in := range inputs {
		err := w.input(in, func(x Stream) error {
			s.total.Add(x.Size)
			return add(x.Place, func(r *reader) error { return r.object(x) })
		})
		if err != nil {
			s.lost = errors.Join(s.lost, err)
			break
		}
	}
	if s.lost == nil {
		s.lost = sorted.flush()
	}
	s.lost = errors.Join(s.lost, failed)
	if s.lost == nil && !begun {
		s.lost = fault.New(fault.Invalid, "%s, behind which to begin, is not among what is to be read", s.o.After)
	}
}

// measure adds up the sizes on disk, for the progress. What lies elsewhere is added while it is found.
func (s *spread[P]) measure(inputs []Input) error {
	if s.o.Progress == nil {
		return nil
	}
	w := walker{ctx: s.ctx, leave: s.o.Leave, found: func(_ string, size int64, _ bool) error { s.total.Add(size); return nil }}
	for _, in := range inputs {
		if in.Streams != nil {
			continue
		}
		if err := w.input(in, nil); err != nil {
			return err
		}
	}
	return nil
}

// work does one job.
func (s *spread[P]) work(j *job[P], memory *buffers) {
	defer close(j.parts)
	if s.ctx.Err() != nil {
		return
	}
	o := s.o
	o.Progress = nil
	p := &parts[P]{spread: s, job: j, now: s.open()}
	r := &reader{ctx: s.ctx, o: o, sink: p, memory: memory}
	if j.err = j.run(r); j.err == nil {
		j.err = p.pass()
	}
	j.stats = r.stats
}

// collect takes the parts in order and adds up the counts.
func (s *spread[P]) collect(order <-chan *job[P], done func(P) error, cancel context.CancelCauseFunc) (Stats, error) {
	var (
		sum    Stats
		failed error
	)
	for j := range order {
		for p := range j.parts {
			if failed == nil {
				if failed = done(p); failed != nil {
					cancel(failed)
				}
			}
		}
		if failed == nil && j.err != nil {
			failed = j.err
			cancel(failed)
		}
		if failed != nil {
			j.stats.Last = "" // it was read, but not all of it was taken
		}
		sum.add(j.stats)
		if s.o.Progress != nil {
			s.o.Progress(sum.BytesCompressed, max(s.total.Load(), sum.BytesCompressed))
		}
	}
	return sum, failed
}

// add counts another file.
func (s *Stats) add(o Stats) {
	s.Files += o.Files
	s.FilesSkipped += o.FilesSkipped
	s.Events += o.Events
	s.RecordsSkipped += o.RecordsSkipped
	s.DeadLetters += o.DeadLetters
	s.BytesCompressed += o.BytesCompressed
	s.BytesJSON += o.BytesJSON
	if o.Last != "" {
		s.Last = o.Last
	}
}

// parts is the sink of one job: it passes a part on when it is full.
type parts[P Part] struct {
	*spread[P]
	job *job[P]
	now P
}

// Event hands on.
func (p *parts[P]) Event(e *event.Event) error {
	if err := p.now.Event(e); err != nil {
		return err
	}
	return p.turn()
}

// Record hands on.
func (p *parts[P]) Record(r *event.Record, origin event.Origin) error {
	if err := p.now.Record(r, origin); err != nil {
		return err
	}
	return p.turn()
}

// DeadLetter hands on.
func (p *parts[P]) DeadLetter(d source.DeadLetter) error {
	if err := p.now.DeadLetter(d); err != nil {
		return err
	}
	return p.turn()
}

// Skipped hands on.
func (p *parts[P]) Skipped(path, reason string) { p.now.Skipped(path, reason) }

func (p *parts[P]) turn() error {
	if !p.now.Full() {
		return nil
	}
	if err := p.pass(); err != nil {
		return err
	}
	p.now = p.open()
	return nil
}

func (p *parts[P]) pass() error {
	select {
	case p.job.parts <- p.now:
		return nil
	case <-p.ctx.Done():
		return context.Cause(p.ctx)
	}
}
