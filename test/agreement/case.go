package agreement

import (
	"io/fs"
	"strconv"
	"strings"
	"testing/fstest"
)

// Want is what a label says.
type Want string

// The labels.
const (
	Pass Want = "pass"
	Fail Want = "fail"
	Skip Want = "skip" // nothing in the template is of the control's business
)

// Kind is the form of a case's texts.
type Kind string

// The forms.
const (
	CloudFormation Kind = "cloudformation"
	Terraform      Kind = "terraform"
)

// Case is one label: what somebody says of a template, or of resources in it, by one of their controls.
type Case struct {
	Control string
	Key     string // names it among the reasons; unique in its corpus
	Want    Want
	Kind    Kind
	From    string // the folder or file that the texts come from: cases with the same one share their texts
	Files   fs.FS
	// Resource is the one resource that the label is about, as the text calls it; empty: the whole template.
	Resource string
	// Named are the resources that fail, where a label names them. All others of the template that are judged must not fail.
	Named []string
}

// Corpus is the labels of one origin.
type Corpus struct {
	Name  string
	Cases []Case
	// Left are labels that are no cases, by the reason in words.
	Left map[string]int
	keys map[string]int
}

func newCorpus(name string) *Corpus {
	return &Corpus{Name: name, Left: map[string]int{}, keys: map[string]int{}}
}

// add takes a case. A key that is there already gets a number: some labels share a name.
func (c *Corpus) add(x Case) {
	x.Key = strings.Join(strings.Fields(strings.ReplaceAll(x.Key, "|", "/")), " ")
	c.keys[x.Key]++
	if n := c.keys[x.Key]; n > 1 {
		x.Key += " (" + strconv.Itoa(n) + ")"
	}
	c.Cases = append(c.Cases, x)
}

// Controls are the names of all controls, in the order in which they come.
func (c *Corpus) Controls() (out []string) {
	seen := map[string]bool{}
	for i := range c.Cases {
		if name := c.Cases[i].Control; !seen[name] {
			seen[name] = true
			out = append(out, name)
		}
	}
	return out
}

// text is a file system with one text, named by its form.
func text(kind Kind, data []byte) fs.FS {
	name := "template.yaml"
	switch {
	case kind == Terraform:
		name = "main.tf"
	case strings.HasPrefix(strings.TrimSpace(string(data)), "{"):
		name = "template.json"
	}
	return fstest.MapFS{name: {Data: data}}
}
