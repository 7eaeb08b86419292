package sigma

import (
	"errors"
	"io"
	"io/fs"
	"path"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"jobzero/internal/doc"
	"jobzero/internal/fault"
)

// Load reads the rules in the .yml and .yaml files at or below root, without any options, for those who judge single events.
// What needs more than one event is an error.
func Load(fsys fs.FS, root string) ([]*Compiled, []error) {
	s, errs := LoadAll(fsys, root, Options{})
	return s.singles(errs)
}

// LoadAll reads the .yml and .yaml files at or below root, in the order of ids. A file or document that cannot be used is an
// error, all of them fault.Invalid or the file system's own, and does not stop the others. Folders whose name begins with a
// dot are left out. Of two rules with one id the first, by path, is kept.
func LoadAll(fsys fs.FS, root string, o Options) (Set, []error) {
	var all Set
	var errs []error
	taken := map[string]string{}
	for _, f := range o.readAll(fsys, ruleFiles(fsys, root)) {
		errs = append(append(errs, f.errs...), f.set.refuse(taken)...)
		all.Add(f.set)
	}
	return all.sorted(), errs
}

// loaded is a file of rules, or what stood in its place: a path that cannot be walked.
type loaded struct {
	name string
	set  Set
	errs []error
}

// ruleFiles finds the files of rules at or below root, in the order of their paths.
func ruleFiles(fsys fs.FS, root string) (found []loaded) {
	walk := func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			code := fault.Invalid
			if errors.Is(err, fs.ErrNotExist) {
				code = fault.NotFound
			}
			found = append(found, loaded{errs: []error{fault.Wrap(code, err, "read rules %s", name)}})
		case d.IsDir() && name != root && strings.HasPrefix(d.Name(), "."):
			return fs.SkipDir
		case !d.IsDir() && slices.Contains(extensions, path.Ext(name)):
			found = append(found, loaded{name: name})
		}
		return nil
	}
	if err := fs.WalkDir(fsys, root, walk); err != nil {
		found = append(found, loaded{errs: []error{fault.Wrap(fault.Invalid, err, "read rules %s", root)}})
	}
	return found
}

// extensions are those of files of rules.
var extensions = []string{".yml", ".yaml"}

// readAll reads the files on all processors: a short run spends much of its time on reading text.
func (o Options) readAll(fsys fs.FS, files []loaded) []loaded {
	var next atomic.Int64
	var wait sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), len(files)) {
		wait.Go(func() {
			for i := next.Add(1) - 1; int(i) < len(files); i = next.Add(1) - 1 {
				files[i].read(fsys, o)
			}
		})
	}
	wait.Wait()
	return files
}

func (l *loaded) read(fsys fs.FS, o Options) {
	if l.name == "" {
		return
	}
	data, err := ReadFile(fsys, l.name)
	if err != nil {
		l.errs = []error{err}
		return
	}
	l.set, l.errs = Read(l.name, data, o)
}

// refuse takes out what has an id that is taken, and takes the ids of the rest.
func (s *Set) refuse(taken map[string]string) []error {
	var errs []error
	free := func(id, file string) bool {
		if other, ok := taken[id]; ok {
			errs = append(errs, fault.New(fault.Invalid, "%s: the id %s is taken by %s: give this rule its own", file, id, other))
			return false
		}
		taken[id] = file
		return true
	}
	s.Rules = slices.DeleteFunc(s.Rules, func(r *Compiled) bool { return !free(r.ID, r.File) })
	s.Correlations = slices.DeleteFunc(s.Correlations, func(c *Correlation) bool { return !free(c.ID, c.File) })
	s.Filters = slices.DeleteFunc(s.Filters, func(f *Filter) bool { return !free(f.ID, f.File) })
	return errs
}

// ReadFile reads one regular file, and never more of it than a text may have. Errors are fault.Invalid.
func ReadFile(fsys fs.FS, name string) ([]byte, error) {
	info, err := fs.Stat(fsys, name)
	if err == nil && !info.Mode().IsRegular() {
		err = errors.New("not a regular file")
	}
	if err != nil {
		return nil, fault.Wrap(fault.Invalid, err, "read rule %s", name)
	}
	f, err := fsys.Open(name)
	if err != nil {
		return nil, fault.Wrap(fault.Invalid, err, "read rule %s", name)
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, doc.MaxBytes+1))
	return data, fault.Wrap(fault.Invalid, err, "read rule %s", name)
}
