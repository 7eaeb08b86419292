package cli

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"jobzero/content"
	"jobzero/internal/config"
	"jobzero/internal/detect/lint"
	"jobzero/internal/detect/sigma"
	"jobzero/internal/fault"
	"jobzero/internal/playbook/book"
)

func (s *shell) ruleGroup() *cobra.Command {
	return group("rules", "Check rules, and see where they are blind",
		"Rules are Sigma: rules, correlations and filters in .yml and .yaml files. jobzero has its own; a folder of yours can replace or\nadd to them.",
		"  jobzero rules check ./rules", s.rulesCheck(), s.rulesCoverage())
}

// checking is what a person can say to rules check.
type checking struct {
	ruling
	schema string
	errors bool
	form   format
}

func (s *shell) rulesCheck() *cobra.Command {
	var o checking
	c := &cobra.Command{
		Use:   "check [--schema DIR] [--errors] [--format table|json] [DIR|FILE…]",
		Short: "Say what is wrong with rules, and where",
		Long: `Reads every rule, correlation and filter, holds it against the schema of Sigma documents, links them, and says per file, line and
column what is wrong and what to do; without a DIR it looks at the built-in ones.

An error is what keeps a document from being used, or what Sigma does not allow. A warning is what works and is worth a thought: a
rule about a log that is not read here, a condition that never holds or always, a search that is never looked at, two rules with
one title, a tag that is none of ATT&CK, no word on what is harmless, no playbook and no word for a person.

The schema is our own wording of specification 2.1.0, which gives the verdicts of the official one. --schema takes the official
files: a folder with sigma-detection-rule-schema.json, sigma-correlation-rules-schema.json and sigma-filters-schema.json.

The .test files beside rules are run by jobzero test. Exit code 1 means that there are errors.`,
		Example: `  jobzero rules check ./rules

  # In CI: errors only, for a program
  jobzero rules check --errors --format json ./rules`,
		RunE: func(_ *cobra.Command, args []string) error { return s.runCheck(o, args) },
	}
	o.texts(c)
	f := c.Flags()
	f.StringVar(&o.schema, "schema", "", "folder `DIR` of the official JSON schemas, to hold rules against them instead")
	f.BoolVar(&o.errors, "errors", false, "leave the warnings out")
	o.form.flag(c)
	return c
}

func (s *shell) runCheck(o checking, args []string) error {
	settings, known, err := s.ruling(o.ruling)
	if err != nil {
		return err
	}
	check := lint.Options{Rules: known.options, Playbooks: playbooks(settings.Content)}
	if o.schema != "" {
		if check.Schemas, err = sigma.ReadSchemas(os.DirFS(o.schema), "."); err != nil {
			return fault.Wrap(fault.CodeOf(err), err, "--schema %s", o.schema)
		}
	}
	folders := []lint.Folder{{FS: content.FS(), Root: "rules"}}
	if len(args) > 0 {
		folders = nil
	}
	for _, dir := range args {
		fsys, root, err := folder(dir, "a folder of Sigma rules, or one of them")
		if err != nil {
			return err
		}
		if root != "." {
			dir = filepath.Dir(dir)
		}
		folders = append(folders, lint.Folder{FS: fsys, Root: root, Prefix: filepath.ToSlash(dir)})
	}
	r := lint.Check(folders, check)
	if r.Files == 0 {
		return fault.New(fault.Invalid, "no rule is in %s: want Sigma rules in .yml or .yaml files", strings.Join(args, ", "))
	}
	return s.showCheck(r, o)
}

// playbooks are the ids of those that rules may name. What is wrong with one is the business of config check.
func playbooks(c config.Content) map[string]bool {
	all, _ := book.Load(content.FS(), "playbooks")
	for _, dir := range c.Playbooks {
		more, _ := book.Load(os.DirFS(dir), ".")
		all = append(all, more...)
	}
	out := map[string]bool{}
	for _, p := range all {
		out[p.ID] = true
	}
	return out
}

func (s *shell) showCheck(r lint.Report, o checking) error {
	t := table{columns: []column{{name: "PLACE"}, {name: "KIND", colour: kindColour}, {name: "CODE"}, {name: "WHAT", give: 1}}}
	for _, p := range r.Problems {
		if o.errors && p.Severity != lint.Error {
			continue
		}
		if o.form == formatJSON {
			if err := s.object(p); err != nil {
				return err
			}
			continue
		}
		place := p.File
		if p.Line > 0 {
			place = fmt.Sprintf("%s:%d:%d", p.File, p.Line, p.Column)
		}
		t.add(place, string(p.Severity), p.Code, p.Text)
	}
	if len(t.rows) > 0 {
		if err := t.write(s.out); err != nil {
			return err
		}
	}
	bad := r.Errors()
	summary := fmt.Sprintf("%s, %s and %s in %s: %s, %s", plural(r.Rules, "rule"), plural(r.Correlations, "correlation"), plural(r.Filters, "filter"),
		plural(r.Files, "file"), plural(bad, "error"), plural(len(r.Problems)-bad, "warning"))
	if r.Tests > 0 && o.form == formatTable {
		summary += fmt.Sprintf("\n%s beside them: run jobzero test", plural(r.Tests, ".test file"))
	}
	switch {
	case bad > 0:
		return &failed{summary}
	case o.form == formatJSON:
		return nil
	}
	return s.print("%s", summary)
}

func kindColour(cell string) string {
	if lint.Severity(cell) == lint.Error {
		return "31"
	}
	return "33"
}
