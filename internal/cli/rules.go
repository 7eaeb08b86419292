package cli

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"jobzero/content"
	"jobzero/internal/detect/sigma"
	"jobzero/internal/fault"
)

// rules loads the rules of the folders, or the embedded ones when there is none, and links them. A rule that does not load is a
// warning; when none is left, that is an error.
func (s *shell) rules(dirs []string) (sigma.Set, error) {
	var all sigma.Set
	load := func(fsys fs.FS, root, dir string) {
		found, bad := sigma.LoadAll(fsys, root, sigma.Options{})
		s.warn(dir, bad)
		all.Add(found)
	}
	where := strings.Join(dirs, ", ")
	if len(dirs) == 0 {
		where = "the embedded rules"
		load(content.FS(), "rules", "")
	}
	for _, dir := range dirs {
		fsys, root, err := folder(dir)
		if err != nil {
			return all, err
		}
		load(fsys, root, dir)
	}
	var twice []error
	all.Rules, twice = firstOfEach(all.Rules)
	s.warn("", twice)
	linked, bad := all.Link()
	s.warn("", bad)
	if len(dirs) > 0 {
		s.idle(linked.Rules)
	}
	return linked, nothing(linked.Rules, where)
}

// idle says how many rules are about other logs. Whoever gives a whole collection of rules wants one line, not thousands.
func (s *shell) idle(rules []*sigma.Compiled) {
	n, first := 0, ""
	for _, r := range rules {
		if r.Idle != "" {
			n++
			if first == "" {
				first = r.File + ": " + r.Idle
			}
		}
	}
	if n > 0 && n < len(rules) {
		s.complain("jobzero: warning: %d of %s can never match here, the first: %s", n, plural(len(rules), "rule"), first)
	}
}

// folder opens a folder, or the folder of a single file with the file as its root.
func folder(path string) (fs.FS, string, error) {
	info, err := os.Stat(path)
	switch {
	case err != nil:
		return nil, "", fault.Wrap(fault.NotFound, err, "rules")
	case info.IsDir():
		return os.DirFS(path), ".", nil
	}
	return os.DirFS(filepath.Dir(path)), filepath.Base(path), nil
}

// warn names what did not load. Places are made relative to where the person stands.
func (s *shell) warn(dir string, bad []error) {
	for _, err := range bad {
		s.complain("jobzero: warning: %s", under(dir, err.Error()))
	}
}

// under puts a folder before a text that begins with a place in it.
func under(dir, text string) string {
	if dir == "" || strings.HasPrefix(text, "read rule") {
		return text
	}
	if info, err := os.Stat(dir); err == nil && !info.IsDir() {
		dir = filepath.Dir(dir)
	}
	return filepath.Join(dir, text)
}

// firstOfEach keeps the first of rules that share an id over several folders.
func firstOfEach(all []*sigma.Compiled) (kept []*sigma.Compiled, errs []error) {
	seen := map[string]*sigma.Compiled{}
	for _, r := range all {
		if first := seen[r.ID]; first != nil {
			errs = append(errs, fault.New(fault.Invalid, "%s: the id %s is taken by %s, which is kept", r.File, r.ID, first.File))
			continue
		}
		seen[r.ID] = r
		kept = append(kept, r)
	}
	return kept, errs
}

func nothing(found []*sigma.Compiled, where string) error {
	if len(found) == 0 {
		return fault.New(fault.Invalid, "no rule could be loaded from %s: want Sigma rules in .yml or .yaml files", where)
	}
	for _, r := range found {
		if r.Idle == "" {
			return nil
		}
	}
	return fault.New(fault.Invalid, "none of the %d rules in %s can match a CloudTrail event; the first: %s: %s",
		len(found), where, found[0].File, found[0].Idle)
}
