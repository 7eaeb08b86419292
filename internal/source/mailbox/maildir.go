package mailbox

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"strings"

	"jobzero/internal/fault"
)

// Known reports whether a message was taken before.
type Known func(ctx context.Context, name string) (bool, error)

// Maildir is a folder with new, cur and tmp (maildir(5)): what lies in new was delivered and not taken.
type Maildir struct{ Dir string }

// Name is the place for people, and the beginning of the names of its messages.
func (m Maildir) Name() string { return "maildir " + m.Dir }

// At is where a message lies, for people.
func (m Maildir) At(name string) string { return m.Dir + "/new/" + name }

const atOnce = 256 // names of a folder that are read at once

// List gives the names of some messages that nobody has taken. One that was taken and lies there still, because a process died in between, is put
// where it belongs.
func (m Maildir) List(ctx context.Context, most int, known Known) (out []string, err error) {
	d, err := os.Open(m.Dir + "/new")
	if err != nil {
		return nil, fault.Path(err, m.Dir, "a Maildir: a folder with new, cur and tmp")
	}
	defer d.Close()
	for len(out) < most {
		all, err := d.ReadDir(atOnce)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, fault.Wrap(fault.Unavailable, err, "list %s/new", m.Dir)
		}
		for _, e := range all {
			if len(out) == most || !e.Type().IsRegular() || strings.HasPrefix(e.Name(), ".") {
				continue
			}
			was, err := known(ctx, e.Name())
			switch {
			case err != nil:
				return nil, err
			case was:
				err = m.Taken(ctx, e.Name())
			default:
				out = append(out, e.Name())
			}
			if err != nil {
				return nil, err
			}
		}
	}
	return out, nil
}

// Open reads a message. It leads nowhere out of the folder.
func (m Maildir) Open(_ context.Context, name string) (io.ReadCloser, int64, error) {
	root, err := os.OpenRoot(m.Dir)
	if err != nil {
		return nil, 0, fault.Path(err, m.Dir, "a Maildir: a folder with new, cur and tmp")
	}
	defer root.Close()
	f, err := root.Open("new/" + name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, 0, fault.New(fault.NotFound, "message %s is not there any more", name)
	}
	if err != nil {
		return nil, 0, fault.Wrap(fault.Unavailable, err, "open message %s", name)
	}
	info, err := f.Stat()
	if err != nil {
		_ = f.Close() // it was only read
		return nil, 0, fault.Wrap(fault.Unavailable, err, "open message %s", name)
	}
	return f, info.Size(), nil
}

// Taken puts a message to those that were seen. One that is gone was put there by another.
func (m Maildir) Taken(_ context.Context, name string) error {
	to := name
	if !strings.Contains(name, ":2,") {
		to += ":2,S"
	}
	err := os.Rename(m.Dir+"/new/"+name, m.Dir+"/cur/"+to)
	if errors.Is(err, fs.ErrNotExist) {
		if _, gone := os.Stat(m.Dir + "/cur"); gone != nil {
			return fault.Path(gone, m.Dir+"/cur", "the folder of what was seen")
		}
		return nil
	}
	return fault.Wrap(fault.Unavailable, err, "put message %s to those that were seen", name)
}
