package source

import (
	"context"
	"fmt"
	"io/fs"
	"strings"

	"github.com/rogpeppe/go-internal/diff"

	"jobzero/internal/check"
	"jobzero/internal/design"
	"jobzero/internal/fault"
	"jobzero/internal/resource"
)

// Found is what is known of where a resource comes from.
type Found struct {
	Managed string `json:"managed,omitempty"` // by what, as its tags say
	Place   string `json:"place,omitempty"`   // file and line where it is written; empty: not found
	Name    string `json:"name,omitempty"`    // how the text calls it
	Patch   string `json:"patch,omitempty"`   // unified diff of the text; empty: Why says why
	Why     string `json:"why,omitempty"`
	Fix     string `json:"fix,omitempty"` // in words: what the text is to say
}

// The tags that CloudFormation gives to what a stack makes
// (docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-properties-resource-tags.html). Terraform gives none by itself.
const stackTag, logicalTag = "aws:cloudformation:stack-name", "aws:cloudformation:logical-id"

// Find looks for the text behind a resource, and for the change with which the text meets an expectation. Expectation is its ID; where it is
// empty no patch is made.
func Find(ctx context.Context, inputs []check.Input, r resource.Resource, expectation string, o check.Options) (Found, error) {
	out := Found{Managed: managed(r)}
	if len(inputs) == 0 {
		out.Why = "the settings name no infrastructure code (infrastructure)"
		return out, nil
	}
	for _, in := range inputs {
		d, format, err := declared(ctx, in, r, o)
		if err != nil {
			return out, err
		}
		if d == nil {
			continue
		}
		out.Name, out.Place = d.Name, in.Shown+d.Place.String()
		return out, out.mend(ctx, text{in, format}, expectation, o)
	}
	out.Why = "none of the texts that the settings name makes it"
	return out, nil
}

func managed(r resource.Resource) string {
	if s := r.Tags[stackTag]; s != "" {
		return fmt.Sprintf("CloudFormation stack %s, as %s", s, r.Tags[logicalTag])
	}
	return ""
}

// declared is the text's own resource that is this one.
func declared(ctx context.Context, in check.Input, r resource.Resource, o check.Options) (found *design.Declared, format design.Format, err error) {
	o.Expectations = nil
	_, err = check.Documents(ctx, []check.Input{in}, o, func(d *design.Document) {
		for i := range d.Resources {
			if found == nil && same(d.Resources[i], r, d.Format) {
				found, format = &d.Resources[i], d.Format
			}
		}
	})
	return found, format, err
}

func same(d design.Declared, r resource.Resource, format design.Format) bool {
	switch {
	case d.Type != r.Type:
		return false
	case d.Account != "" && d.Account != r.Account || d.Region != "" && r.Region != "" && d.Region != r.Region:
		return false
	case d.ID == r.ID && d.ID != d.Name || d.ARN != "" && d.ARN == r.ARN:
		return true
	}
	return format == design.CloudFormation && r.Tags[logicalTag] != "" && d.Name == r.Tags[logicalTag]
}

// text is where a resource is written.
type text struct {
	check.Input
	format design.Format
}

// mend makes the patch of the resource that was found, for one expectation.
func (f *Found) mend(ctx context.Context, in text, expectation string, o check.Options) error {
	e, ok := o.Expectations.One(expectation)
	if !ok {
		f.Why = "what was found is no expectation, so that nobody knows what the text should say"
		return nil
	}
	f.Fix = strings.TrimSpace(e.Remediation)
	if in.format != design.CloudFormation && in.format != design.Terraform {
		f.Why = "it is written in " + string(in.format) + ", which a program makes"
		return nil
	}
	o.Only = func(x check.Result) bool { return x.Name == f.Name && x.Expectation.ID == expectation }
	got, err := check.Fix(ctx, in.Input, o)
	if err != nil {
		return err
	}
	for _, l := range got.Left {
		f.Why = l.Why
	}
	for file, after := range got.Files {
		before, err := fs.ReadFile(in.Files, file)
		if err != nil {
			return fault.Wrap(fault.Unavailable, err, "read %s", in.Shown+file)
		}
		f.Patch += string(diff.Diff("a/"+in.Shown+file, before, "b/"+in.Shown+file, after))
	}
	if f.Patch == "" && f.Why == "" {
		f.Why = "the text says what is expected: what puts it back is not made of it, or of an older version"
	}
	return nil
}

// Words says what was found, for people.
func (f Found) Words() string {
	var out []string
	if f.Managed != "" {
		out = append(out, "It is managed by "+f.Managed)
	}
	if f.Place != "" {
		out = append(out, "It is written at "+f.Place+" ("+f.Name+")")
	}
	switch {
	case f.Patch != "":
		out = append(out, "A patch mends the text")
	case f.Why != "":
		out = append(out, "There is no patch: "+f.Why)
	}
	return strings.Join(out, ". ")
}
