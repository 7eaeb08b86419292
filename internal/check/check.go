package check

import (
	"context"
	"errors"
	"io/fs"
	"path"
	"strings"
	"time"

	"jobzero/internal/access/ask"
	"jobzero/internal/design"
	"jobzero/internal/design/cfn"
	"jobzero/internal/design/relate"
	"jobzero/internal/design/terraform/hcl"
	"jobzero/internal/expect"
	"jobzero/internal/fault"
	"jobzero/internal/finding"
	"jobzero/internal/org"
	"jobzero/internal/resource"
)

// Verdict is what came of one expectation for one resource.
type Verdict string

// The verdicts.
const (
	Pass      Verdict = "pass"
	Fail      Verdict = "fail"
	Undecided Verdict = "undecided" // only the making of it will tell; never a pass
	Waived    Verdict = "waived"    // it would fail, and somebody has approved that
	Known     Verdict = "known"     // it fails, and did when the baseline was written
)

// Result is one expectation about one resource.
type Result struct {
	Expectation *expect.Expectation
	Verdict     Verdict
	Severity    finding.Severity
	Resource    resource.Ref
	Name        string // in the text
	Place       design.Place
	Reason      string
	Fix         string          // in words
	Changes     []expect.Change // of a template: with these the resource meets it
	lines       []written       // of Terraform: where the values of such changes stand
	generated   bool            // a program writes the text
	Waiver      *org.Waiver
}

// Options are what there is to know besides the texts.
type Options struct {
	Expectations *expect.Set
	Template     cfn.Options
	Intent       *org.Intent
	Org          *org.Org
	Access       *ask.Known // what expectations may ask about who may do what; nil: nobody read it
	Waivers      *org.Waivers
	Now          time.Time
	Only         func(Result) bool // which results Fix mends; nil: all
}

// Report is what a check came to.
type Report struct {
	Results   []Result
	Documents int
	Resources int
	Other     int // files in folders that are no infrastructure
	Skipped   []design.Skipped
	Problems  []design.Problem
	Unread    []error // infrastructure that could not be read, each with file and line

	roots      []string // paths that were looked at, as they are shown
	unreadable []string // files and folders of Unread, as they are shown
}

// Count is how many results have a verdict.
func (r *Report) Count(v Verdict) (n int) {
	for i := range r.Results {
		if r.Results[i].Verdict == v {
			n++
		}
	}
	return n
}

// Input is a file or folder.
type Input struct {
	Files fs.FS
	Path  string // as seen from Files
	Shown string // what stands before a path when it is shown
}

// Run reads what the inputs name and holds it against the expectations. In a folder, what is no infrastructure is passed over and
// counted; a file that is named and cannot be read is an error among Unread, as is a broken template in a folder. A folder of
// Terraform is one document with all its files; where one is broken, the others count.
func Run(ctx context.Context, inputs []Input, o Options) (*Report, error) {
	return reading(ctx, inputs, &run{o: o})
}

// Documents reads what the inputs name, as Run does, and gives each document with its relations; nothing is judged. The report says what was
// passed over and what could not be read.
func Documents(ctx context.Context, inputs []Input, o Options, take func(*design.Document)) (*Report, error) {
	return reading(ctx, inputs, &run{o: o, take: take})
}

func reading(ctx context.Context, inputs []Input, r *run) (*Report, error) {
	r.Report, r.seen, r.workspaces = &Report{}, map[string]bool{}, map[string]*workspace{}
	for _, in := range inputs {
		if err := r.survey(ctx, in); err != nil {
			return nil, err
		}
	}
	for _, in := range inputs {
		r.in = in
		r.roots = append(r.roots, path.Clean(in.Shown+in.Path))
		if err := r.path(ctx, in.Path); err != nil {
			return nil, err
		}
	}
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	return r.Report, nil
}

// Judge holds what was read before against the expectations. It ends with an error only when the context does.
func Judge(ctx context.Context, docs []design.Document, o Options) (*Report, error) {
	r := &run{o: o, Report: &Report{}}
	r.add(ctx, docs)
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	return r.Report, nil
}

type run struct {
	*Report
	o    Options
	take func(*design.Document) // nil: they are judged
	in   Input
	seen map[string]bool // files, as they are shown

	workspaces map[string]*workspace // folders of Terraform, as they are shown
}

// unread notes what could not be read. Errors begin with the file's name.
func (r *run) unread(err error) {
	if r.in.Shown != "" {
		err = fault.New(fault.CodeOf(err), "%s%v", r.in.Shown, err)
	}
	r.Unread = append(r.Unread, err)
}

func (r *run) path(ctx context.Context, at string) error {
	return fs.WalkDir(r.in.Files, at, func(name string, d fs.DirEntry, err error) error {
		switch {
		case ctx.Err() != nil:
			return context.Cause(ctx)
		case err != nil:
			r.unread(fault.Path(err, name, wantInput))
			return nil
		case d.IsDir() && passedOver(name, at, d):
			return fs.SkipDir
		case d.IsDir():
			return r.folder(ctx, name)
		case name != at && (!candidate(name) || isText(name) || hcl.IsValues(path.Base(name))), r.seen[r.in.Shown+name]:
			return nil
		}
		r.seen[r.in.Shown+name] = true
		r.file(ctx, name, name == at)
		return nil
	})
}

