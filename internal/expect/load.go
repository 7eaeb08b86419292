package expect

import (
	"io/fs"
	"path"
	"slices"

	"jobzero/internal/expr"
	"jobzero/internal/fault"
	"jobzero/internal/resource"
)

// Set is what is expected of everything. It is immutable and safe for concurrent use; to reload, load again and swap the
// pointer.
type Set struct {
	all    []*Expectation
	byID   map[string]*Expectation
	byType map[resource.Type][]*Expectation
}

// Load reads all expectations (*.yaml, *.yml) below root. A file that is wrong never stops the others: it is left out and is
// one of the errors, which begin with file:line:col.
func Load(fsys fs.FS, root string) (*Set, []error) {
	env, err := environment()
	if err != nil {
		return newSet(), []error{err}
	}
	s := newSet()
	var errs []error
	err = fs.WalkDir(fsys, root, func(file string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			errs = append(errs, fault.Wrap(fault.Unavailable, err, "read expectations in %s", file))
			if d != nil && d.IsDir() {
				return fs.SkipDir
			}
			return nil
		case d.IsDir() || !isText(file):
			return nil
		}
		e, err := loadFile(env, fsys, file)
		if err == nil {
			err = s.add(e)
		}
		if err != nil {
			errs = append(errs, err)
		}
		return nil
	})
	if err != nil {
		errs = append(errs, fault.Wrap(fault.Internal, err, "walk %s", root))
	}
	return s, errs
}

func isText(file string) bool { return path.Ext(file) == ".yaml" || path.Ext(file) == ".yml" }

func loadFile(env *expr.Env, fsys fs.FS, file string) (*Expectation, error) {
	data, err := fs.ReadFile(fsys, file)
	if err != nil {
		return nil, fault.Wrap(fault.Unavailable, err, "read expectation %s", file)
	}
	return parse(env, file, data)
}

// NewSet makes a set of expectations that were loaded before, such as those of several folders. Of two with one ID the last
// stays.
func NewSet(list []*Expectation) *Set {
	s := newSet()
	last := map[string]*Expectation{}
	for _, e := range list {
		last[e.ID] = e
	}
	for _, e := range list {
		if last[e.ID] == e {
			_ = s.add(e) // each ID once
		}
	}
	return s
}

func newSet() *Set {
	return &Set{byID: map[string]*Expectation{}, byType: map[resource.Type][]*Expectation{}}
}

func (s *Set) add(e *Expectation) error {
	if first, twice := s.byID[e.ID]; twice {
		return fault.New(fault.Conflict, "%s:1:1: expectation %s is in %s already: give it another id", e.File, e.ID, first.File)
	}
	s.all = append(s.all, e)
	s.byID[e.ID] = e
	for _, t := range e.Types {
		s.byType[t] = append(s.byType[t], e)
	}
	return nil
}

// All gives every expectation, in the order of their files.
func (s *Set) All() []*Expectation { return slices.Clone(s.all) }

// One finds an expectation by ID.
func (s *Set) One(id string) (*Expectation, bool) {
	e, ok := s.byID[id]
	return e, ok
}

// Types gives the resource types that anything is expected of, sorted.
func (s *Set) Types() []resource.Type {
	var out []resource.Type
	for t := range s.byType {
		out = append(out, t)
	}
	slices.Sort(out)
	return out
}
