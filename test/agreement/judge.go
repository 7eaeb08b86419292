package agreement

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"jobzero/content"
	"jobzero/internal/check"
	"jobzero/internal/design/cfn"
	"jobzero/internal/design/terraform/hcl"
	"jobzero/internal/expect"
)

// Outcome is how our answer and a label stand to one another.
type Outcome string

// The outcomes. All but the first two are disagreements.
const (
	Uncovered Outcome = "uncovered" // no expectation is about the control, or nothing of ours reads the text
	Agree     Outcome = "agree"
	TooMild   Outcome = "they fail it, we do not"
	TooHard   Outcome = "we fail it, they do not"
	Undecided Outcome = "we leave it undecided"
	Unread    Outcome = "we cannot read it"
)

// Judge is the embedded expectations, ready to judge cases by the road that `jobzero check` takes.
type Judge struct {
	set  *expect.Set
	seen map[string]*check.Report // by Case.From
}

// asOf is the day that the cases are judged on, for what depends on it, such as runtimes in support: figures move with the content alone.
func asOf() time.Time { return time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC) }

// place is where a case would be made. Nobody deploys without knowing it, and it is made up here.
func place() cfn.Options { return cfn.Options{Account: "111122223333", Region: "us-east-1"} }

// NewJudge loads the embedded expectations. Its errors are theirs.
func NewJudge() (*Judge, error) {
	set, errs := expect.Load(content.FS(), "expectations")
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	return &Judge{set: set, seen: map[string]*check.Report{}}, nil
}

// Knows reports whether there is an expectation of that name.
func (j *Judge) Knows(id string) bool {
	return slices.ContainsFunc(j.set.All(), func(e *expect.Expectation) bool { return e.ID == id })
}

// report reads the texts of a case, whatever their form, and holds them against all expectations. It is the one place that does.
func (j *Judge) report(ctx context.Context, c *Case) (*check.Report, error) {
	if r, ok := j.seen[c.From]; ok {
		return r, nil
	}
	r, err := check.Run(ctx, []check.Input{{Files: c.Files, Path: "."}}, check.Options{Expectations: j.set, Template: place(), Now: asOf()})
	if err != nil {
		return nil, err
	}
	j.seen[c.From] = r
	return r, nil
}

// Answer is what we say of a case.
type Answer struct {
	Outcome Outcome
	Seen    []string // what we said that the label does not: resource, expectation, reason
}

// Answer judges a case by what its control is mapped to.
func (j *Judge) Answer(ctx context.Context, c *Case, m Mapped) (Answer, error) {
	if len(m.IDs) == 0 {
		return Answer{Outcome: Uncovered}, nil
	}
	r, err := j.report(ctx, c)
	if err != nil {
		return Answer{}, err
	}
	switch {
	case r.Documents > 0 && len(r.Unread) == 0, c.Want == Skip:
	case c.Kind == Terraform && len(r.Unread) == 0: // nothing here reads the form yet
		return Answer{Outcome: Uncovered}, nil
	default:
		return Answer{Unread, errorTexts(r.Unread)}, nil
	}
	if m.By == "" {
		return compare(c, m, r), nil
	}
	named, err := naming(c, m.By)
	if err != nil {
		return Answer{}, err
	}
	others := *r
	others.Results = nil
	for _, x := range r.Results {
		if slices.Contains(named, x.Name) {
			x.Name = c.Resource
			others.Results = append(others.Results, x)
		}
	}
	return compare(c, m, &others), nil
}

// naming are the resources of a folder of Terraform that name the labelled one by a property.
func naming(c *Case, property string) (out []string, err error) {
	o := place()
	doc, err := hcl.Read(c.Files, ".", hcl.Options{Account: o.Account, Region: o.Region})
	for _, l := range doc.Links {
		if l.To == c.Resource && l.Path == "properties."+property {
			out = append(out, l.From)
		}
	}
	return out, err
}

func errorTexts(errs []error) (out []string) {
	for _, err := range errs {
		out = append(out, err.Error())
	}
	return out
}

// compare holds the results against the label, resource by resource where the label names any. What one resource of a text makes
// besides has its name and a number, such as aws_route_table.a (2). A fail that is about another setting than the control is none.
func compare(c *Case, m Mapped, r *check.Report) Answer {
	results := slices.DeleteFunc(slices.Clone(r.Results), func(x check.Result) bool {
		return !m.about(&x) || c.Resource != "" && x.Name != c.Resource && !strings.HasPrefix(x.Name, c.Resource+" (")
	})
	for i := range results {
		if x := &results[i]; x.Verdict == check.Fail && !strings.Contains(x.Reason, m.Says) {
			x.Verdict = check.Pass
		}
	}
	if len(c.Named) == 0 || m.Whole {
		return one(c.Want, results)
	}
	names := slices.Clone(c.Named)
	for i := range results {
		names = append(names, results[i].Name)
	}
	slices.Sort(names)
	worst := Answer{Outcome: Agree}
	for _, name := range slices.Compact(names) {
		want := Pass
		if slices.Contains(c.Named, name) {
			want = Fail
		}
		of := slices.DeleteFunc(slices.Clone(results), func(x check.Result) bool { return x.Name != name })
		if a := one(want, of); a.Outcome != Agree {
			if worst.Outcome == Agree || worst.Outcome == Undecided {
				worst.Outcome = a.Outcome
			}
			worst.Seen = append(worst.Seen, a.Seen...)
			if len(of) == 0 {
				worst.Seen = append(worst.Seen, name+": not judged")
			}
		}
	}
	return worst
}

// one holds results that stand for one thing against a label. What is undecided agrees with no label, but that a skip asks only
// that nothing fails.
func one(want Want, results []check.Result) Answer {
	fails, open := said(results, check.Fail), said(results, check.Undecided)
	switch {
	case want == Fail && len(fails) > 0, want != Fail && len(fails) == 0 && (len(open) == 0 || want == Skip):
		return Answer{Outcome: Agree}
	case want != Fail && len(fails) > 0:
		return Answer{TooHard, fails}
	case len(open) > 0:
		return Answer{Undecided, open}
	default:
		return Answer{TooMild, said(results, check.Pass)}
	}
}

func said(results []check.Result, v check.Verdict) (out []string) {
	for i := range results {
		if x := &results[i]; x.Verdict == v {
			out = append(out, x.Name+" "+x.Expectation.ID+": "+x.Reason)
		}
	}
	return out
}
