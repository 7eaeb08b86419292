package provider

import (
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

// canned are the access lists that have a short name, as the grants that S3 makes of them; those to the owner are left out.
// The source is docs.aws.amazon.com/AmazonS3/latest/userguide/acl-overview.html#canned-acl, as of 2026.
func canned() map[string][][2]string {
	const groups = "http://acs.amazonaws.com/groups/"
	return map[string][][2]string{
		"private":                   {},
		"public-read":               {{groups + "global/AllUsers", "READ"}},
		"public-read-write":         {{groups + "global/AllUsers", "READ"}, {groups + "global/AllUsers", "WRITE"}},
		"authenticated-read":        {{groups + "global/AuthenticatedUsers", "READ"}},
		"log-delivery-write":        {{groups + "s3/LogDelivery", "WRITE"}, {groups + "s3/LogDelivery", "READ_ACP"}},
		"aws-exec-read":             {},
		"bucket-owner-read":         {},
		"bucket-owner-full-control": {},
	}
}

// short is an access list by its short name.
func (m *mapping) short(c call) any {
	name, _ := c.v.(string)
	list, ok := canned()[name]
	if _, hole := c.v.(*Hole); hole || name == "" {
		return m.as(c)
	}
	if !ok {
		return m.opaque(c)
	}
	out := []any{}
	for _, g := range list {
		out = append(out, map[string]any{"Grantee": map[string]any{"Type": "Group", "URI": g[0]}, "Permission": g[1]})
	}
	return out
}
