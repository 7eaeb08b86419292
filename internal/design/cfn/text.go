package cfn

import (
	"strings"

	"jobzero/internal/doc"
	"jobzero/internal/resource"
)

// join puts a text together. One part that is unknown makes it unknown; the parts are kept.
func (t *template) join(parts []*val) *val {
	size, linked := 0, false
	var missing *val
	for _, p := range parts {
		size += len(p.text)
		linked = linked || len(p.refs) > 0
		if p.kind == hole && missing == nil {
			missing = p
		}
	}
	if !t.load.spend(1, size) {
		return unknown("", "%s", "the template is too large")
	}
	if missing == nil {
		var b strings.Builder
		b.Grow(size)
		for _, p := range parts {
			b.WriteString(p.text)
		}
		v := &val{kind: text, text: b.String()}
		if linked {
			v.parts = parts
		}
		return v
	}
	v := &val{kind: hole, parts: parts, label: missing.label, text: missing.text}
	if len(parts) == 1 {
		v.seen = missing.seen
	}
	return v
}

// fetched is what a dynamic reference stands for.
func fetched(name, from string) *val {
	v := unknown("resolve:"+name, "it is read from %s when the stack is made", store(from)).certain()
	v.seen = resource.Shown
	if from == "secretsmanager" || from == "ssm-secure" {
		v.seen = resource.Sealed
	}
	return v
}

// flat gives the scalars that a value brings to a text: the parts of one that was put together before, or itself. A list, which
// a parameter may be, counts with commas.
func (t *template) flat(v *val, out []*val) []*val {
	switch {
	case len(v.parts) > 0:
		return append(out, v.parts...)
	case v.kind == list:
		for i, item := range v.items {
			if i > 0 {
				out = append(out, &val{kind: text, text: ","})
			}
			out = t.flat(item, out)
		}
		return out
	case v.kind == dict:
		return append(out, unknown("?", "a map cannot be a part of a text"))
	case v.kind == gone, v.kind == null:
		return out
	}
	return append(out, v)
}

// sub is Fn::Sub: a text, or a list of a text and a map of names.
func (t *template) sub(arg *doc.Node) *val {
	names := map[string]*val{}
	if arg.Tag == "" && arg.Kind == doc.List {
		if len(arg.Items) != 2 || arg.Items[1].Kind != doc.Map {
			return wrong("Fn::Sub", "want a text, or a list of a text and a map")
		}
		for _, p := range arg.Items[1].Pairs {
			names[t.fill(p.Key.Text)] = t.eval(p.Value)
		}
		arg = arg.Items[0]
	}
	if arg.Tag != "" || arg.Kind == doc.Map || arg.Kind == doc.List {
		return wrong("Fn::Sub", "want a text")
	}
	var parts []*val
	rest := t.fill(arg.Text)
	for {
		before, after, found := strings.Cut(rest, "${")
		if before != "" {
			parts = append(parts, &val{kind: text, text: before})
		}
		if !found {
			return t.resolved(t.join(parts))
		}
		name, behind, closed := strings.Cut(after, "}")
		switch name = strings.TrimSpace(name); {
		case !closed:
			return wrong("Fn::Sub", "a ${ has no }")
		case strings.HasPrefix(name, "!"):
			parts = append(parts, &val{kind: text, text: "${" + name[1:] + "}"})
		case names[name] != nil:
			parts = t.flat(names[name], parts)
		default:
			parts = t.flat(t.named(name), parts)
		}
		rest = behind
	}
}

// named is what a name in ${…} stands for.
func (t *template) named(name string) *val {
	if to, attribute, ok := strings.Cut(name, "."); ok {
		return t.attribute(to, attribute)
	}
	return t.refer(name)
}

// joined is Fn::Join: a delimiter, and a list.
func (t *template) joined(arg *doc.Node) *val {
	if arg.Kind != doc.List || len(arg.Items) != 2 {
		return wrong("Fn::Join", "want a delimiter and a list")
	}
	delimiter, ok := t.eval(arg.Items[0]).known()
	if !ok {
		return wrong("Fn::Join", "the delimiter is no text")
	}
	of := t.eval(arg.Items[1])
	if of.kind != list {
		if of.kind == hole {
			return of
		}
		return wrong("Fn::Join", "want a list to join")
	}
	var parts []*val
	for i, item := range of.items {
		if i > 0 && delimiter != "" {
			parts = append(parts, &val{kind: text, text: delimiter})
		}
		parts = t.flat(item, parts)
	}
	return t.resolved(t.join(parts))
}

// literal is a text of the template: dynamic references in it are filled in by the service, when it makes the resource.
func (t *template) literal(s string) *val {
	if !strings.Contains(s, "{{resolve:") {
		return &val{kind: text, text: s}
	}
	var parts []*val
	for {
		before, after, found := strings.Cut(s, "{{resolve:")
		name, behind, closed := strings.Cut(after, "}}")
		if !found || !closed { // what is not closed is closed by another part
			if s != "" {
				parts = append(parts, &val{kind: text, text: s})
			}
			break
		}
		if before != "" {
			parts = append(parts, &val{kind: text, text: before})
		}
		from, _, _ := strings.Cut(name, ":")
		parts = append(parts, fetched(name, from))
		s = behind
	}
	if len(parts) == 1 {
		return parts[0]
	}
	return t.join(parts)
}

func store(service string) string {
	switch service {
	case "secretsmanager":
		return "Secrets Manager"
	case "ssm", "ssm-secure":
		return "Parameter Store"
	}
	return service
}

// resolved looks for dynamic references in a text that a function made.
func (t *template) resolved(v *val) *val {
	if v.kind == text && strings.Contains(v.text, "{{resolve:") {
		return t.literal(v.text)
	}
	if v.kind == hole && len(v.parts) > 1 && fromSecrets(v.parts) {
		v.seen = resource.Sealed // which secret it is, is not known; that it is one is
	}
	return v
}

// fromSecrets reports whether the parts are one dynamic reference to a store of secrets, and nothing else.
func fromSecrets(parts []*val) bool {
	first, last := parts[0], len(parts)-1
	if first.kind != text || !strings.HasPrefix(first.text, "{{resolve:secretsmanager:") && !strings.HasPrefix(first.text, "{{resolve:ssm-secure:") {
		return false
	}
	for i, p := range parts {
		if at := strings.Index(p.text, "}}"); p.kind == text && (at >= 0) != (i == last) || i == last && (p.kind != text || at != len(p.text)-2) {
			return false
		}
	}
	return true
}

// fill puts the variables of the loops around a text into it.
func (t *template) fill(s string) string {
	if len(t.vars) == 0 || !strings.ContainsAny(s, "$&") {
		return s
	}
	for _, v := range t.vars {
		s = strings.ReplaceAll(s, "${"+v.name+"}", v.text)
		s = strings.ReplaceAll(s, "&{"+v.name+"}", v.plain())
		if !t.load.spend(0, len(s)) {
			return ""
		}
	}
	return s
}
