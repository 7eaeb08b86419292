package cli

import (
	"os"
	"slices"

	"jobzero/content"
	"jobzero/internal/detect"
	"jobzero/internal/detect/sigma"
	"jobzero/internal/fault"
)

// picked loads the rules that are named: by a file, or by the id, name or title of one of the others that are loaded. The others
// help: a filter among them applies, and a correlation finds its rules.
func (s *shell) picked(names []string, r ruling) (ruleset, error) {
	if len(names) == 0 {
		return s.rules(r)
	}
	settings, out, err := s.ruling(r)
	if err != nil {
		return out, err
	}
	o := out.options
	var files, wanted []string
	for _, name := range names {
		if _, err := os.Stat(name); err == nil {
			files = append(files, name)
		} else {
			wanted = append(wanted, name)
		}
	}
	all, err := s.folders(files, o)
	if err != nil {
		return out, err
	}
	byName, others := len(wanted) > 0, r.dirs
	wanted = append(wanted, ids(all)...)
	if len(r.dirs) == 0 {
		others = settings.Content.Rules
	}
	if len(r.dirs) == 0 && byName {
		embedded, bad := sigma.LoadAll(content.FS(), "rules", o)
		s.warn("", bad)
		all = joined(all, embedded)
	}
	more, err := s.folders(others, o)
	if err != nil {
		return out, err
	}
	all = joined(all, more)
	all, bad := all.Rescoped(settings.Content.Rescopes())
	s.warn("", bad)
	linked, bad := all.Link()
	s.warn("", bad)
	out.Set, err = only(linked, wanted)
	return out, err
}

// joined is both sets. A document with an id that is there already is left out: a file that is named may lie in a folder that
// is named as well.
func joined(a, b sigma.Set) sigma.Set {
	seen := map[string]bool{}
	for _, f := range a.Filters {
		seen["filter "+f.ID] = true
	}
	for _, id := range ids(a) {
		seen[id] = true
	}
	a.Add(sigma.Set{
		Rules:        slices.DeleteFunc(b.Rules, func(r *sigma.Compiled) bool { return seen[r.ID] }),
		Correlations: slices.DeleteFunc(b.Correlations, func(c *sigma.Correlation) bool { return seen[c.ID] }),
		Filters:      slices.DeleteFunc(b.Filters, func(f *sigma.Filter) bool { return seen["filter "+f.ID] }),
	})
	return a
}

func ids(s sigma.Set) (out []string) {
	for _, r := range s.Rules {
		out = append(out, r.ID)
	}
	for _, c := range s.Correlations {
		out = append(out, c.ID)
	}
	return slices.Compact(slices.Sorted(slices.Values(out)))
}

// only is the part of a linked set that is called so, with what its correlations watch.
func only(s sigma.Set, names []string) (sigma.Set, error) {
	keep := map[string]bool{}
	var add func(*sigma.Correlation)
	add = func(c *sigma.Correlation) {
		keep[c.ID] = true
		for _, from := range c.Sources {
			if from.Rule != nil {
				keep[from.Rule.ID] = true
			} else {
				add(from.Correlation)
			}
		}
	}
	for _, name := range names {
		found := false
		called := func(r *detect.Rule) bool { return r.ID == name || r.Name == name || r.Title == name }
		for _, r := range s.Rules {
			if called(&r.Rule) {
				keep[r.ID], found = true, true
			}
		}
		for _, c := range s.Correlations {
			if called(&c.Rule) {
				add(c)
				found = true
			}
		}
		if !found {
			return sigma.Set{}, fault.New(fault.NotFound, "rule %q is neither a file nor the id, name or title of a rule that is loaded", name)
		}
	}
	s.Rules = slices.DeleteFunc(slices.Clone(s.Rules), func(r *sigma.Compiled) bool { return !keep[r.ID] })
	s.Correlations = slices.DeleteFunc(slices.Clone(s.Correlations), func(c *sigma.Correlation) bool { return !keep[c.ID] })
	return s, nil
}
