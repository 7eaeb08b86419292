package drift

import (
	"slices"
	"strings"

	"jobzero/internal/design"
	"jobzero/internal/resource"
)

// part is a type that is no resource of its own to the live API: it stands in another one.
type part struct {
	by   []owner
	adds string // the list of the other one that it adds an element to; empty when it adds to none
	take func(d design.Declared, owner resource.Resource, id string) resource.Resource
}

// owner is the property that names the other one.
type owner struct {
	property string
	of       resource.Type
}

const group resource.Type = "AWS::IAM::Group"

// holders are the properties that name who has a policy.
func holders() []owner {
	return []owner{{"Roles", resource.Role}, {"Users", resource.User}, {"Groups", group}}
}

// parts is the table of them.
func parts() map[resource.Type]part {
	return map[resource.Type]part{
		"AWS::S3::BucketPolicy":          {by: []owner{{"Bucket", resource.Bucket}}, take: bucketPolicy},
		"AWS::EC2::SecurityGroupIngress": {by: []owner{{"GroupId", resource.SecurityGroup}}, adds: "SecurityGroupIngress", take: ruleOf("SecurityGroupIngress")},
		"AWS::EC2::SecurityGroupEgress":  {by: []owner{{"GroupId", resource.SecurityGroup}}, adds: "SecurityGroupEgress", take: ruleOf("SecurityGroupEgress")},
		"AWS::IAM::Policy":               {by: holders(), adds: "Policies", take: inline},
		"AWS::IAM::RolePolicy":           {by: []owner{{"RoleName", resource.Role}}, adds: "Policies", take: inline},
		"AWS::IAM::UserPolicy":           {by: []owner{{"UserName", resource.User}}, adds: "Policies", take: inline},
		"AWS::IAM::GroupPolicy":          {by: []owner{{"GroupName", group}}, adds: "Policies", take: inline},
	}
}

// within makes a resource of what stands in another one. What names the other one is as said: it was found by that.
func within(d design.Declared, of resource.Resource, live map[string]any, unknown []resource.Unknown) resource.Resource {
	properties := map[string]any{}
	for k, v := range live {
		properties[k] = v
	}
	for _, by := range parts()[d.Type].by {
		if v, said := d.Properties[by.property]; said {
			properties[by.property] = v
		}
	}
	return resource.Resource{Ref: of.Ref, Properties: properties, Unknown: unknown, ReadAt: of.ReadAt}
}

func goneWith(of resource.Resource) resource.Resource {
	return resource.Resource{Ref: of.Ref, Gone: true}
}

// dark gives why a part of a resource is not known, as a gap in what is made of it.
func dark(of resource.Resource, path, as string) ([]resource.Unknown, bool) {
	for _, u := range of.Unknown {
		if u.Path == path || strings.HasPrefix(path, u.Path+".") {
			return []resource.Unknown{{Path: as, Cause: u.Cause, Code: u.Code}}, true
		}
	}
	return nil, false
}

func bucketPolicy(d design.Declared, of resource.Resource, _ string) resource.Resource {
	if of.Gone {
		return goneWith(of)
	}
	if gap, ok := dark(of, "related.policy", "properties.PolicyDocument"); ok {
		return within(d, of, nil, gap)
	}
	p, ok := of.Related["policy"].(map[string]any)
	if !ok {
		if _, read := of.Related["policy"]; read {
			return goneWith(of)
		}
		return within(d, of, nil, []resource.Unknown{{Path: "properties.PolicyDocument", Cause: resource.NotRead}})
	}
	document := p["PolicyDocument"]
	if m, ok := document.(map[string]any); !ok || m == nil {
		document = p["PolicyText"]
	}
	return within(d, of, map[string]any{"PolicyDocument": document}, nil)
}

// inline finds a policy of a principal by its name.
func inline(d design.Declared, of resource.Resource, _ string) resource.Resource {
	if of.Gone {
		return goneWith(of)
	}
	if gap, ok := dark(of, "properties.Policies", "properties"); ok {
		return within(d, of, nil, gap)
	}
	said, ok := textOf(d.Properties["PolicyName"])
	if !ok {
		return within(d, of, nil, []resource.Unknown{{Path: "properties", Cause: "the name of the policy is not known"}})
	}
	list, _ := of.Properties["Policies"].([]any)
	for _, e := range list {
		p, _ := e.(map[string]any)
		if p["PolicyName"] == said {
			return within(d, of, map[string]any{"PolicyName": said, "PolicyDocument": p["PolicyDocument"]}, nil)
		}
	}
	return goneWith(of)
}

