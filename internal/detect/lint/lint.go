package lint

import (
	"cmp"
	"errors"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"jobzero/internal/detect/sigma"
	"jobzero/internal/doc"
	"jobzero/internal/fault"
)

// Severity is how bad a problem is.
type Severity string

// The severities. A rule with an error is not used, or is not what Sigma allows; one with warnings only works.
const (
	Error   Severity = "error"
	Warning Severity = "warning"
)

// Problem is one thing that is wrong.
type Problem struct {
	File     string   `json:"file"`
	Line     int      `json:"line"`   // from 1; 0 for a file as a whole
	Column   int      `json:"column"` // likewise
	Severity Severity `json:"severity"`
	Code     string   `json:"code"` // a word for programs
	Text     string   `json:"text"` // what, and what to do
}

// The codes.
const (
	Unreadable     = "unreadable"      // it is no rule
	Unsupported    = "unsupported"     // it is good Sigma, and more than can be done here
	Schema         = "schema"          // it can be used, but is not what Sigma's schema allows
	Unlinked       = "unlinked"        // a correlation or filter names what is not there
	DuplicateID    = "duplicate-id"    // two documents have one id
	DuplicateTitle = "duplicate-title" // two documents have one title
	IdleSource     = "idle"            // it can never match here
	Senseless      = "senseless"       // its condition never holds, or always
	Unused         = "unused-search"   // its condition never looks at a search
	BadTag         = "tag"             // a tag that is none of ATT&CK
	NoTag          = "no-attack-tag"   // no tag of ATT&CK
	NoFalse        = "no-falsepositives"
	NoAnswer       = "no-answer"        // neither a playbook nor a word for a person
	NoPlaybook     = "unknown-playbook" // its playbook does not exist
)

// Report is what was found.
type Report struct {
	Files, Rules, Correlations, Filters int
	Tests                               int // .test files beside them
	Problems                            []Problem
}

// Errors is how many of the problems are errors.
func (r *Report) Errors() (n int) {
	for _, p := range r.Problems {
		if p.Severity == Error {
			n++
		}
	}
	return n
}

// Options are what a check needs to know.
type Options struct {
	Rules     sigma.Options
	Schemas   *sigma.Schemas  // nil: our own words for them
	Playbooks map[string]bool // by id; nil: not known, and not asked about
}

// A Folder is a file system with the place in it to begin at, and what to write before its names.
type Folder struct {
	FS     fs.FS
	Root   string
	Prefix string
}

// Check looks at all rules at or below the folders. Names are looked for in all of them together.
func Check(folders []Folder, o Options) Report {
	c := &checker{o: o, ids: map[string]string{}, titles: map[string]string{}}
	for _, f := range folders {
		c.folder(f)
	}
	c.names()
	c.link()
	slices.SortStableFunc(c.Problems, func(a, b Problem) int {
		return cmp.Or(strings.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
	return c.Report
}

type checker struct {
	Report
	o           Options
	all         sigma.Set
	ids, titles map[string]string // to where they were first
}

func (c *checker) folder(f Folder) {
	err := fs.WalkDir(f.FS, f.Root, func(name string, d fs.DirEntry, err error) error {
		switch ext := path.Ext(name); {
		case err != nil:
			c.add(Error, Unreadable, path.Join(f.Prefix, name), err.Error())
		case d.IsDir() && name != f.Root && strings.HasPrefix(d.Name(), "."):
			return fs.SkipDir
		case d.IsDir():
		case ext == ".test":
			c.Tests++
		case ext == ".yml" || ext == ".yaml":
			c.file(f, name)
		}
		return nil
	})
	if err != nil {
		c.add(Error, Unreadable, path.Join(f.Prefix, f.Root), err.Error())
	}
}

// file looks at one text.
func (c *checker) file(f Folder, name string) {
	c.Files++
	place := path.Join(f.Prefix, name)
	data, err := sigma.ReadFile(f.FS, name)
	if err != nil {
		c.add(Error, Unreadable, place, err.Error())
		return
	}
	found, errs := sigma.Read(place, data, c.o.Rules)
	said := map[string]bool{}
	for _, err := range errs {
		code := Unreadable
		if sigma.Unsupported(err) {
			code = Unsupported
		}
		said[err.Error()] = true
		c.wrong(Error, code, err)
	}
	validate := sigma.Validate
	if c.o.Schemas != nil {
		validate = c.o.Schemas.Validate
	}
	for _, err := range validate(place, data, c.o.Rules) {
		if !said[err.Error()] {
			c.wrong(Error, Schema, err)
		}
	}
	nodes, err := doc.Parse(place, data)
	if err != nil {
		return // it was told above
	}
	c.all.Add(found)
	for _, r := range found.Rules {
		c.rule(r, nodes)
	}
	for _, x := range found.Correlations {
		c.correlation(x)
	}
	c.Rules += len(found.Rules)
	c.Correlations += len(found.Correlations)
	c.Filters += len(found.Filters)
}

// wrong adds an error that begins with its place.
func (c *checker) wrong(s Severity, code string, err error) { c.add(s, code, "", text(err)) }

// text is an error without the code's own words.
func text(err error) string {
	if e, ok := errors.AsType[*fault.Error](err); ok && e.Err == nil {
		return e.Text
	}
	return err.Error()
}

var begins = regexp.MustCompile(`^(.+?):(\d+):(\d+): (?s:(.*))$`)

// add adds a problem of a place, or one whose text begins with its place.
func (c *checker) add(s Severity, code, at, text string) {
	p := Problem{File: at, Severity: s, Code: code, Text: text}
	if at != "" {
		text = at + ": " + text
	}
	if m := begins.FindStringSubmatch(text); m != nil {
		p.File, p.Text = m[1], m[4]
		p.Line, _ = strconv.Atoi(m[2]) // digits, by the pattern; one too long to be a line is 0
		p.Column, _ = strconv.Atoi(m[3])
	}
	c.Problems = append(c.Problems, p)
}
