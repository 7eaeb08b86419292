package cli

import (
	"cmp"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"jobzero/internal/app"
	"jobzero/internal/config"
	"jobzero/internal/detect/sigma"
	"jobzero/internal/fault"
	"jobzero/internal/org"
	"jobzero/internal/source/logs"
)

// ruling is what a person says about rules: which they are, and what they need to know.
type ruling struct {
	dirs         []string // with all below them; they replace the embedded ones
	placeholders []string
	mappings     []string
	org          string
	logFlags     // of the commands that read logs
}

// flags adds the options that all who judge by rules have.
func (r *ruling) flags(c *cobra.Command) {
	f := c.Flags()
	f.StringArrayVar(&r.dirs, "rules", nil, "folder `DIR` of Sigma rules, with all below it; repeatable; replaces the embedded ones")
	if err := c.MarkFlagDirname("rules"); err != nil {
		panic(err) // the flag was made above
	}
	r.texts(c)
	f.StringVar(&r.org, "org", "", "`FILE` of the organisation, for rules that count in some accounts, units or tags only")
}

// texts adds the options of what rules need to know to be read.
func (r *ruling) texts(c *cobra.Command) {
	f := c.Flags()
	f.StringArrayVar(&r.placeholders, "placeholders", nil, "`FILE` of values for rules with |expand; repeatable")
	f.StringArrayVar(&r.mappings, "mapping", nil, "`FILE` that says where fields are that rules know by other names; repeatable")
}

// ruleset is rules that are ready to judge.
type ruleset struct {
	sigma.Set
	org  *org.Org     // nil: rules count everywhere
	logs logs.Options // what is known of logs that do not say it themselves

	options sigma.Options // with which the rules were read
}

// rules loads the rules that are meant, and links them: those of the folders, or else the embedded ones and those of the
// settings, if a file of settings is named. A rule that does not load is a warning; when none is left, that is an error.
func (s *shell) rules(r ruling) (ruleset, error) {
	settings, out, err := s.ruling(r)
	if err != nil {
		return out, err
	}
	if len(r.dirs) == 0 {
		var bad []error
		if out.Set, bad, err = app.Rules(settings); err == nil {
			s.warn("", bad)
			err = nothing(out.Rules, "the embedded rules")
		}
		return out, err
	}
	all, err := s.folders(r.dirs, out.options)
	if err != nil {
		return out, err
	}
	rescoped, bad := all.Rescoped(settings.Content.Rescopes())
	s.warn("", bad)
	out.Set, bad = rescoped.Link()
	s.warn("", bad)
	s.idle(out.Rules)
	return out, nothing(out.Rules, strings.Join(r.dirs, ", "))
}

// ruling is what the settings and the options together say about rules, and about logs. Without a file of settings they are empty.
func (s *shell) ruling(r ruling) (settings config.Config, out ruleset, err error) {
	said, err := r.said()
	if err != nil {
		return settings, out, err
	}
	if config.Path(s.options.config) != "" {
		if settings, err = s.settings(); err != nil {
			return settings, out, err
		}
	}
	settings.Content.Placeholders = append(slices.Clip(settings.Content.Placeholders), r.placeholders...)
	settings.Content.Mappings = append(slices.Clip(settings.Content.Mappings), r.mappings...)
	settings.Logs = said.Before(settings.Logs)
	out.logs, _ = settings.Logs.Options() // each part was checked by itself
	path := cmp.Or(r.org, settings.Org)
	if out.options, err = settings.RuleOptions(); err != nil || path == "" {
		return settings, out, err
	}
	text, err := readSmall(path, wantOrg)
	if err != nil {
		return settings, out, err
	}
	out.org, err = org.Parse(path, text)
	return settings, out, err
}

// folders loads the rules of folders or single files, unlinked. Of rules with one id the first counts.
func (s *shell) folders(dirs []string, o sigma.Options) (sigma.Set, error) {
	var all sigma.Set
	for _, dir := range dirs {
		fsys, root, err := folder(dir, "a folder of Sigma rules, or one of them")
		if err != nil {
			return all, err
		}
		found, bad := sigma.LoadAll(fsys, root, o)
		s.warn(dir, bad)
		all.Add(found)
	}
	var twice []error
	all.Rules, twice = firstOfEach(all.Rules)
	s.warn("", twice)
	return all, nil
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

// folder opens a folder, or the folder of a single file with the file as its root. want says what is wanted there.
func folder(path, want string) (fs.FS, string, error) {
	info, err := os.Stat(path)
	switch {
	case err != nil:
		return nil, "", fault.Path(err, path, want)
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
