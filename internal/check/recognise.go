package check

import (
	"bytes"
	"encoding/json"
	"errors"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"jobzero/internal/design"
	"jobzero/internal/design/cdk"
	"jobzero/internal/design/cfn"
	"jobzero/internal/design/configitem"
	"jobzero/internal/design/hook"
	"jobzero/internal/design/terraform"
	"jobzero/internal/doc"
	"jobzero/internal/fault"
)

const (
	maxText  = 64 << 20 // bytes of one file that is read
	maxNodes = 1 << 20  // of one file, aliases written out
	glance   = 64 << 10 // bytes of a file that are looked at to see what it is
	// maxResources is the most that a template has of which both ways of a condition are looked at: as many as CloudFormation takes.
	maxResources = 500
)

// ErrOther says that a file is nothing that is known here.
var ErrOther = errors.New("it is no template that is known here")

// other is an error that is ErrOther, whatever its words.
type other struct{ error }

// Unwrap gives what it says, and that it is of this kind.
func (o other) Unwrap() []error { return []error{o.error, ErrOther} }

// wantInput is what can be checked, for people.
const wantInput = "a template, a plan, or a folder of them"

// why says what is wrong with a file that was named and is nothing that is known here.
func why(fsys fs.FS, name string) error {
	data, err := fs.ReadFile(fsys, name)
	text := bytes.TrimSpace(data)
	switch {
	case err != nil:
		return fault.Path(err, name, wantInput)
	case len(text) == 0:
		return fault.New(fault.Invalid, "%s: it is empty: want %s", name, wantInput)
	case !utf8.Valid(text):
		return fault.New(fault.Invalid, "%s: it is no text: want %s", name, wantInput)
	}
	if _, err := doc.Parse(name, data); err != nil {
		return err // it names the file, the line and what is broken
	}
	return other{fault.New(fault.Invalid, "%s: %v: want a CloudFormation template with Resources, a plan of `terraform show -json`, a file of Terraform, an item of AWS Config or the call of a hook", name, ErrOther)}
}

// formatVersion is a member that only templates have.
const formatVersion = "AWSTemplateFormatVersion"

// Manifest is the file that tells a folder of the CDK.
const Manifest = "manifest.json"

// Read reads one file as whatever it is. Its errors say what is wrong with it, also that it is nothing that is known here.
func Read(fsys fs.FS, name string, o cfn.Options) ([]design.Document, error) {
	docs, err := read(fsys, name, o)
	if errors.Is(err, ErrOther) {
		return nil, fault.Wrap(fault.Invalid, err, "read %s", name)
	}
	return docs, err
}

// read reads one file as whatever it is; ErrOther for what is no infrastructure.
func read(fsys fs.FS, name string, o cfn.Options) ([]design.Document, error) {
	if path.Base(name) == Manifest {
		return assembly(fsys, name, o)
	}
	info, err := fs.Stat(fsys, name)
	if err != nil {
		return nil, fault.Path(err, name, wantInput)
	}
	if info.Size() > maxText {
		return nil, fault.New(fault.Invalid, "%s:1:1: %d bytes, more than the limit of %d", name, info.Size(), maxText)
	}
	data, err := fs.ReadFile(fsys, name)
	if err != nil {
		return nil, fault.Path(err, name, wantInput)
	}
	if data, err = configitem.Unpack(name, data); err != nil {
		return nil, err
	}
	switch {
	case looksLikePlan(data):
		return one(terraform.Read(name, data))
	case looksLikeCall(data):
		return one(hook.Read(name, data, nil))
	case configitem.Looks(data):
		return one(configitem.Read(name, data))
	case packed(name):
		return nil, ErrOther // a template is never packed, and its loader would read the file again
	case !looksLikeTemplate(data):
		return nil, ErrOther
	}
	o.Files = fsys
	d, err := cfn.ReadFile(fsys, name, o)
	if err != nil {
		if !isTemplate(name, data) {
			return nil, ErrOther
		}
		return nil, err
	}
	return []design.Document{d}, nil
}

func one(d design.Document, err error) ([]design.Document, error) {
	if err != nil {
		return nil, err
	}
	return []design.Document{d}, nil
}

// looksLikeCall is a look for the call of a hook: no other text has these two members where they are.
func looksLikeCall(data []byte) bool {
	if !bytes.Contains(data, []byte(`"requestData"`)) || !bytes.Contains(data, []byte(`"targetName"`)) {
		return false
	}
	var call struct {
		Data *struct {
			Target *string `json:"targetName"`
		} `json:"requestData"`
	}
	return json.Unmarshal(data, &call) == nil && call.Data != nil && call.Data.Target != nil
}

// packed reports whether a file is one that AWS Config puts into S3, by its name.
func packed(name string) bool { return strings.HasSuffix(name, ".json.gz") }

// assembly reads a folder of the CDK by its manifest.
func assembly(fsys fs.FS, name string, o cfn.Options) ([]design.Document, error) {
	data, err := fs.ReadFile(fsys, name)
	if err != nil {
		return nil, fault.Path(err, name, wantInput)
	}
	if !bytes.Contains(data[:min(len(data), glance)], []byte(`"artifacts"`)) { //nolint:misspell // the CDK's own word
		return nil, ErrOther
	}
	return cdk.Read(fsys, path.Dir(name), o)
}

// looksLikePlan is a cheap look for what terraform show -json writes, in UTF-8 or, as PowerShell does, in UTF-16.
func looksLikePlan(data []byte) bool {
	head := bytes.ReplaceAll(data[:min(len(data), glance)], []byte{0}, nil)
	if !bytes.Contains(head, []byte(`"format_version"`)) {
		return false
	}
	all := bytes.ReplaceAll(data, []byte{0}, nil)
	return bytes.Contains(all, []byte(`"terraform_version"`)) || bytes.Contains(all, []byte(`"resource_changes"`)) || bytes.Contains(all, []byte(`"planned_values"`))
}

// looksLikeTemplate is a cheap look: what has no word of a template in it is none.
func looksLikeTemplate(data []byte) bool {
	return bytes.Contains(data, []byte("Resources")) && (bytes.Contains(data, []byte("Type")) || bytes.Contains(data, []byte(formatVersion)))
}

// typeOfAWS is how a template says what a resource is.
var typeOfAWS = regexp.MustCompile(`"?Type"?\s*:\s*["']?AWS::[A-Za-z0-9]+::`)

// isTemplate reports whether a text that could not be read was meant to be a template: it says so by itself, or it has resources
// with types.
func isTemplate(name string, data []byte) bool {
	if bytes.Contains(data[:min(len(data), glance)], []byte(formatVersion)) {
		return true
	}
	nodes, err := doc.Reader{Max: maxText, Nodes: maxNodes}.Parse(name, data)
	if err != nil { // what makes a template unreadable must not make it go by unseen
		return typeOfAWS.Match(data)
	}
	if len(nodes) != 1 {
		return false
	}
	resources := nodes[0].Get("Resources")
	return resources != nil && slices.ContainsFunc(resources.Pairs, func(p doc.Pair) bool {
		t := p.Value.Get("Type")
		return t != nil && strings.Contains(t.Text, "::")
	})
}

// candidate reports whether a file in a folder may be infrastructure, by its name.
func candidate(name string) bool {
	switch path.Ext(name) {
	case ".yaml", ".yml", ".json", ".template":
		return true
	}
	return packed(name)
}
