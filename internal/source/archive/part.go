package archive

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"time"

	"jobzero/internal/fault"
	"jobzero/internal/source/file"
)

// Part is what was delivered for an account on a day, of whatever log. The zero value is every file of which the folders do not say
// both. Parts never overlap, and together they are all of an archive.
type Part struct {
	Account string
	Day     string // of delivery, 2006/01/02
}

// Holds reports whether a file is of the part. The names of files do not count: who lists the accounts of an archive goes by folders.
func (p Part) Holds(path string) bool {
	at := Read(path)
	whole := at.Account != "" && len(at.Day) == len(dayForm)
	if p == (Part{}) {
		return !whole && wanted(at)
	}
	return whole && wanted(at) && at.Account == p.Account && at.Day == p.Day
}

// Enters reports whether a folder may lead to files of the part.
func (p Part) Enters(path string) bool {
	at := Read(path)
	if p == (Part{}) {
		return len(at.Day) < len(dayForm) && wanted(at)
	}
	return wanted(at) && (at.Account == "" || at.Account == p.Account) && strings.HasPrefix(p.Day, at.Day)
}

// wanted reports whether a kind of log is read.
func wanted(at Place) bool {
	k, _ := kindOf(at.Kind)
	return !k.other
}

// Leaves says of a path on disk whether it is left out, for file.Options: what is not of the part, or not of the window.
func (p Part) Leaves(w Window) func(path string) bool {
	return func(path string) bool {
		if info, err := os.Stat(path); err == nil && info.IsDir() {
			return !p.Enters(path) || !w.Admits(path+"/")
		}
		return !p.Holds(path) || !w.Admits(path) // what cannot be looked at is told by who reads it
	}
}

// Part lists the objects of a part that may hold records of a window.
func (b Bucket) Part(api API, p Part, w Window) file.Streams {
	return func(ctx context.Context, found func(file.Stream) error) error {
		l := &listing{api: api, bucket: b, found: func(x file.Stream) error {
			if !p.Holds(x.Place) {
				return nil
			}
			return found(x)
		}}
		if p == (Part{}) {
			l.enter = func(path string) bool { return p.Enters(path) && w.Admits(path) }
		} else {
			w.Accounts, w.day = []string{p.Account}, p.Day
			l.window = w
		}
		return l.folder(ctx, b.Prefix)
	}
}

// Accounts calls found for each account that the layout below the prefix names, again where another folder names it too.
func (b Bucket) Accounts(ctx context.Context, api API, found func(account string)) error {
	if at := Read(b.Prefix); at.Account != "" {
		found(at.Account)
		return nil
	}
	l := &listing{api: api, bucket: b, found: func(file.Stream) error { return nil }, enter: func(prefix string) bool {
		at := Read(prefix)
		if at.Account != "" && strings.HasSuffix(prefix, "/") {
			found(at.Account)
		}
		return at.Account == ""
	}}
	return l.folder(ctx, b.Prefix)
}

// Accounts calls found for each account that the layout below a folder names, again where another one names it too. Symbolic links are followed once.
func Accounts(ctx context.Context, folder string, found func(account string)) error {
	seen := map[string]bool{}
	var enter func(path string) error
	enter = func(path string) error {
		if err := ctx.Err(); err != nil {
			return err
		}
		if at := Read(path); at.Account != "" {
			found(at.Account)
			return nil
		}
		real, err := filepath.EvalSymlinks(path)
		if err != nil || seen[real] {
			return err
		}
		seen[real] = true
		entries, err := os.ReadDir(path)
		if err != nil {
			return err
		}
		for _, e := range entries {
			next := filepath.Join(path, e.Name())
			if info, err := os.Stat(next); err != nil || !info.IsDir() {
				continue // a link that leads nowhere is told by who reads the files
			}
			if err := enter(next); err != nil {
				return err
			}
		}
		return nil
	}
	return fault.Wrap(fault.Unavailable, enter(folder), "look for accounts below %s", folder)
}

// Days are the days of delivery from a time to another one, the earliest first.
func Days(since, until time.Time) (out []string) {
	for at := since.UTC().Truncate(24 * time.Hour); !at.After(until); at = at.Add(24 * time.Hour) {
		out = append(out, at.Format(dayForm))
	}
	return out
}
