package cfn

import (
	"strings"

	"jobzero/internal/doc"
	"jobzero/internal/resource"
	"jobzero/internal/resource/schema"
)

// refer is Ref: of a variable of a loop, a pseudo parameter, a parameter or a resource.
func (t *template) refer(name string) *val {
	for _, v := range t.vars {
		if v.name == name {
			return &val{kind: text, text: v.text}
		}
	}
	if strings.HasPrefix(name, "AWS::") {
		if v, ok := t.pseudo(name); ok {
			return v
		}
	}
	if v, ok := t.parameter(name); ok {
		return v
	}
	e, ok := t.entries[name]
	if !ok {
		return t.absent(name, "")
	}
	v := t.identity(e)
	v.refs = []ref{{to: t.prefix + name}}
	return v
}

// absent is what a name stands for that the template does not have. A transform may make it.
func (t *template) absent(name, attribute string) *val {
	r := ref{name, attribute}
	if v := t.made(name, attribute); v != nil {
		return v
	}
	if t.serverless {
		v := unknown(r.String(), "what the serverless transform calls %s gets its identity when it is made", name).certain()
		v.refs = []ref{{to: t.prefix + name, attribute: attribute}}
		return v
	}
	// Whatever is meant, a template that names nothing is refused.
	v := unknown(r.String(), "the template has no parameter and no resource %s", name).certain()
	if attribute == "" {
		v.seen = resource.Named // nothing else is referred to by a name
	}
	return v
}

// identity is what Ref gives for a resource, when the template says so: its primary identifier.
func (t *template) identity(e *entry) *val {
	if v := t.made(e.name, ""); v != nil {
		return v
	}
	late := unknown(e.name, "%s gets its identity when it is made", e.name).certain()
	typ, ok := schema.Of(e.real)
	if !ok { // that of a custom resource is what its function says
		return late
	}
	late.seen = resource.Named
	if len(typ.ID) != 1 {
		return late
	}
	if v := t.written(e, typ.ID[0]); v != nil {
		if s, ok := v.known(); ok {
			return &val{kind: text, text: s}
		}
		if v.kind == hole {
			return unknown(e.name, "the name of %s is not known: %s", e.name, v.cause()).certain()
		}
	}
	return late
}

// written is the value of a property of a resource as the template gives it; nil when it does not.
func (t *template) written(e *entry, property string) (v *val) {
	n := e.node.Get("Properties").Get(property)
	if n == nil || e.busy {
		return nil
	}
	e.busy = true
	t.within(e, func() { v = t.eval(n) })
	e.busy = false
	return v
}

// getAtt is Fn::GetAtt: a text with a dot, or a list of two.
func (t *template) getAtt(arg *doc.Node) *val {
	switch {
	case arg.Kind == doc.List && len(arg.Items) == 2:
		to, ok1 := t.eval(arg.Items[0]).known()
		attribute, ok2 := t.eval(arg.Items[1]).known()
		if !ok1 || !ok2 {
			return unknown("Fn::GetAtt", "which attribute it is is not known")
		}
		return t.attribute(to, attribute)
	case arg.Kind == doc.String && arg.Tag == "":
		if to, attribute, ok := strings.Cut(t.fill(arg.Text), "."); ok {
			return t.attribute(to, attribute)
		}
	}
	return wrong("Fn::GetAtt", "want a resource and an attribute")
}

// attribute is an attribute of a resource. Most are known when the resource is made; those that are properties, and the outputs
// of nested stacks that can be read, are in the template.
func (t *template) attribute(name, attribute string) *val {
	e, ok := t.entries[name]
	if !ok {
		return t.absent(name, attribute)
	}
	if output, ok := strings.CutPrefix(attribute, "Outputs."); ok {
		if v := t.output(e, output); v != nil {
			return v
		}
	}
	v := unknown(ref{name, attribute}.String(), "%s of %s is known when it is made", attribute, name)
	v.sure = strings.HasSuffix(attribute, "Arn") || strings.HasSuffix(attribute, "Id") // others may be lists, or empty
	if typ, ok := schema.Of(e.real); ok {
		if names(attribute) {
			v.seen = resource.Named
		}
		if m, ok := typ.Member(attribute); ok && isProperty(typ, m) {
			if w := t.written(e, attribute); w != nil {
				if s, ok := w.known(); ok {
					v = &val{kind: text, text: s}
				}
			}
		}
	}
	if w := t.made(name, attribute); w != nil {
		v = w
	} else if attribute == "Arn" {
		if arn := t.arnOf(e); arn != "" {
			v = &val{kind: text, text: arn}
		}
	}
	v.refs = []ref{{t.prefix + name, attribute}}
	return v
}

// names reports whether an attribute of one of AWS's types says who or where it is. Some others are secrets.
func names(attribute string) bool {
	for _, end := range []string{"Arn", "Id", "Name", "Url", "URL", "Endpoint", ".Address", ".Port"} {
		if strings.HasSuffix(attribute, end) {
			return true
		}
	}
	return false
}

func isProperty(t *schema.Type, m *schema.Member) bool {
	for i := range t.Properties {
		if &t.Properties[i] == m {
			return true
		}
	}
	return false
}

// within runs something as a part of a resource: with the variables of its loops, and its condition taken as true.
func (t *template) within(e *entry, run func()) {
	assumed := t.assume
	t.assume = e.condition
	t.inLoop(e.vars, run)
	t.assume = assumed
}

func (t *template) inLoop(vars []variable, run func()) {
	before := t.vars
	t.vars = vars
	run()
	t.vars = before
}
