package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"strings"

	"github.com/spf13/cobra"

	"jobzero/content"
	"jobzero/internal/app"
	"jobzero/internal/config"
	"jobzero/internal/detect/ruletest"
	"jobzero/internal/detect/sigma"
	"jobzero/internal/effect"
	"jobzero/internal/event"
	"jobzero/internal/expect"
	"jobzero/internal/fault"
	"jobzero/internal/playbook/booktest"
	"jobzero/internal/playbook/verdicttest"
	"jobzero/internal/source/logs"
)

// tested is what became of one case of a .test file.
type tested struct {
	File string `json:"file"`
	Case string `json:"case,omitempty"` // empty: the file as a whole is wrong
	Kind string `json:"kind"`           // rule, expectation, playbook or verdict
	OK   bool   `json:"ok"`
	Why  string `json:"why,omitempty"` // it failed
}

func (s *shell) test() *cobra.Command {
	var (
		form    format
		verbose bool
		know    ruling
	)
	c := &cobra.Command{
		Use:   "test [PATH…]",
		Short: "Run the .test files beside rules, expectations, playbooks and verdicts",
		Long: `Runs the .test files that stand beside rules, expectations, playbooks and verdicts; without a PATH those that are built in. A PATH
is a folder, with all below it, or a single rule, expectation, playbook, verdict or .test file.

A .test file is a txtar archive: text for people, then files. Beside a rule, the records in fire/ must make it fire and
those in quiet/ must not; those in given/ came before, and tell who is behind the sessions. They are JSON, or lines of the
rule's log as AWS writes them. Beside an expectation, the resources in pass/, fail/, unknown/ and notapplicable/ must be
judged so. Beside a playbook, each case says what is found, what is known, what actions answer and what people say when, and
which steps must follow in plan and in enforce mode; the clock is the case's own. Beside a verdict, each case says what is
found and what an inquiry has read, whether the verdict applies (yes, no or unknown), and whether it would close the finding.

Exit code 1 means that a case does not hold.`,
		Example: `  jobzero test
  jobzero test ./rules ./expectations ./playbooks
  jobzero test rules/leaked_key.yml --verbose`,
		RunE: func(cmd *cobra.Command, args []string) error {
			settings, known, err := s.ruling(know)
			if err != nil {
				return err
			}
			o := trial{rules: known.options, logs: known.logs, books: bookTrial(settings)}
			all, err := runTests(cmd.Context(), o, args)
			if err != nil {
				return err
			}
			return s.showTests(all, form, verbose)
		},
	}
	form.flag(c)
	know.texts(c)
	c.Flags().BoolVarP(&verbose, "verbose", "v", false, "list the cases that hold, too")
	return c
}

// trial is what has to be known to run tests.
type trial struct {
	rules sigma.Options
	logs  logs.Options
	books booktest.Options
	only  string // the one kind that is tested; empty: all
}

// roots are the folders of the built-in content that have tests.
func (o trial) roots() []string {
	if o.only == "playbook" {
		return []string{"playbooks"}
	}
	return []string{"rules", "expectations", "playbooks", "verdicts"}
}

// runTests runs the files of the paths, or the built-in ones.
func runTests(ctx context.Context, o trial, paths []string) (all []tested, err error) {
	if len(paths) == 0 {
		for _, root := range o.roots() {
			some, err := runBelow(ctx, o, "", content.FS(), root)
			if err != nil {
				return nil, err
			}
			all = append(all, some...)
		}
		return all, nil
	}
	for _, p := range paths {
		fsys, root, err := folder(p, "a .test file, the rule, expectation, playbook or verdict beside it, or a folder with them")
		if err != nil {
			return nil, err
		}
		dir := p
		if root != "." {
			dir = path.Dir(p)
		}
		some, err := runBelow(ctx, o, dir, fsys, root)
		if err != nil {
			return nil, err
		}
		if len(some) == 0 {
			return nil, fault.New(fault.Invalid, "%s: no .test file here: nothing was tested; put NAME.test beside NAME.yml", p)
		}
		all = append(all, some...)
	}
	return all, nil
}

// runBelow runs every .test file at or below root.
func runBelow(ctx context.Context, o trial, dir string, fsys fs.FS, root string) (all []tested, err error) {
	if ext := path.Ext(root); ext == ".yml" || ext == ".yaml" {
		root = strings.TrimSuffix(root, ext) + ".test"
	}
	err = fs.WalkDir(fsys, root, func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return fault.Wrap(fault.NotFound, err, "read tests")
		}
		if d.IsDir() || path.Ext(name) != ".test" {
			return nil
		}
		for _, r := range runFile(ctx, o, fsys, name) {
			r.File = path.Join(dir, r.File)
			all = append(all, r)
		}
		return nil
	})
	return all, err
}

