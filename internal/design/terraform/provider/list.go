package provider

import (
	"jobzero/internal/design/relate"
	"jobzero/internal/resource/schema"
)

// anyText is the kind of a property that is any text.
var anyText = schema.Value{Kind: schema.Text} //nolint:gochecknoglobals // a constant that Go has no constants for

func (m *mapping) filter(c call) any {
	v := m.value(c.v, &anyText, c.full, step(c.path, "Value"))
	if v == nil {
		return nil
	}
	return map[string]any{"Name": c.args[0], "Value": v}
}

func (m *mapping) attribute(c call) any {
	v := m.value(c.v, &anyText, c.full, step(c.path, "Value"))
	if v == nil {
		return nil
	}
	return map[string]any{"Key": c.args[0], "Value": v}
}

func (m *mapping) attributes(c call) any {
	block, ok := c.v.(map[string]any)
	if !ok {
		return m.as(c)
	}
	out := []any{}
	for _, name := range c.args[1:] {
		if v := m.value(block[name], &anyText, under(c.full, name), step(c.path, "Value")); v != nil {
			out = append(out, map[string]any{"Key": c.args[0] + name, "Value": v})
		}
	}
	return out
}

// grants are those of an access list, as S3 itself says them: one for each permission.
func (m *mapping) grants(c call) any {
	list, ok := c.v.([]any)
	switch {
	case !ok:
		return m.as(c)
	case len(list) == 0:
		return nil // the list has a short name, or none
	}
	out := []any{}
	for _, e := range list {
		block, ok := e.(map[string]any)
		if !ok {
			out = append(out, e)
			continue
		}
		m.values.Read += leaves(block)
		grantee := only(block["grantee"])
		if grantee == nil {
			grantee = block
		}
		who := map[string]any{}
		for from, to := range map[string]string{"type": "Type", "uri": "URI", "id": "ID"} {
			if v := grantee[from]; v != nil && v != "" {
				who[to] = v
			}
		}
		for _, p := range elements(first(block["permissions"], block["permission"])) {
			out = append(out, map[string]any{"Grantee": who, "Permission": p})
		}
	}
	return out
}

// only is the one block of a list.
func only(v any) map[string]any {
	if list, ok := v.([]any); ok && len(list) == 1 {
		v = list[0]
	}
	block, _ := v.(map[string]any)
	return block
}

func (m *mapping) named(c call) any {
	list, ok := c.v.([]any)
	if !ok {
		return m.as(c)
	}
	out := map[string]any{}
	for _, e := range list {
		block, _ := e.(map[string]any)
		name, ok := block[c.args[0]].(string)
		if !ok {
			return &Hole{Cause: "a name in " + c.full + " is not known"}
		}
		m.values.Read++
		out[name] = m.value(block[c.args[1]], &anyText, c.full, step(c.path, name))
	}
	return out
}

// logs are blocks of a kind of log, where to and whether.
func (m *mapping) logs(c call) any {
	list, ok := c.v.([]any)
	if !ok {
		return m.as(c)
	}
	out := map[string]any{}
	for _, e := range list {
		block, _ := e.(map[string]any)
		kind, ok := block["log_type"].(string)
		if !ok {
			return &Hole{Cause: "a kind of log in " + c.full + " is not known"}
		}
		m.values.Read += leaves(block)
		one := map[string]any{}
		for from, to := range map[string]string{"cloudwatch_log_group_arn": "CloudWatchLogsLogGroupArn", "enabled": "Enabled"} {
			if v := block[from]; v != nil {
				one[to] = v
			}
		}
		out[kind] = one
	}
	return out
}

// short is an access list by its short name.
func (m *mapping) short(c call) any {
	name, _ := c.v.(string)
	list, ok := relate.Canned(name)
	if _, hole := c.v.(*Hole); hole || name == "" {
		return m.as(c)
	}
	if !ok {
		return m.opaque(c)
	}
	return list
}
