package expect

import (
	"io/fs"
	"path"
	"slices"
	"strings"

	"jobzero/internal/expr"
	"jobzero/internal/fault"
	"jobzero/internal/resource"
)

// Set is what is expected of everything. It is immutable and safe for concurrent use; to reload, load again and swap the
// pointer.
type Set struct {
	slots  []*slot
	byID   map[string]*slot
	byType map[resource.Type][]*slot
}

// slot is the place of an expectation, which may be read only when it is asked for.
type slot struct {
	id    string
	file  string
	types []resource.Type
	text  string // all that its verdict follows from
	give  func() *Expectation
}

func filled(e *Expectation) *slot {
	text := strings.Join(slices.Concat([]string{e.ID, e.Title, string(e.Severity), e.Owner, e.Expression, e.When}, e.Messages), "\n")
	return &slot{e.ID, e.File, e.Types, text, func() *Expectation { return e }}
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
			err = s.add(filled(e))
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
	all := &Set{}
	for _, e := range list {
		all.slots = append(all.slots, filled(e))
	}
	return Join(all)
}

// Join makes one set of several. Of two expectations with one ID the last stays.
func Join(sets ...*Set) *Set {
	out := newSet()
	last := map[string]*slot{}
	for _, s := range sets {
		for _, x := range s.slots {
			last[x.id] = x
		}
	}
	for _, s := range sets {
		for _, x := range s.slots {
			if last[x.id] == x {
				_ = out.add(x) // each ID once
			}
		}
	}
	return out
}

func newSet() *Set {
	return &Set{byID: map[string]*slot{}, byType: map[resource.Type][]*slot{}}
}

func (s *Set) add(x *slot) error {
	if first, twice := s.byID[x.id]; twice {
		return fault.New(fault.Conflict, "%s:1:1: expectation %s is in %s already: give it another id", x.file, x.id, first.file)
	}
	s.slots = append(s.slots, x)
	s.byID[x.id] = x
	for _, t := range x.types {
		s.byType[t] = append(s.byType[t], x)
	}
	return nil
}

// All gives every expectation, in the order of their files.
func (s *Set) All() []*Expectation { return loaded(s.slots) }

func loaded(slots []*slot) []*Expectation {
	out := make([]*Expectation, len(slots))
	for i, x := range slots {
		out[i] = x.give()
	}
	return out
}

// IDs names every expectation, in the order of their files.
func (s *Set) IDs() []string {
	out := make([]string, len(s.slots))
	for i, x := range s.slots {
		out[i] = x.id
	}
	return out
}

// Texts gives, in the order of their files, all that the verdicts of each expectation follow from; none is read for it.
func (s *Set) Texts(do func(types []resource.Type, text string)) {
	for _, x := range s.slots {
		do(x.types, x.text)
	}
}

// File says where an expectation stands.
func (s *Set) File(id string) (string, bool) {
	x, ok := s.byID[id]
	if !ok {
		return "", false
	}
	return x.file, true
}

// One finds an expectation by ID.
func (s *Set) One(id string) (*Expectation, bool) {
	x, ok := s.byID[id]
	if !ok {
		return nil, false
	}
	return x.give(), true
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
