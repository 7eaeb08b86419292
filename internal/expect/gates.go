package expect

import (
	"regexp"
	"slices"
	"strings"

	"jobzero/internal/expr"
	"jobzero/internal/resource"
	"jobzero/internal/resource/relation"
	"jobzero/internal/resource/schema"
)

// Gate is a place where an expectation is asked.
type Gate string

// The gates, in the order in which a resource comes by.
const (
	Design    Gate = "design"    // a template, a plan or a folder of Terraform: what it asks for is prevented
	Provision Gate = "provision" // the call of a hook for one resource: what it asks for is prevented
	Live      Gate = "live"      // the account: what is there is detected
)

// Gates are all of them.
func Gates() []Gate { return []Gate{Design, Provision, Live} }

// Reach is how far an expectation can be decided at a gate.
type Reach string

// How far.
const (
	Decides Reach = "decides" // all that it asks for can be known there
	Partly  Reach = "partly"  // some of it never is; whether that matters is seen from case to case
	Cannot  Reach = "cannot"  // nothing of it ever is
)

// At says how far the expectation can be decided at a gate, and what cannot be known there. It is worked out of what the expression asks for, and
// of what is known of the types.
func (e *Expectation) At(g Gate) (Reach, []string) {
	asked, dark := 0, 0
	var why []string
	for _, t := range e.Types {
		if t == resource.Attachment && g != Design && len(e.Types) > 1 {
			continue // there it is a part of whoever has the policy: nothing of it is left to decide
		}
		for _, ask := range e.decisive() {
			if len(ask.Path) < 2 || ask.Path[0].Name != "properties" && ask.Path[0].Name != "related" {
				continue
			}
			asked++
			text := hidden(t, ask, g)
			if text == "" {
				continue
			}
			dark++
			if !slices.Contains(why, text) {
				why = append(why, text)
			}
		}
		if text := foreign(t, g); text != "" && !slices.Contains(why, text) {
			why = append(why, text)
			if len(e.Types) == 1 {
				return Cannot, why
			}
		}
	}
	if e.asksAccess() && g == Provision {
		why = append(why, "a call for one resource does not tell who may do what")
	}
	switch {
	case len(why) == 0:
		return Decides, nil
	case dark == asked && asked > 0:
		return Cannot, why
	}
	return Partly, why
}

// decisive are the parts of the resource that the verdict depends on; messages are not.
func (e *Expectation) decisive() []expr.Ask {
	all := e.met.Asks("resource")
	if e.applies != nil {
		all = append(all, e.applies.Asks("resource")...)
	}
	return all
}

// questions finds what is asked of who may do what. The words in a text do no harm: more is thought to be asked than is.
var questions = regexp.MustCompile(`\baccess\.(can|whoCan|exposure|reach)\(`)

// AsksAccess reports whether what a text says may depend on who may do what.
func AsksAccess(text string) bool { return questions.MatchString(text) }

// asksAccess reports whether the verdict depends on who may do what.
func (e *Expectation) asksAccess() bool {
	return AsksAccess(e.met.String()) || e.applies != nil && AsksAccess(e.applies.String())
}

// foreign says why nothing of a type comes by a gate.
func foreign(t resource.Type, g Gate) string {
	switch {
	case g == Live && t == resource.Attachment:
		return "the account has it as a part of whoever has the policy"
	case g == Design && (t == resource.Attachment || t == resource.IAMAccount || t == resource.AthenaDatabase):
		return "" // Terraform has them
	case t == resource.AthenaDatabase:
		return "only Terraform has " + string(t)
	case g == Live:
		return ""
	case strings.HasPrefix(string(t), "jobzero::"):
		return "CloudFormation has no " + string(t)
	}
	return ""
}

// hidden says why a part of a resource is never known at a gate; empty when it can be.
func hidden(t resource.Type, ask expr.Ask, g Gate) string {
	name := ask.Path[1].Name
	if ask.Path[0].Name == "related" {
		r, _, ok := relation.Named(t, name)
		switch {
		case !ok || r.Extra:
			return ""
		case g == Live:
			if !r.Read && len(r.Live()) == 0 {
				return "nobody looks for " + name + " in the live account"
			}
			return ""
		case len(r.Ways) == 0 && !r.Text:
			return "only the live account tells " + name
		case g == Provision && !r.Text:
			return "a call for one resource does not tell " + name
		}
		return ""
	}
	if t == resource.IAMAccount && g != Live && name != "PasswordPolicy" {
		return "only the live account tells " + name
	}
	typ, ok := schema.Of(t)
	if !ok {
		return ""
	}
	if g != Live && !has(typ.Properties, name) && has(typ.Attributes, name) {
		return name + " is known once it is made"
	}
	if g == Live && slices.ContainsFunc(schema.WriteOnly(t), func(path string) bool { return covers(path, ask.Path[1:]) }) {
		return "AWS never gives " + dotted(ask.Path[1:]) + " back"
	}
	return ""
}

func has(list []schema.Member, name string) bool {
	return slices.ContainsFunc(list, func(m schema.Member) bool { return m.Name == name })
}

// covers reports whether a path such as Rules.*.Secret is that of a part, or of something around it.
func covers(path string, part []expr.Step) bool {
	for i, name := range strings.Split(path, ".") {
		if i >= len(part) || name == "*" != part[i].Element || name != "*" && name != part[i].Name {
			return false
		}
	}
	return true
}
