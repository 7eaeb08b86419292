package cfn

import (
	"errors"
	"io/fs"
	"path"
	"strings"

	"jobzero/internal/fault"
)

const stackType = "AWS::CloudFormation::Stack"

// nest reads the template of a nested stack, and makes its resources. Their names begin with that of the stack and a dot.
func (t *template) nest(e *entry, doubt string, url *val) error {
	child, why, err := t.open(e, url)
	if err != nil {
		return err
	}
	if child == nil {
		t.skip(e.name+".*", e.kind, e.key, why)
		return nil
	}
	child.perhaps = doubt
	return child.make()
}

// open reads the template of a nested stack once; why says what keeps it from being read.
func (t *template) open(e *entry, url *val) (child *template, why string, err error) {
	if e.opened {
		return e.child, e.why, nil
	}
	e.opened, e.why = true, "its parameters depend on its own outputs"
	name, why := t.local(e, url)
	if e.why = why; why != "" {
		return nil, why, nil
	}
	if t.level >= maxNested {
		return nil, "", e.key.Errorf("stacks nest more than %d deep: does %s nest itself?", maxNested, name)
	}
	data, err := readFile(t.load.o.Files, name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		e.why = "its template " + name + " is not there"
		return nil, e.why, nil
	case err != nil:
		return nil, "", fault.Wrap(fault.CodeOf(err), err, "%s: the stack %s", e.key.Place(), e.name)
	}
	if !t.load.spend(len(data)/16, len(data)) {
		return nil, "", t.load.err
	}
	child, err = t.load.open(name, data)
	if err != nil {
		return nil, "", err
	}
	child.prefix, child.level, child.given = t.prefix+e.name+".", t.level+1, &val{kind: dict}
	t.within(e, func() {
		if n := e.node.Get("Properties").Get("Parameters"); n != nil {
			child.given = t.eval(n)
		}
	})
	if child.given.kind != dict {
		child.given = &val{kind: dict}
	}
	e.child = child
	return child, "", nil
}

// local is the file of a nested template: a path beside the template, or where the CDK says that it has put it.
func (t *template) local(e *entry, url *val) (name, why string) {
	at, ok := url.known()
	if asset := e.node.Get("Metadata").Get("aws:asset:path"); asset != nil {
		at, ok = asset.Text, true
	}
	switch {
	case t.load.o.Files == nil:
		return "", "no folder is given to read its template from"
	case !ok && url != nil && url.kind == hole:
		return "", "where its template is is not known: " + url.cause()
	case !ok:
		return "", "it does not say where its template is"
	case strings.Contains(at, "://"):
		return "", "its template is at " + short(at) + ", which is not read"
	}
	name = path.Join(path.Dir(t.name), at)
	if path.IsAbs(at) || !fs.ValidPath(name) {
		return "", "its template " + short(at) + " lies outside of the folder"
	}
	return name, ""
}

// output is an output of a nested stack; nil when its template is not read.
func (t *template) output(e *entry, name string) *val {
	if e.kind != stackType && e.kind != "AWS::Serverless::Application" {
		return nil
	}
	property := "TemplateURL"
	if e.kind != stackType {
		property = "Location"
	}
	var url *val
	if n := e.node.Get("Properties").Get(property); n != nil {
		t.within(e, func() { url = t.eval(n) })
	}
	child, _, err := t.open(e, url)
	if err != nil && t.load.err == nil {
		t.load.err = err
	}
	if child == nil || err != nil {
		return nil
	}
	if child.entries == nil {
		if err := child.list(); err != nil && t.load.err == nil {
			t.load.err = err
		}
	}
	written, ok := child.entryOf("Outputs", name)
	if !ok || written.node.Get("Value") == nil {
		return nil
	}
	var v *val
	child.inLoop(written.vars, func() { v = child.eval(written.node.Get("Value")).copy() })
	return v
}
