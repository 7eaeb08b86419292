package verdicttest

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"time"

	"jobzero/internal/doc"
	"jobzero/internal/expr"
	"jobzero/internal/fault"
	"jobzero/internal/finding"
	"jobzero/internal/playbook/book"
	"jobzero/internal/playbook/verdict"
	"jobzero/internal/resource"
)

// testCase is a case as it is written. What of the finding, the account, the resource and the inquiry it does not say is not known.
type testCase struct {
	Finding  found          `yaml:"finding"`
	Ticket   map[string]any `yaml:"ticket"`
	Resource map[string]any `yaml:"resource"`
	Account  map[string]any `yaml:"account"`
	Inquiry  map[string]any `yaml:"inquiry"` // by the names of book's words, such as first_seen
	Unknown  []string       `yaml:"unknown"` // paths of what is not known in what is said, such as inquiry.who.lineage
	Now      string         `yaml:"now"`     // 2026-03-02T09:00:00Z where it is empty
	Applies  string         `yaml:"applies"` // yes, no or unknown
	Closes   bool           `yaml:"closes"`  // where nothing else raises a doubt
}

// found is the finding.
type found struct {
	Kind      string            `yaml:"kind"` // rule where it is empty
	By        string            `yaml:"by"`
	Severity  string            `yaml:"severity"` // high where it is empty
	Account   string            `yaml:"account"`
	Region    string            `yaml:"region"`
	Principal string            `yaml:"principal"`
	ARN       string            `yaml:"arn"`
	Resource  string            `yaml:"resource"` // type|account|region|id
	Tags      map[string]string `yaml:"tags"`
}

// Result is what a case came to.
type Result struct {
	File string
	Case string // empty: the file as a whole is wrong
	OK   bool
	Text string
}

// Run runs a .test file with the verdict beside it: a txtar archive of free text and cases, one a file, as YAML.
func Run(fsys fs.FS, file string) []Result {
	d, data, err := beside(fsys, file)
	if err != nil {
		return []Result{{File: file, Text: err.Error()}}
	}
	archive, err := doc.Archive(file, data)
	if err != nil {
		return []Result{{File: file, Text: err.Error()}}
	}
	var out []Result
	for _, f := range archive.Files {
		text, ok := one(d, file+"!"+f.Name, f.Data)
		out = append(out, Result{file, strings.TrimSuffix(f.Name, path.Ext(f.Name)), ok, text})
	}
	return out
}

// one runs a case.
func one(d verdict.Definition, name string, data []byte) (text string, ok bool) {
	var c testCase
	if err := doc.Decode(name, data, &c); err != nil {
		return err.Error(), false
	}
	if !slices.Contains([]string{"yes", "no", "unknown"}, c.Applies) {
		return fmt.Sprintf("%s: applies: %q: use yes, no or unknown", name, c.Applies), false
	}
	f, scene, err := c.scene()
	if err != nil {
		return err.Error(), false
	}
	v, why := d.Applies(f, scene)
	got := map[expr.Verdict]string{expr.True: "yes", expr.False: "no"}[v]
	if got == "" {
		got = "unknown"
	}
	closes, held := verdict.Judge([]verdict.Definition{d}, f, scene).Closes(f)
	if got == c.Applies && closes == c.Closes {
		return got + ": " + why, true
	}
	return fmt.Sprintf("applies: %s, want %s; closes: %t, want %t; %s %s", got, c.Applies, closes, c.Closes, why, held), false
}

// scene is what the verdict is asked about.
func (c testCase) scene() (f finding.Finding, s book.Scene, err error) {
	now := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	if c.Now != "" {
		if now, err = time.Parse(time.RFC3339, c.Now); err != nil {
			return f, s, fault.Wrap(fault.Invalid, err, "now")
		}
	}
	f = finding.Finding{
		Kind: finding.Kind(c.Finding.Kind), By: c.Finding.By, Title: c.Finding.By, Severity: finding.Severity(c.Finding.Severity), Account: c.Finding.Account,
		Region: c.Finding.Region, Principal: c.Finding.Principal, ARN: c.Finding.ARN, Tags: c.Finding.Tags, Occurred: now, LastSeen: now, Count: 1,
	}
	if f.Kind == "" {
		f.Kind = finding.Rule
	}
	if f.Severity == "" {
		f.Severity = finding.High
	}
	if c.Finding.Resource != "" {
		ref, err := resource.ParseKey(c.Finding.Resource)
		if err != nil {
			return f, s, err
		}
		f.Resource, f.Account, f.Region = &ref, ref.Account, ref.Region
	}
	s.Vars = map[string]any{"now": now, "finding": fields(f)}
	for name, v := range map[string]map[string]any{"ticket": c.Ticket, "resource": c.Resource, "account": c.Account} {
		if v != nil {
			s.Vars[name] = expr.Value(v)
		}
	}
	s.Vars["inquiry"], s.Unknown = expr.Value(c.Inquiry), c.Unknown
	for _, g := range book.Inquired {
		if _, said := c.Inquiry[book.InquiryField(g)]; !said {
			s.Unknown = append(s.Unknown, "inquiry."+book.InquiryField(g))
		}
	}
	for _, name := range []string{"principal", "arn", "region"} {
		if s.Vars["finding"].(map[string]any)[name] == "" { //nolint:forcetypeassert // fields makes it
			s.Unknown = append(s.Unknown, "finding."+name)
		}
	}
	return f, s, nil
}

func fields(f finding.Finding) map[string]any {
	tags := map[string]any{}
	for k, v := range f.Tags {
		tags[k] = v
	}
	return map[string]any{
		"kind": string(f.Kind), "by": f.By, "title": f.Title, "severity": string(f.Severity), "account": f.Account, "region": f.Region,
		"principal": f.Principal, "arn": f.ARN, "tags": tags, "occurred": f.Occurred, "count": int64(f.Count),
	}
}

// beside reads a .test file, and the verdict that it is for.
func beside(fsys fs.FS, file string) (d verdict.Definition, data []byte, err error) {
	if data, err = fs.ReadFile(fsys, file); err != nil {
		return d, nil, err
	}
	stem := strings.TrimSuffix(file, ".test")
	for _, name := range []string{stem + ".yml", stem + ".yaml"} {
		text, err := fs.ReadFile(fsys, name)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return d, nil, err
		}
		d, bad := verdict.Read(name, text)
		return d, data, errors.Join(bad...)
	}
	return d, nil, fault.New(fault.NotFound, "%s: there is no verdict %s.yml beside it", file, stem)
}
