package cfn

import (
	"slices"
	"strings"

	"jobzero/internal/doc"
	"jobzero/internal/resource"
	"jobzero/internal/resource/schema"
)

// serverlessTypes are the types of the serverless transform, and what has their name once they are transformed.
// Source: https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-specification-generated-resources.html
var serverlessTypes = map[string]resource.Type{
	"AWS::Serverless::Function":     "AWS::Lambda::Function",
	"AWS::Serverless::Api":          "AWS::ApiGateway::RestApi",
	"AWS::Serverless::HttpApi":      "AWS::ApiGatewayV2::Api",
	"AWS::Serverless::SimpleTable":  "AWS::DynamoDB::Table",
	"AWS::Serverless::StateMachine": "AWS::StepFunctions::StateMachine",
	"AWS::Serverless::LayerVersion": "AWS::Lambda::LayerVersion",
	"AWS::Serverless::Application":  stackType,
}

// serverless makes what the serverless transform makes of an entry, as far as it matters to who can do what; what it leaves out
// is named as skipped.
func (m maker) serverless(own *val) error {
	if own.kind != dict {
		m.t.skip(m.e.name, m.e.kind, m.e.key, "its properties are not known: "+own.cause())
		return nil
	}
	p := m.globals(own)
	switch m.e.kind {
	case "AWS::Serverless::Function":
		m.function(p)
	case "AWS::Serverless::Api":
		m.restAPI(p)
	case "AWS::Serverless::HttpApi":
		m.httpAPI(p)
	case "AWS::Serverless::SimpleTable":
		m.table(p)
	case "AWS::Serverless::StateMachine":
		m.machine(p)
	case "AWS::Serverless::LayerVersion":
		out := m.rename(p, map[string]string{"ContentUri": "Content"}, "RetentionPolicy")
		if p.get("LayerName") == nil {
			out.set("LayerName", str(m.e.name))
		}
		out.set("Content", late("what is packaged gets its place when it is uploaded"))
		m.declare(m.e.name, m.e.real, out)
	case "AWS::Serverless::Application":
		out := m.rename(p, map[string]string{"Location": "TemplateURL"})
		if at := p.get("Location"); at != nil && at.kind == dict {
			out.set("TemplateURL", late("the application is in the repository of applications"))
		}
		m.declare(m.e.name, m.e.real, out)
		return m.t.nest(m.e, m.perhaps, out.get("TemplateURL"))
	}
	return nil
}

// globals lays the properties of an entry over those that Globals has for its type: maps are merged, lists put together.
func (m maker) globals(own *val) *val {
	section := strings.TrimPrefix(m.e.kind, "AWS::Serverless::")
	n := m.t.root.Get("Globals").Get(section)
	if n == nil || n.Kind != doc.Map {
		return own
	}
	var over *val
	m.t.within(m.e, func() { over = m.t.eval(n) })
	return overlay(over, own)
}

func overlay(under, over *val) *val {
	switch {
	case under == nil:
		return over
	case under.kind == list && over.kind == list:
		out := *over
		out.items = slices.Concat(under.items, over.items)
		return &out
	case under.kind != dict || over.kind != dict:
		return over
	}
	out := &val{kind: dict, node: over.node, keys: slices.Clone(under.keys), items: slices.Clone(under.items)}
	index := map[string]int{}
	for i, key := range under.keys {
		index[key] = i
	}
	for i, key := range over.keys {
		item := over.items[i]
		if at, ok := index[key]; ok {
			item = overlay(under.items[at], item)
		}
		index = out.setIn(index, key, item)
	}
	return out
}

// rename makes the properties of a CloudFormation type of serverless ones. What has the same name stays, a map of names says
// which are called otherwise, and done names those that are made into something else; the rest is named as skipped.
func (m maker) rename(p *val, names map[string]string, done ...string) *val {
	typ, _ := schema.Of(m.e.real)
	out := &val{kind: dict, node: m.e.key}
	for i, key := range p.keys {
		item := p.items[i]
		to := names[key]
		switch {
		case slices.Contains(done, key):
			continue
		case to != "":
		case key == "Tags":
			to, item = typ.Tags, tagList(item, typ)
		default:
			if _, ok := typ.Member(key); ok {
				to = key
			}
		}
		if to == "" {
			m.left(key, item)
			continue
		}
		out.set(to, item)
	}
	return out
}

// left names a property that is left out.
func (m maker) left(key string, v *val) {
	n := v.node
	if n == nil {
		n = m.e.key
	}
	m.t.skip(m.e.name+"."+key, m.e.kind, n, "what the serverless transform makes of "+key+" is not read")
}

// tagList makes a list of keys and values of the map that serverless types have, where the type wants it.
func tagList(v *val, typ *schema.Type) *val {
	m, ok := typ.Member(typ.Tags)
	if !ok || m.Value.Kind != schema.List || v.kind != dict {
		return v
	}
	out := &val{kind: list, node: v.node}
	for i, key := range v.keys {
		out.items = append(out.items, object(v.items[i].node, "Key", str(key), "Value", v.items[i]))
	}
	return out
}

// object makes a dict of keys and values.
func object(n *doc.Node, pairs ...any) *val {
	out := &val{kind: dict, node: n}
	for i := 0; i+1 < len(pairs); i += 2 {
		key, _ := pairs[i].(string)
		if v, ok := pairs[i+1].(*val); ok && v != nil {
			out.set(key, v)
		}
	}
	return out
}

func str(s string) *val { return &val{kind: text, text: s} }

func late(why string) *val { return unknown("", "%s", why) }

func array(items ...*val) *val { return &val{kind: list, items: items} }

// of is a reference to a resource that the transform makes.
func (m maker) of(name, attribute string) *val {
	v := unknown(ref{name, attribute}.String(), "%s gets its identity when it is made", name).certain()
	v.refs = []ref{{m.t.prefix + name, attribute}}
	return v
}

// arn is an ARN of the partition.
func (m maker) arn(rest string) *val {
	p, _ := m.t.pseudo("AWS::Partition")
	return m.t.join([]*val{str("arn:"), p, str(rest)})
}