// ruleOf finds a rule of a security group: by its ID, or else the one that is the same.
func ruleOf(list string) func(design.Declared, resource.Resource, string) resource.Resource {
	return func(d design.Declared, of resource.Resource, id string) resource.Resource {
		if of.Gone {
			return goneWith(of)
		}
		if gap, ok := dark(of, "properties."+list, "properties"); ok {
			return within(d, of, nil, gap)
		}
		rules, _ := of.Properties[list].([]any)
		for _, e := range rules {
			if m, _ := e.(map[string]any); id != "" && m["SecurityGroupRuleId"] == id {
				return within(d, of, m, nil)
			}
		}
		said, steps := addition(d), maxSteps
		c := &comparer{steps: &steps}
		perhaps := -1
		for i, e := range rules {
			m, _ := e.(map[string]any)
			switch c.same(said, formed(d.Type, m), spot{}) {
			case yes:
				return within(d, of, m, nil)
			case maybe:
				perhaps = i
			case no:
			}
		}
		if perhaps >= 0 {
			m, _ := rules[perhaps].(map[string]any)
			return within(d, of, m, nil)
		}
		return goneWith(of)
	}
}

// addition is what a part adds to the list of another resource, in its form.
func addition(d design.Declared) any {
	whole, ok := formed(d.Type, holed(d.Properties, d.Unknown)).(map[string]any)
	if !ok {
		return hole{why: "nothing of it is known"}
	}
	for _, by := range parts()[d.Type].by {
		delete(whole, by.property)
	}
	return whole
}

// additions are elements that resources of a text add to lists of others: by the other one's key, and by the path of the list.
type additions map[string]map[string][]any

// anywhere is the key of what is added to one that is not known.
const anywhere = ""

func (a additions) put(ref resource.Ref, list string, v any) {
	key := anywhere
	if ref.ID != "" {
		key = ref.Key()
	}
	if a[key] == nil {
		a[key] = map[string][]any{}
	}
	a[key]["properties."+list] = append(a[key]["properties."+list], v)
}

// of are those of one resource.
func (a additions) of(ref resource.Ref) map[string][]any {
	out := map[string][]any{}
	for _, key := range []string{anywhere, ref.Key()} {
		for list, more := range a[key] {
			out[list] = slices.Concat(out[list], more)
		}
	}
	return out
}

func (w World) additions(doc design.Document) additions {
	out := additions{}
	for _, d := range doc.Resources {
		w.attached(d, out)
		p, ok := parts()[d.Type]
		if !ok || p.adds == "" {
			continue
		}
		refs, why := w.Refs(d)
		if why != "" {
			refs = []resource.Ref{{}}
		}
		for _, ref := range refs {
			out.put(ref, p.adds, addition(d))
		}
	}
	return out
}

// attached is what IAM shows at both ends, and a text writes at one: managed policies and who has them, groups and who is in them.
func (w World) attached(d design.Declared, out additions) {
	id := w.IDs[d.Name]
	switch d.Type {
	case resource.ManagedPolicy:
		for _, by := range holders() {
			for _, name := range texts(d.Properties[by.property]) {
				if id != "" {
					out.put(w.ref(by.of, last(name)), "ManagedPolicyArns", id)
				}
			}
		}
	case resource.Role, resource.User, group:
		for _, by := range holders() {
			if by.of != d.Type || id == "" {
				continue
			}
			for _, arn := range texts(d.Properties["ManagedPolicyArns"]) {
				out.put(w.ref(resource.ManagedPolicy, arn), by.property, id)
			}
		}
	case "AWS::IAM::UserToGroupAddition":
		for _, user := range texts(d.Properties["Users"]) {
			for _, name := range texts(d.Properties["GroupName"]) {
				out.put(w.ref(resource.User, user), "Groups", name)
			}
		}
	default:
	}
}
