package expect

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/rogpeppe/go-internal/txtar"

	"jobzero/internal/access/ask"
	"jobzero/internal/access/estate"
	"jobzero/internal/doc"
	"jobzero/internal/fault"
	"jobzero/internal/org"
	"jobzero/internal/resource"
)

// TestResult is what one case of a .test file came to.
type TestResult struct {
	File string // the .test file
	Case string // such as fail/public-policy; empty when the file itself is wrong
	OK   bool
	Text string // what went wrong, or the verdict's words
}

// testNow is what the time is in tests that do not say.
var testNow = time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC)

// testCase is a case as it is written: a resource, and what else is to be known of the world.
type testCase struct {
	resource.Resource
	Now    time.Time       `json:"now"`
	Intent json.RawMessage `json:"intent"` // as in intent.yaml
	Org    json.RawMessage `json:"org"`    // as in org.yaml
	Access json.RawMessage `json:"access"` // who may do what, in a form that jobzero access reads, such as a list of resources; the resource is one of them
}

// RunTests runs the .test files at or below a path; the path of an expectation stands for the .test file beside it. A .test
// file is a txtar archive: free text, then one resource a file, as JSON, in folders that say what the verdict must be: pass,
// fail, unknown or notapplicable.
func RunTests(fsys fs.FS, at string) []TestResult {
	if isText(at) {
		at = strings.TrimSuffix(at, path.Ext(at)) + ".test"
	}
	var out []TestResult
	err := fs.WalkDir(fsys, at, func(file string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			out = append(out, TestResult{File: file, Text: err.Error()})
		case !d.IsDir() && path.Ext(file) == ".test":
			out = append(out, runFile(fsys, file)...)
		}
		return nil
	})
	if err != nil {
		out = append(out, TestResult{File: at, Text: err.Error()})
	}
	return out
}

func runFile(fsys fs.FS, file string) []TestResult {
	broken := func(err error) []TestResult { return []TestResult{{File: file, Text: err.Error()}} }
	e, err := beside(fsys, file)
	if err != nil {
		return broken(err)
	}
	data, err := fs.ReadFile(fsys, file)
	if err != nil {
		return broken(err)
	}
	archive, err := doc.Archive(file, data)
	if err != nil {
		return broken(err)
	}
	var out []TestResult
	for _, f := range archive.Files {
		r := TestResult{File: file, Case: strings.TrimSuffix(f.Name, ".json")}
		if r.Text, err = e.run(f); err != nil {
			r.Text = err.Error()
		}
		r.OK = err == nil
		out = append(out, r)
	}
	if len(e.Changes) > 0 {
		out = append(out, TestResult{File: file, Case: "fix", OK: e.mends(archive.Files), Text: "the fix has to mend a case that fails, one at least"})
	}
	return out
}

// beside loads the expectation that a .test file is for.
func beside(fsys fs.FS, file string) (*Expectation, error) {
	env, err := environment()
	if err != nil {
		return nil, err
	}
	stem := strings.TrimSuffix(file, ".test")
	for _, name := range []string{stem + ".yaml", stem + ".yml"} {
		if e, err := loadFile(env, fsys, name); err == nil || !errors.Is(err, fs.ErrNotExist) {
			return e, err
		}
	}
	return nil, fault.New(fault.NotFound, "%s: there is no expectation %s.yaml beside it", file, stem)
}

// run gives the words of the verdict, or an error when it is not the one that the folder of the case wants.
func (e *Expectation) run(f txtar.File) (string, error) {
	want, ok := map[string]Result{"pass": Pass, "fail": Fail, "unknown": Unknown, "notapplicable": NotApplicable}[path.Dir(f.Name)]
	if !ok {
		return "", fault.New(fault.Invalid, "case %s: put it into pass, fail, unknown or notapplicable", f.Name)
	}
	c, facts, err := readCase(f)
	if err != nil {
		return "", err
	}
	v := e.Check(c.Resource, facts)
	if v.Result != want {
		return "", fmt.Errorf("want %s, got %s: %s", want, v.Result, v.Why)
	}
	return v.Why, nil
}

func readCase(f txtar.File) (testCase, Facts, error) {
	c := testCase{Now: testNow}
	d := json.NewDecoder(bytes.NewReader(f.Data))
	d.DisallowUnknownFields()
	d.UseNumber()
	if err := d.Decode(&c); err != nil {
		return c, Facts{}, fault.Wrap(fault.Invalid, err, "case %s", f.Name)
	}
	if d.More() {
		return c, Facts{}, fault.New(fault.Invalid, "case %s: more text behind the resource", f.Name)
	}
	facts, err := c.facts(f.Name)
	return c, facts, err
}

// mends reports whether the fix that the expectation names mends one of the cases that fail at least.
func (e *Expectation) mends(files []txtar.File) bool {
	return slices.ContainsFunc(files, func(f txtar.File) bool {
		c, facts, err := readCase(f)
		return err == nil && e.Check(c.Resource, facts).Result == Fail && e.Fix(c.Resource, facts) != nil
	})
}

func (c testCase) facts(name string) (Facts, error) {
	f := Facts{Now: c.Now}
	var err error
	if c.Intent != nil {
		if f.Intent, err = org.ParseIntent(name+"#intent.json", c.Intent); err != nil {
			return f, err
		}
	}
	if c.Org != nil {
		if f.Org, err = org.Parse(name+"#org.json", c.Org); err != nil {
			return f, err
		}
	}
	if c.Access != nil {
		f.Access, err = c.known(name + "#access.json")
	}
	return f, err
}

// known is who may do what, the resource itself included.
func (c testCase) known(name string) (*ask.Known, error) {
	e := estate.New()
	if err := e.Read(name, bytes.NewReader(c.Access)); err != nil {
		return nil, err
	}
	if err := e.Add(c.Resource); err != nil {
		return nil, err
	}
	if err := e.Done(); err != nil {
		return nil, err
	}
	return ask.New(e), nil
}
