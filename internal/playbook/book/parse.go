package book

import (
	"errors"
	"io/fs"
	"path"
	"slices"
	"strings"

	"jobzero/internal/doc"
	"jobzero/internal/fault"
)

// Parse reads one definition. file is only named in errors.
func Parse(file string, text []byte) (Definition, error) {
	d, bad := Read(file, text)
	if len(bad) > 0 {
		return d, bad[0]
	}
	return d, nil
}

// Read is Parse that gives all that is wrong, each with its place.
func Read(file string, text []byte) (Definition, []error) {
	d := Definition{File: file, Text: string(text)}
	nodes, err := doc.Parse(file, text)
	if err != nil {
		return d, []error{err}
	}
	if len(nodes) != 1 {
		return d, []error{fault.New(fault.Invalid, "%s:1:1: holds %d documents: a playbook is one", file, len(nodes))}
	}
	if err := nodes[0].Decode(&d); err != nil {
		if all := misfits(nodes[0]); len(all) > 0 {
			return d, all
		}
		return d, []error{err}
	}
	d.number(d.Steps, "steps")
	bad := d.check(nodes[0])
	words, wrong := d.compile(nodes[0])
	d.words = words
	return d, append(bad, wrong...)
}

// Load reads all definitions below root, in the order of their files, and leaves out those that do not hang together with the others.
// A bad one never stops the others; each of its errors is given.
func Load(fsys fs.FS, root string) ([]Definition, []error) {
	all, bad := Collect(fsys, root)
	all, more := Complete(all)
	return all, append(bad, more...)
}

// Collect reads all definitions below root. Whether there are the playbooks that they name is told by Complete, when all are there.
func Collect(fsys fs.FS, root string) ([]Definition, []error) {
	var (
		all  []Definition
		bad  []error
		from = map[string]string{}
	)
	err := fs.WalkDir(fsys, root, func(name string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() || (path.Ext(name) != ".yml" && path.Ext(name) != ".yaml") {
			return err
		}
		text, err := fs.ReadFile(fsys, name)
		if err != nil {
			return err
		}
		d, wrong := Read(name, text)
		if first, twice := from[d.ID]; len(wrong) == 0 && twice {
			wrong = append(wrong, d.Errorf("id", "id %q is taken by %s", d.ID, first))
		}
		if len(wrong) > 0 {
			bad = append(bad, wrong...)
			return nil
		}
		from[d.ID] = name
		all = append(all, d)
		return nil
	})
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		bad = append(bad, err)
	}
	return all, bad
}

// Complete leaves out the playbooks that name one which there is not, or which names them.
func Complete(all []Definition) (good []Definition, bad []error) {
	for _, d := range all {
		if _, err := d.Whole(all); err != nil {
			bad = append(bad, err)
			continue
		}
		good = append(good, d)
	}
	return good, bad
}

// Whole gives the playbook with those that it runs as steps, and those that they run, each once. It is what a run pins.
func (d Definition) Whole(all []Definition) (parts []Definition, err error) {
	return d.gather(all, nil)
}

// most bounds how many playbooks one may be made of.
const mostParts = 20

func (d Definition) gather(all []Definition, above []string) (parts []Definition, err error) {
	if slices.Contains(above, d.ID) {
		return nil, d.Errorf("id", "playbook %s runs itself: %s", d.ID, strings.Join(append(above, d.ID), " runs "))
	}
	above = append(above[:len(above):len(above)], d.ID)
	parts = []Definition{d}
	for _, s := range d.steps {
		if s.Playbook == "" {
			continue
		}
		at := slices.IndexFunc(all, func(o Definition) bool { return o.ID == s.Playbook })
		if at < 0 {
			return nil, d.Errorf(s.place+".playbook", "%s: there is no playbook %q: mend the id, or load it", s.place, s.Playbook)
		}
		more, err := all[at].gather(all, above)
		if err != nil {
			return nil, err
		}
		for _, m := range more {
			if !slices.ContainsFunc(parts, func(p Definition) bool { return p.ID == m.ID }) {
				parts = append(parts, m)
			}
		}
		if len(parts) > mostParts {
			return nil, d.Errorf("id", "more than %d playbooks in one", mostParts)
		}
	}
	return parts, nil
}

// number says of each step where it stands, and lists them all.
func (d *Definition) number(steps []Step, at string) {
	for i := range steps {
		s := &steps[i]
		s.place = at + index(i)
		d.steps = append(d.steps, s)
		for j := range s.Decide {
			d.number(s.Decide[j].Steps, s.place+".decide"+index(j)+".steps")
		}
		for j := range s.Parallel {
			d.number(s.Parallel[j].Steps, s.place+".parallel"+index(j)+".steps")
		}
	}
}

// All lists the steps, each before those that are in it.
func (d Definition) All() []*Step { return d.steps }
