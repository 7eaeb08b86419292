package sigma

import (
	"cmp"
	"errors"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"

	"jobzero/internal/doc"
	"jobzero/internal/fault"
)

// Load reads every rule in the .yml and .yaml files at or below root, in the order of their ids. A file or rule that cannot
// be used is an error, all of them fault.Invalid or the file system's own, and does not stop the others. Folders whose name
// begins with a dot are left out. Of two rules with one id the first, by path, is kept.
func Load(fsys fs.FS, root string) (rules []*Compiled, errs []error) {
	byID := map[string]*Compiled{}
	walk := func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			code := fault.Invalid
			if errors.Is(err, fs.ErrNotExist) {
				code = fault.NotFound
			}
			errs = append(errs, fault.Wrap(code, err, "read rules %s", name))
			return nil
		}
		if d.IsDir() {
			if name != root && strings.HasPrefix(d.Name(), ".") {
				return fs.SkipDir
			}
			return nil
		}
		if ext := path.Ext(name); ext != ".yml" && ext != ".yaml" {
			return nil
		}
		found, bad := loadFile(fsys, name)
		errs = append(errs, bad...)
		for _, r := range found {
			if other := byID[r.ID]; other != nil {
				errs = append(errs, fault.New(fault.Invalid, "%s: the id %s is taken by %s: give this rule its own", r.File, r.ID, other.File))
				continue
			}
			byID[r.ID] = r
			rules = append(rules, r)
		}
		return nil
	}
	if err := fs.WalkDir(fsys, root, walk); err != nil {
		errs = append(errs, fault.Wrap(fault.Invalid, err, "read rules %s", root))
	}
	slices.SortFunc(rules, func(a, b *Compiled) int { return cmp.Compare(a.ID, b.ID) })
	return rules, errs
}

// loadFile reads one file, and never more of it than a document may have.
func loadFile(fsys fs.FS, name string) ([]*Compiled, []error) {
	info, err := fs.Stat(fsys, name)
	if err == nil && !info.Mode().IsRegular() {
		err = errors.New("not a regular file")
	}
	if err != nil {
		return nil, []error{fault.Wrap(fault.Invalid, err, "read rule %s", name)}
	}
	f, err := fsys.Open(name)
	if err != nil {
		return nil, []error{fault.Wrap(fault.Invalid, err, "read rule %s", name)}
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, doc.MaxBytes+1))
	if err != nil {
		return nil, []error{fault.Wrap(fault.Invalid, err, "read rule %s", name)}
	}
	return ParseRules(name, data)
}
