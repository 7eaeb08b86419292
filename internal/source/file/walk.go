package file

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"jobzero/internal/event"
	"jobzero/internal/fault"
	"jobzero/internal/source"
)

// Walk reads files and folders in the order given, folders by name. A path that does not exist is an error before anything is
// read; whatever else cannot be read is a dead letter, and the next file goes on.
func Walk(ctx context.Context, paths []string, o Options, sink Sink) (Stats, error) {
	for _, p := range paths {
		if _, err := os.Lstat(p); errors.Is(err, fs.ErrNotExist) {
			return Stats{}, fault.New(fault.NotFound, "%s does not exist: want a file or folder of logs", p)
		}
	}
	r := &reader{ctx: ctx, o: o.filled(), sink: sink}
	if o.Progress != nil {
		sizes := walker{ctx: ctx, leave: o.Leave, found: func(_ string, size int64, _ bool) error { r.total += size; return nil }}
		if err := sizes.all(paths); err != nil {
			return r.stats, err
		}
	}
	w := walker{ctx: ctx, leave: o.Leave, found: r.file, lost: r.lost, skip: r.skip}
	err := w.all(paths)
	return r.stats, err
}

// walker goes through folders. It tells regular files, what it can not look into (lost) and what it leaves out (skip).
type walker struct {
	ctx    context.Context
	found  func(path string, size int64, named bool) error
	lost   func(path string, err error) error // may be nil
	skip   func(path, reason string)          // may be nil
	leave  func(path string) bool             // may be nil; see Options
	linked map[string]bool                    // folders that a symbolic link has led to, by their real path
}

func (w *walker) all(paths []string) error {
	if w.linked == nil {
		w.linked = map[string]bool{}
	}
	for _, p := range paths {
		if err := w.path(p, place{named: true}); err != nil {
			return err
		}
	}
	return nil
}

// place says how a path was come to.
type place struct {
	named bool   // given by the user, not found in a folder
	real  string // real path of the folder around it
	links int    // symbolic links to folders on the way
}

func (w *walker) giveUp(path string, err error) error {
	if w.lost == nil {
		return nil
	}
	return w.lost(path, err)
}

func (w *walker) leaveOut(path, reason string) error {
	if w.skip != nil {
		w.skip(path, reason)
	}
	return nil
}

func (w *walker) path(path string, at place) error {
	if err := w.ctx.Err(); err != nil {
		return err
	}
	info, err := os.Stat(path) // follows links; a link that leads in circles is an error
	if err != nil {
		return w.giveUp(path, err)
	}
	if w.leave != nil && !at.named && w.leave(path) {
		return nil
	}
	switch {
	case info.IsDir():
		return w.folder(path, at)
	case !info.Mode().IsRegular():
		return w.giveUp(path, fault.New(fault.Invalid, "neither a file nor a folder (%s)", info.Mode().Type()))
	case isDigest(path):
		return w.leaveOut(path, "a CloudTrail digest, no records")
	}
	return w.found(path, info.Size(), at.named)
}

// folder reads a folder by name. A symbolic link to a folder is followed once; one that leads back up is told.
func (w *walker) folder(path string, at place) error {
	real, err := filepath.EvalSymlinks(path)
	if err != nil {
		return w.giveUp(path, err)
	}
	if info, err := os.Lstat(path); err == nil && info.Mode()&fs.ModeSymlink != 0 && !at.named {
		if at.links++; at.links > maxLinks || within(at.real, real) {
			return w.giveUp(path, fault.New(fault.Invalid, "a symbolic link that leads back up to %s", real))
		}
		if w.linked[real] {
			return w.leaveOut(path, "a symbolic link to a folder that another link led to before")
		}
		w.linked[real] = true
	}
	entries, err := os.ReadDir(path)
	if err != nil {
		if err := w.giveUp(path, err); err != nil {
			return err
		}
	}
	for _, e := range entries {
		if err := w.path(filepath.Join(path, e.Name()), place{real: real, links: at.links}); err != nil {
			return err
		}
	}
	return nil
}

// within says whether path is folder or below it.
func within(path, folder string) bool {
	return path == folder || strings.HasPrefix(path, strings.TrimSuffix(folder, string(filepath.Separator))+string(filepath.Separator))
}

// isDigest knows the digests that CloudTrail delivers beside its logs, by their place or name.
func isDigest(path string) bool { return strings.Contains(filepath.ToSlash(path), "CloudTrail-Digest") }

// lost makes a dead letter of a file or folder that can not be opened.
func (r *reader) lost(path string, err error) error {
	r.stats.DeadLetters++
	return r.sink.DeadLetter(source.DeadLetter{
		Origin: event.Origin{Source: r.o.Source, Place: path, Offset: -1}, Reason: "can not be opened: " + err.Error(), Size: -1, At: r.o.Now(),
	})
}

func (r *reader) skip(path, reason string) {
	r.stats.FilesSkipped++
	r.sink.Skipped(path, reason)
}
