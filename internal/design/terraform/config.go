package terraform

import (
	"regexp"
	"slices"
)

// config is what the text of the workspace says, as far as a plan tells it: which expression names which values.
type config struct {
	Providers map[string]providerConfig `json:"provider_config"`
	Root      *module                   `json:"root_module"`
	Variables map[string]struct {
		Value any `json:"value"`
	} `json:"-"`
}

type providerConfig struct {
	Expressions map[string]any `json:"expressions"`
}

type module struct {
	Resources []written             `json:"resources"`
	Calls     map[string]moduleCall `json:"module_calls"`
	Outputs   map[string]struct {
		Expression any `json:"expression"`
	} `json:"outputs"`
	byName map[string]*written
}

type moduleCall struct {
	Expressions map[string]any `json:"expressions"`
	Count       any            `json:"count_expression"`
	ForEach     any            `json:"for_each_expression"`
	Module      *module        `json:"module"`
}

// written is a resource as the text writes it.
type written struct {
	Address     string         `json:"address"`
	Mode        string         `json:"mode"`
	Type        string         `json:"type"`
	Name        string         `json:"name"`
	Provider    string         `json:"provider_config_key"`
	Expressions map[string]any `json:"expressions"`
	ForEach     any            `json:"for_each_expression"`
}

// module finds the text of a module.
func (c *config) module(hops []hop) *module {
	m := c.Root
	for _, h := range hops {
		if m == nil {
			return nil
		}
		m = m.Calls[h.name].Module
	}
	return m
}

// resource finds the text of a resource.
func (m *module) resource(name string) *written {
	if m == nil {
		return nil
	}
	if m.byName == nil {
		m.byName = map[string]*written{}
		for i, r := range m.Resources {
			if r.Mode != "data" {
				m.byName[r.Type+"."+r.Name] = &m.Resources[i]
			}
		}
	}
	return m.byName[name]
}

// references are those of an expression, or of all expressions in a block, without those that say less than the one before.
func references(e any) (out []string) {
	switch e := e.(type) {
	case []any:
		for _, one := range e {
			out = append(out, references(one)...)
		}
	case map[string]any:
		if list, ok := e["references"].([]any); ok {
			return precise(list)
		}
		for _, one := range e {
			out = append(out, references(one)...)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// precise leaves out what another of the list begins with: a plan lists aws_s3_bucket.a.id and aws_s3_bucket.a.
func precise(list []any) (out []string) {
	var all []string
	for _, e := range list {
		if s, ok := e.(string); ok {
			all = append(all, s)
		}
	}
	slices.Sort(all)
	all = slices.Compact(all)
	for i, s := range all {
		longer := func(o string) bool {
			return len(o) > len(s) && o[:len(s)] == s && (o[len(s)] == '.' || o[len(s)] == '[')
		}
		if !slices.ContainsFunc(all[i+1:min(len(all), i+1+maxRefs)], longer) {
			out = append(out, s)
		}
	}
	return out
}

const maxRefs = 200 // of one expression that are compared with one another

// expression finds what is written for an attribute, below blocks with dots.
func expression(e map[string]any, path []string) any {
	var here any = e
	for _, name := range path {
		m, ok := blocks(here).(map[string]any)
		if !ok {
			return nil
		}
		here = m[name]
	}
	return here
}

var (
	accountID = regexp.MustCompile(`^[0-9]{12}$`)
	roleARN   = regexp.MustCompile(`^arn:[a-z-]+:iam::([0-9]{12}):role/`)
)

// home is the account and region that a provider is set up for, as far as the text says, and whether it adds tags.
func (c *config) home(key string) (account, region string, tagged bool) {
	p, ok := c.Providers[key]
	if !ok {
		return "", "", c.Root == nil
	}
	region = c.text(p.Expressions["region"])
	if list, ok := c.value(p.Expressions["allowed_account_ids"]).([]any); ok && len(list) == 1 {
		if id, _ := list[0].(string); accountID.MatchString(id) {
			account = id
		}
	}
	if role := roleARN.FindStringSubmatch(c.text(expression(p.Expressions, []string{"assume_role", "role_arn"}))); role != nil {
		account = role[1]
	}
	return account, region, p.Expressions["default_tags"] != nil
}

// value is what an expression is, when it is a constant or a variable of the workspace.
func (c *config) value(e any) any {
	m, ok := e.(map[string]any)
	if !ok {
		return nil
	}
	if v, ok := m["constant_value"]; ok {
		return v
	}
	if refs := references(e); len(refs) == 1 && len(refs[0]) > 4 && refs[0][:4] == "var." {
		return c.Variables[refs[0][4:]].Value
	}
	return nil
}

func (c *config) text(e any) string {
	s, _ := c.value(e).(string)
	return s
}
