package file

import (
	"bytes"
	"context"
	"errors"
	"io"

	"jobzero/internal/fault"
)

// Input is where files come from: a file or folder on disk, or streams that lie elsewhere.
type Input struct {
	Path    string
	Streams Streams // when it is not nil, Path is only a name
}

// Paths are inputs on disk.
func Paths(paths ...string) []Input {
	out := make([]Input, len(paths))
	for i, p := range paths {
		out[i].Path = p
	}
	return out
}

// Streams calls found for each stream, in an order that is always the same. An error of found is to be given back.
type Streams func(ctx context.Context, found func(Stream) error) error

// Stream is one object that does not lie on disk.
type Stream struct {
	Place string // its name, such as s3://bucket/key
	Size  int64  // bytes as it is stored
	// Open opens it. fault.NotFound makes a dead letter of it, as nobody can read it any more; any other error ends the reading.
	Open func(context.Context) (io.ReadCloser, error)
}

// input goes through one input.
func (w *walker) input(in Input, found func(Stream) error) error {
	if in.Streams == nil {
		return w.all([]string{in.Path})
	}
	return in.Streams(w.ctx, found)
}

// tries is how often an object is fetched whose connection breaks.
const tries = 3

// object reads one stream: at one go when it is small, so that a connection that breaks can be tried again, and piece by piece
// when it is not.
func (r *reader) object(x Stream) (err error) {
	defer func() { r.ended(x.Place, err) }()
	if isDigest(x.Place) {
		r.skip(x.Place, "a CloudTrail digest, no records")
		return nil
	}
	from := input{place: x.Place, named: true}
	if x.Size > wholePacked || r.memory == nil {
		return r.streamed(x, from)
	}
	packed, err := r.fetch(x)
	if err != nil {
		return r.refused(x.Place, err)
	}
	if ok, err := r.inMemory(packed, from); ok {
		return err
	}
	t := &tap{r: r, in: bytes.NewReader(packed)}
	from.packed = func() int64 { return t.read }
	return r.stream(t, from)
}

// fetch brings all of a small object.
func (r *reader) fetch(x Stream) (packed []byte, err error) {
	for range tries {
		var in io.ReadCloser
		if in, err = x.Open(r.ctx); err != nil {
			return nil, err
		}
		packed = r.memory.room(x.Size)
		_, err = io.ReadFull(in, packed)
		if err == nil {
			if n, _ := in.Read(make([]byte, 1)); n > 0 {
				err = fault.New(fault.Conflict, "it is larger than the list said")
			}
		}
		in.Close()
		if err == nil || r.ctx.Err() != nil {
			return packed, errors.Join(err, r.ctx.Err())
		}
	}
	return nil, fault.Wrap(fault.Unavailable, err, "read %s", x.Place)
}

// streamed reads a large object piece by piece. When the connection breaks, what was read counts and the reading ends.
func (r *reader) streamed(x Stream, from input) error {
	in, err := x.Open(r.ctx)
	if err != nil {
		return r.refused(x.Place, err)
	}
	defer in.Close()
	t := &tap{r: r, in: in}
	from.packed = func() int64 { return t.read }
	err = r.stream(t, from)
	if t.bad != nil {
		return fault.Wrap(fault.Unavailable, t.bad, "read %s", x.Place)
	}
	return err
}

// refused makes a dead letter of what is gone.
func (r *reader) refused(place string, err error) error {
	if fault.Is(err, fault.NotFound) {
		return r.lost(place, err)
	}
	return err
}
