package cfn

import (
	"strconv"
	"strings"

	"jobzero/internal/design"
	"jobzero/internal/doc"
	"jobzero/internal/resource"
	"jobzero/internal/resource/schema"
)

// make makes the resources of a template, in its order, each nested stack behind the resource that it is.
func (t *template) make() error {
	if t.entries == nil {
		if err := t.list(); err != nil {
			return err
		}
	}
	for _, e := range t.order {
		if err := t.one(e); err != nil {
			return err
		}
		if t.load.err != nil {
			return t.load.err
		}
	}
	t.implicitAPI()
	return nil
}

// one makes what one entry asks for.
func (t *template) one(e *entry) error {
	switch {
	case strings.HasSuffix(e.kind, "::MODULE"):
		t.skip(e.name, e.kind, e.key, "what a module makes is known when the stack is made")
		return nil
	case strings.HasPrefix(e.kind, "AWS::Serverless::") && serverlessTypes[e.kind] == "":
		t.skip(e.name, e.kind, e.key, "what the serverless transform makes of this type is not read")
		return nil
	}
	doubt := t.perhaps
	if e.condition != "" {
		switch a := t.condition(e.condition); a.tri {
		case no:
			t.skip(e.name, e.kind, e.key, "it is not made: the condition "+e.condition+" is false")
			return nil
		case perhaps:
			doubt = a.why
		case yes:
		}
	}
	var properties *val
	t.within(e, func() {
		properties = &val{kind: dict, node: e.key}
		if n := e.node.Get("Properties"); n != nil && n.Kind != doc.Null {
			properties = t.eval(n)
		}
	})
	m := maker{t: t, e: e, perhaps: doubt}
	if serverlessTypes[e.kind] != "" {
		return m.serverless(properties)
	}
	m.declare(e.name, e.real, properties)
	m.authentication()
	if e.kind == stackType {
		return t.nest(e, doubt, properties.get("TemplateURL"))
	}
	return nil
}

// maker makes resources of one entry.
type maker struct {
	t       *template
	e       *entry
	perhaps string
}

// declare adds a resource to the document.
func (m maker) declare(name string, kind resource.Type, properties *val) {
	t := m.t
	s := &settler{t: t, name: t.prefix + name}
	d := design.Declared{Name: s.name, Place: placeOf(t.name, m.e.key), Perhaps: m.perhaps}
	d.Type, d.Account, d.Region, d.ID = kind, t.load.o.Account, t.load.o.Region, s.name
	typ, known := schema.Of(kind)
	var shape *schema.Value
	tags := "Tags"
	switch {
	case known:
		shape, tags = &schema.Value{Kind: schema.Object, Shape: &typ.Shape}, typ.Tags
	case strings.HasPrefix(string(kind), "AWS::") && kind != "AWS::CDK::Metadata":
		s.problem(&val{node: m.e.key}, &step{name: "properties"}, "CloudFormation has no type "+string(kind)+": its properties are read as they are")
	}
	d.Properties = map[string]any{}
	if made, ok := s.settle(properties, shape, &step{name: "properties"}).(map[string]any); ok {
		d.Properties = made
	}
	if t.macro != "" {
		s.unknown = append(s.unknown, resource.Unknown{Path: "properties", Cause: "the macro " + t.macro + " may change it"})
	}
	d.Tags = s.tags(properties.get(tags))
	d.Unknown, d.Partly = s.unknown, s.partly
	if known {
		if id := identifier(typ, d.Properties); id != "" {
			d.ID = id
		}
	}
	if kind == m.e.real && name == m.e.name {
		d.ARN = t.arnOf(m.e)
	}
	d.At = places(t.name, d.Place, properties, tags)
	t.load.out.Resources = append(t.load.out.Resources, d)
}

// identifier is the primary identifier, its parts joined as the Cloud Control API joins them; empty when a part is not given.
func identifier(typ *schema.Type, properties map[string]any) string {
	parts := make([]string, len(typ.ID))
	for i, name := range typ.ID {
		s, ok := properties[name].(string)
		if !ok || s == "" {
			return ""
		}
		parts[i] = s
	}
	return strings.Join(parts, "|")
}

// tags reads tags, which are a list of keys and values, or a map.
func (s *settler) tags(v *val) map[string]string {
	if v == nil {
		return nil
	}
	out := map[string]string{}
	put := func(key, value *val) {
		k, ok := key.known()
		if !ok {
			s.unknown = append(s.unknown, resource.Unknown{Path: "tags", Cause: "the key of a tag is not known"})
			return
		}
		if text, ok := value.known(); ok {
			out[k] = text
		} else if value != nil && value.kind == hole {
			s.missing(value, (&step{up: &step{name: "tags"}, name: k}).String())
		}
	}
	switch v.kind {
	case dict:
		for i, key := range v.keys {
			put(&val{kind: text, text: key}, v.items[i])
		}
	case list:
		for _, item := range v.items {
			if item.kind == hole {
				put(item, item)
				continue
			}
			put(item.get("Key"), item.get("Value"))
		}
	case hole:
		s.missing(v, "tags")
	default:
		s.problem(v, &step{name: "tags"}, "tags are a list or a map, not "+strconv.Quote(short(v.text)))
	}
	return out
}
