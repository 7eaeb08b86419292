package file

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"jobzero/internal/event"
	"jobzero/internal/source"
	"jobzero/internal/source/line"
)

// verdict is what an error of a log's reader means.
type verdict struct {
	name string // of what tells of nothing that happened: to be counted
	dead string // the reason of a dead letter
	end  error  // of the sink, on its way through a reader
}

func verdictOf(err error) verdict {
	if other, ok := errors.AsType[*source.Other](err); ok {
		return verdict{name: other.Name}
	}
	if s, ok := errors.AsType[*stop](err); ok {
		return verdict{end: s.error}
	}
	if err == nil || errors.Is(err, line.ErrHeader) {
		return verdict{}
	}
	return verdict{dead: err.Error()}
}

// stop is an error of the sink on its way through a reader: no fault of the input.
type stop struct{ error }

func halt(err error) error {
	if err == nil {
		return nil
	}
	return &stop{err}
}

// follow does what comes of an entry that is no dead letter.
func (r *reader) follow(v verdict, e *event.Event, o *others) error {
	switch {
	case v.end != nil:
		return v.end
	case v.name != "":
		o.add(v.name)
		r.stats.RecordsSkipped++
		return nil
	case e == nil: // a header, or an envelope whose entries were taken one by one
		return nil
	}
	r.stats.Events++
	return r.sink.Event(e)
}

// letter is a dead letter of an entry, with what was known of it; nil: nothing was.
func (r *reader) letter(in line.Entry, reason string, known *event.Beside) source.DeadLetter {
	return source.DeadLetter{Origin: in.Origin, Reason: reason, Bytes: source.Clip(in.Text), Size: int64(len(in.Text)), At: r.o.Now(), Beside: known}
}

// beside is what a file's name says of an entry in it.
func beside(log event.Log, place string) *event.Beside {
	p := line.PlaceOf(place)
	return &event.Beside{Log: log, Account: p.Account, Region: p.Region}
}

func (r *reader) bury(d source.DeadLetter) error {
	r.stats.DeadLetters++
	return r.sink.DeadLetter(d)
}

// maxOthers is how many names are counted one by one; a file could make up any number of them.
const maxOthers = 16

// others counts entries that tell of nothing that happened, by name.
type others struct {
	count map[string]int64
	more  int64 // of names beyond the first
}

func (o *others) add(name string) {
	if _, known := o.count[name]; !known && len(o.count) == maxOthers {
		o.more++
		return
	}
	if o.count == nil {
		o.count = map[string]int64{}
	}
	o.count[name]++
}

// tell names what was counted.
func (o *others) tell(r *reader, place string) {
	var parts []string
	for name, n := range o.count {
		parts = append(parts, fmt.Sprintf("%d × %s", n, name))
	}
	slices.Sort(parts)
	if o.more > 0 {
		parts = append(parts, fmt.Sprintf("%d × others", o.more))
	}
	if len(parts) > 0 {
		r.sink.Skipped(place, strings.Join(parts, "; "))
	}
}