// folder reads a folder of Terraform, and one of the CDK by its manifest; it goes no further into the latter.
func (r *run) folder(ctx context.Context, name string) error {
	r.workspace(ctx, name)
	manifest := path.Join(name, Manifest)
	if _, err := fs.Stat(r.in.Files, manifest); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	docs, err := read(r.in.Files, manifest, r.o.Template)
	switch {
	case errors.Is(err, ErrOther):
		return nil
	case err != nil:
		r.unreadable = append(r.unreadable, r.in.Shown+name)
		r.unread(err)
		return nil
	}
	r.add(ctx, docs)
	return fs.SkipDir
}

func (r *run) file(ctx context.Context, name string, named bool) {
	if isText(name) {
		d, err := hcl.ReadFile(r.in.Files, name, r.hcl())
		if err != nil {
			r.unread(err)
			return
		}
		r.judge(ctx, []design.Document{d}, r.terraform(path.Dir(name), path.Base(name)))
		return
	}
	docs, err := read(r.in.Files, name, r.o.Template)
	switch {
	case errors.Is(err, ErrOther) && named:
		r.unread(why(r.in.Files, name))
	case errors.Is(err, ErrOther):
		r.Other++
	case err != nil:
		r.unreadable = append(r.unreadable, r.in.Shown+name)
		r.unread(err)
	default:
		r.judge(ctx, docs, r.template(name))
	}
}

// judge takes documents in, and looks at both ways of what only deployment decides in the only one.
func (r *run) judge(ctx context.Context, docs []design.Document, read way) {
	before := len(r.Results)
	r.add(ctx, docs)
	if r.take == nil && len(docs) == 1 && len(docs[0].Open) > 0 && len(docs[0].Resources) <= maxResources {
		r.ways(ctx, read, docs[0].Open, r.Results[before:])
	}
}

func (r *run) add(ctx context.Context, docs []design.Document) {
	for i := range docs {
		d := &docs[i]
		relate.Document(d)
		r.Documents++
		r.Skipped, r.Problems = append(r.Skipped, d.Skipped...), append(r.Problems, d.Problems...)
		r.Resources += len(d.Resources)
		if r.take != nil {
			r.take(d)
			continue
		}
		r.Results = append(r.Results, r.judged(ctx, d)...)
	}
}

// judged holds the resources of a document against the expectations.
func (r *run) judged(ctx context.Context, in *design.Document) (out []Result) {
	facts := expect.Facts{Intent: r.o.Intent, Org: r.o.Org, Access: r.o.Access, Now: r.o.Now}
	for i := range in.Resources {
		d := &in.Resources[i]
		if ctx.Err() != nil {
			return out
		}
		for _, v := range r.o.Expectations.Check(d.Resource, facts) {
			if v.Result == expect.NotApplicable {
				continue
			}
			x := r.result(d, v)
			x.generated = in.Generated
			if x.Verdict == Fail && in.Format == design.CloudFormation {
				x.Changes = x.Expectation.Fix(d.Resource, facts)
				x.Fix = strings.TrimSpace(change(x.Changes) + " " + x.Fix)
			}
			if x.Verdict == Fail && in.Format == design.Terraform {
				x.lines = lines(d, x.Expectation.Fix(d.Resource, facts))
			}
			x.Place.File = r.in.Shown + x.Place.File
			out = append(out, x)
		}
	}
	return out
}

func (r *run) result(d *design.Declared, v expect.Verdict) Result {
	e := v.Expectation
	out := Result{
		Expectation: e, Severity: e.Severity, Resource: d.Ref, Name: d.Name, Place: d.Place, Reason: v.Why,
		Verdict: map[expect.Result]Verdict{expect.Pass: Pass, expect.Fail: Fail, expect.Unknown: Undecided}[v.Result],
	}
	if out.Verdict == Pass {
		return out
	}
	out.Fix, out.Place = e.Remediation, r.placeOf(d, e)
	if out.Verdict == Fail && d.Perhaps != "" {
		out.Reason += " (if it is made: " + d.Perhaps + ")"
	}
	about := org.Waivable{Ref: d.Ref, ARN: d.ARN, Name: d.Name, File: d.Place.File, Tags: d.Tags}
	if w, ok := r.o.Waivers.Of(e.ID, about, r.o.Now); ok {
		out.Waiver = &w
		if w.Live(r.o.Now) {
			out.Verdict = Waived
		} else {
			out.Reason += "; " + w.String() + " has expired on " + w.Expires.String()
		}
	}
	return out
}

// placeOf is where the first property is written that the expectation asks for, and otherwise the resource.
func (r *run) placeOf(d *design.Declared, e *expect.Expectation) design.Place {
	for _, name := range e.Properties() {
		if p := d.Where("properties." + name); p != d.Place {
			return p
		}
	}
	return d.Place
}

// Fails is how many results fail that are at least so bad.
func (r *Report) Fails(mildest finding.Severity) (n int) {
	for i := range r.Results {
		if x := &r.Results[i]; x.Verdict == Fail && x.Severity.Rank() >= mildest.Rank() {
			n++
		}
	}
	return n
}