// open reads the records beside a rule as they would be read from files.
func (o trial) open(all []event.Log) ruletest.Parse { return o.logs.Among(all) }

// ruleForm knows a Sigma rule by a key that every one of its kinds has, bookForm a playbook and verdictForm a verdict.
var (
	ruleForm    = regexp.MustCompile(`(?m)^(logsource|detection|correlation|filter)\s*:`)
	bookForm    = regexp.MustCompile(`(?m)^steps\s*:`)
	verdictForm = regexp.MustCompile(`(?m)^verdict\s*:`)
)

// runFile runs one .test file with the engine of what stands beside it.
func runFile(ctx context.Context, o trial, fsys fs.FS, name string) (out []tested) {
	text, err := textBeside(fsys, name)
	if err == nil && !bookForm.Match(text) {
		err = o.foreign("rule or expectation", name)
	}
	switch {
	case err != nil:
		return []tested{{File: name, Kind: "unknown", Why: err.Error()}}
	case ruleForm.Match(text):
		for _, r := range ruletest.RunWith(o.rules, fsys, name, o.open) {
			out = append(out, tested{File: r.File, Case: r.Case, Kind: "rule", OK: r.OK, Why: r.Why})
		}
		return out
	case bookForm.Match(text):
		for _, r := range booktest.Run(ctx, fsys, name, o.books) {
			out = append(out, tested{File: r.File, Case: r.Case, Kind: "playbook", OK: r.OK}.because(r.Text))
		}
		return out
	}
	if verdictForm.Match(text) {
		for _, r := range verdicttest.Run(fsys, name) {
			out = append(out, tested{File: r.File, Case: r.Case, Kind: "verdict", OK: r.OK}.because(r.Text))
		}
		return out
	}
	for _, r := range expect.RunTests(fsys, name) {
		out = append(out, tested{File: r.File, Case: r.Case, Kind: "expectation", OK: r.OK}.because(r.Text))
	}
	return out
}

// because adds why a case failed.
func (t tested) because(text string) tested {
	if !t.OK {
		t.Why = text
	}
	return t
}

// bookTrial is what tests of playbooks have to know: the actions that there are, and the playbooks that one may run as a step.
func bookTrial(c config.Config) booktest.Options {
	classes := map[string]effect.Class{}
	for _, a := range app.Actions() {
		classes[a.ID] = a.Undo
	}
	all, _ := app.Playbooks(c) // what is wrong with them is the business of playbook check
	return booktest.Options{Playbooks: all, Undo: func(id string) (effect.Class, bool) {
		class, ok := classes[id]
		return class, ok
	}}
}

// textBeside is the text that a .test file is for.
func textBeside(fsys fs.FS, name string) ([]byte, error) {
	stem := strings.TrimSuffix(name, ".test")
	for _, ext := range []string{".yml", ".yaml"} {
		text, err := fs.ReadFile(fsys, stem+ext)
		if err == nil || !errors.Is(err, fs.ErrNotExist) {
			return text, err
		}
	}
	return nil, fault.New(fault.NotFound, "there is no rule, expectation, playbook or verdict %s.yml beside it", stem)
}

func (s *shell) showTests(all []tested, form format, verbose bool) error {
	bad, files := 0, map[string]bool{}
	for _, t := range all {
		files[t.File] = true
		if !t.OK {
			bad++
		}
		if err := s.showTest(t, form, verbose); err != nil {
			return err
		}
	}
	summary := fmt.Sprintf("%s in %s: %d hold, %d do not", plural(len(all), "case"), plural(len(files), "file"), len(all)-bad, bad)
	if bad > 0 {
		return &failed{summary}
	}
	if form == formatJSON {
		return nil
	}
	return s.print("%s", summary)
}

func (s *shell) showTest(t tested, form format, verbose bool) error {
	if form == formatJSON {
		return s.object(t)
	}
	if t.OK && !verbose {
		return nil
	}
	p := &page{colour: coloured(s.out)}
	word := p.paint("32", "ok  ")
	if !t.OK {
		word = p.paint("1;31", "FAIL")
	}
	p.line(0, "%s %s %s", word, t.File, t.Case)
	for l := range strings.Lines(t.Why) {
		p.line(5, "%s", strings.TrimRight(l, "\r\n"))
	}
	_, err := s.out.Write([]byte(p.text.String()))
	return err
}
