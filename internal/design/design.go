package design

import (
	"strconv"

	"jobzero/internal/resource"
)

// Format is the form of a text.
type Format string

// The formats.
const (
	CloudFormation Format = "cloudformation" // a template in YAML or JSON
	TerraformPlan  Format = "terraform-plan" // what terraform show -json gives
	Terraform      Format = "terraform"      // a folder of .tf files
	ConfigItem     Format = "aws-config"     // configuration items of AWS Config
	Hook           Format = "hook"           // the call of a CloudFormation hook
)

// Place is where a text stands; lines and columns count from 1, and are 0 where a form has none.
type Place struct {
	File      string `json:"file"`
	Line, Col int    `json:"-"`
}

// String is file:line:column, as far as it is known.
func (p Place) String() string {
	switch {
	case p.Line == 0:
		return p.File
	case p.Col == 0:
		return p.File + ":" + strconv.Itoa(p.Line)
	}
	return p.File + ":" + strconv.Itoa(p.Line) + ":" + strconv.Itoa(p.Col)
}

// Declared is one resource that a text asks for. Its ID is the physical name where the text gives one, and otherwise Name. Of
// the account and the region is known what the text says. Unknown names each value that only the making of it will tell, by a
// path such as properties.SecurityGroupIngress[0].CidrIp, with the reason in words.
type Declared struct {
	resource.Resource
	Name  string // how the text calls it: a logical ID, or an address such as module.shop.aws_s3_bucket.data[0]
	Place Place
	// Perhaps is set when only deployment will tell whether it is made at all: why. Its parts are those that it has if it is.
	Perhaps string
	// Standing is set when it is there already: what the text does not have may name it.
	Standing bool
	// Partly has, by path, what is known of an unknown text: the whole, with what is not known as ${…}.
	Partly map[string]string
	// At says where a part of it is written, by a path as in Unknown; the nearest part that is written where it is not. Nil: Place.
	At func(path string) Place
}

// Where is the place of a part.
func (d Declared) Where(path string) Place {
	if d.At == nil {
		return d.Place
	}
	return d.At(path)
}

// Skipped is something that a text asks for and that is no resource here.
type Skipped struct {
	Name  string
	Type  string // as the text calls it
	Place Place
	Why   string
}

// Link says that a value comes from another resource of the document, whether the value itself is known or not. What may come
// from one of several has a link for each.
type Link struct {
	From      string // Name of the resource that has the value
	Path      string // of the value, as in Unknown
	To        string // Name of the resource that the value comes from; it may be one that is skipped, or made by a transform
	Attribute string // such as Arn; empty for what Ref gives, which most often is the primary identifier
	Text      string // the whole text, such as ${Data.Arn}/*, when the value is only a part of it
	Parameter bool   // To is a parameter without a value, and no resource: what comes from it is the same wherever it stands
}

// Problem is something in a text that cannot be what its writer meant; the value was left as it is.
type Problem struct {
	Name  string // of the resource; empty when it is in none
	Path  string // as in Unknown; empty for the whole of it
	Place Place
	Why   string // with the nearest name, where a name is wrong
}

// Document is what a text, or a folder of texts that belong together, asks for.
type Document struct {
	Format    Format
	Place     Place
	Resources []Declared // in the order of the text
	Generated bool       // a program writes the text: what is wrong is mended in that
	Excerpt   bool       // it shows some of what belongs together: what it does not have may name what it has
	Skipped   []Skipped
	Links     []Link
	Problems  []Problem
	// Open are conditions that only deployment decides, by name, a few of them at most: what hangs on one is unknown.
	Open []string
	// Coverage says how much of it was understood; nil where a form is CloudFormation's own.
	Coverage *Coverage
}
