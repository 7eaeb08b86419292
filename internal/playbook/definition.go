package playbook

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io/fs"
	"path"
	"slices"
	"strings"

	"jobzero/internal/doc"
	"jobzero/internal/fault"
	"jobzero/internal/finding"
)

// Definition is a playbook as people write it.
type Definition struct {
	ID    string           `yaml:"id"`
	Title string           `yaml:"title"`
	Why   string           `yaml:"why"`
	When  Trigger          `yaml:"when"`
	Steps []StepDefinition `yaml:"steps"`
	// What shows that a rule's finding is settled; an expectation's finding is settled by that expectation. Settled is a CEL
	// condition over the fresh resource, SettledBy the ID of an expectation.
	Settled   string `yaml:"settled"`
	SettledBy string `yaml:"settled_by"`

	File string `yaml:"-"`
	Text string `yaml:"-"` // the document itself, pinned by each run
}

// Trigger says which findings a playbook settles.
type Trigger struct {
	Expectations []string `yaml:"expectations"`
	Rules        []string `yaml:"rules"`
	Leavers      []string `yaml:"leavers"` // what of somebody who has left, such as access-key; fresh reads of it show that it is settled
}

// LeaverBy begins who says what is left of a leaver: what of his is behind it.
const LeaverBy = "jobzero/leaver/"

// StepDefinition is one action of a playbook.
type StepDefinition struct {
	ID     string            `yaml:"id"`
	Action string            `yaml:"action"`
	Params map[string]string `yaml:"params"`
}

// Hash pins a definition: the hexadecimal SHA-256 of its text.
func (d Definition) Hash() string {
	sum := sha256.Sum256([]byte(d.Text))
	return hex.EncodeToString(sum[:])
}

// Settles reports whether the playbook is meant for the finding.
func (d Definition) Settles(f finding.Finding) bool {
	switch f.Kind {
	case finding.Rule:
		return slices.Contains(d.When.Rules, f.By)
	case finding.Leaver:
		return slices.Contains(d.When.Leavers, strings.TrimPrefix(f.By, LeaverBy))
	default:
	}
	return slices.Contains(d.When.Expectations, f.By)
}

// Proof says what shows that the finding is true no more.
func (d Definition) Proof(f finding.Finding) Proof {
	switch {
	case f.Kind == finding.Expectation:
		return Proof{Expectation: f.By}
	case d.SettledBy != "":
		return Proof{Expectation: d.SettledBy}
	default:
		return Proof{Condition: d.Settled}
	}
}

// Parse reads one definition. file is only named in errors.
func Parse(file string, text []byte) (Definition, error) {
	d := Definition{File: file, Text: string(text)}
	if err := doc.Decode(file, text, &d); err != nil {
		return d, err
	}
	return d, d.check()
}

func (d Definition) check() error {
	bad := func(format string, args ...any) error {
		return fault.New(fault.Invalid, "%s: "+format, append([]any{d.File}, args...)...)
	}
	switch {
	case d.ID == "" || d.Title == "" || d.Why == "":
		return bad("id, title and why are all needed")
	case len(d.When.Expectations)+len(d.When.Rules)+len(d.When.Leavers) == 0:
		return bad("when: name the expectations or rules, or what of leavers, whose findings this playbook settles")
	case len(d.Steps) == 0:
		return bad("steps: at least one is needed")
	case len(d.When.Rules) > 0 && (d.Settled == "") == (d.SettledBy == ""):
		return bad("settled, settled_by: a playbook for rules needs one of them: a condition such as resource.properties.Status == \"Inactive\", or the id of an expectation")
	}
	seen := map[string]bool{}
	for i, s := range d.Steps {
		if s.ID == "" || s.Action == "" {
			return bad("steps[%d]: id and action are both needed", i)
		}
		if seen[s.ID] || strings.Contains(s.ID, "/") {
			return bad("steps[%d]: id %q must be unique in the playbook and hold no slash", i, s.ID)
		}
		seen[s.ID] = true
	}
	return nil
}

// Load reads all definitions below root. A bad one never stops the others; each of its errors is given.
func Load(fsys fs.FS, root string) ([]Definition, []error) {
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
		d, err := Parse(name, text)
		if first, twice := from[d.ID]; err == nil && twice {
			err = fault.New(fault.Invalid, "%s: id %q is taken by %s", name, d.ID, first)
		}
		if err != nil {
			bad = append(bad, err)
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
