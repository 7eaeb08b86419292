package lake

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"testing"
)

// FuzzItem: what is written is read again, and any other bytes give an error and never a panic or an endless field.
func FuzzItem(f *testing.F) {
	f.Add([]byte("ext/a"), int64(-5), uint64(7), []byte(`{}`))
	f.Add([]byte{0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f}, int64(0), uint64(0), []byte{})
	f.Fuzz(func(t *testing.T, place []byte, time int64, order uint64, line []byte) {
		want := item{string(place), time, order, 6003, line}
		var got item
		in := bufio.NewReader(bytes.NewReader(want.append(nil)))
		if err := got.read(in); err != nil {
			t.Fatal(err)
		}
		if got.place != want.place || got.time != want.time || got.order != want.order || got.class != want.class || !bytes.Equal(got.line, want.line) {
			t.Errorf("got %+v, want %+v", got, want)
		}
		if err := got.read(in); !errors.Is(err, io.EOF) {
			t.Errorf("behind the end: %v", err)
		}
		for in := bufio.NewReader(bytes.NewReader(place)); ; {
			if err := got.read(in); err != nil {
				break
			}
		}
	})
}

// A run that was cut off is told, not taken for a short one.
func TestCutRun(t *testing.T) {
	whole := (&item{"ext/a", 1, 2, 6003, []byte(`{"a":1}`)}).append(nil)
	for n := 1; n < len(whole); n++ {
		var got item
		if err := got.read(bufio.NewReader(bytes.NewReader(whole[:n]))); !errors.Is(err, io.ErrUnexpectedEOF) {
			t.Errorf("%d of %d bytes: %v", n, len(whole), err)
		}
	}
}
