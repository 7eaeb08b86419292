package role

import (
	"maps"
	"slices"
	"strings"

	"jobzero/internal/action"
	"jobzero/internal/awsorg"
	"jobzero/internal/policy/names"
)

// writes are what a role may do that changes something. Each session is narrowed further, to the calls of a plan.
func writes(o Options, as awsorg.Role) []Grant {
	account := o.Account
	if as == awsorg.Organization { // what it changes belongs to the management account, also where another one administers
		account = "*"
	}
	by := map[string][]action.Info{}
	for _, i := range o.Actions {
		if i.Role == as {
			for _, w := range i.Writes {
				by[w] = append(by[w], i)
			}
		}
	}
	var out []Grant
	for _, a := range slices.Sorted(maps.Keys(by)) {
		g := Grant{Action: a}
		for _, i := range by[a] {
			g.For = append(g.For, i.ID)
			g.Resources = append(g.Resources, about(a, i.Within[a], o.Partition, account)...)
		}
		slices.Sort(g.Resources)
		g.Resources = widest(slices.Compact(g.Resources))
		if as == awsorg.Responder && slices.ContainsFunc(g.Resources, anyAccount) {
			g.Condition = map[string]map[string]any{"StringEquals": {"aws:ResourceAccount": "${aws:PrincipalAccount}"}}
		}
		out = append(out, g)
	}
	return append(out, ours(o, out)...)
}

// about are the resources of an action, by AWS's own table of what it is asked of; within is what the ARN ends in, where that is known.
func about(name, within, partition, account string) (out []string) {
	a, ok := names.Find(name)
	if !ok || len(a.About) == 0 {
		return []string{"*"}
	}
	for _, form := range a.About {
		arn := form.In(partition, account)
		if within != "" {
			arn = strings.Join(append(sections(arn)[:5], within), ":")
		}
		out = append(out, arn)
	}
	return out
}

// anyAccount reports whether an ARN does not say whose it is, as those of S3 do not: a policy of another account's bucket could let us in
// there, and what is planned here is never to be done there.
func anyAccount(arn string) bool {
	part := sections(arn)
	return part[4] == "" || part[4] == "*"
}

// ours keeps a role that changes roles away from our own: what it may do is not for it to say.
func ours(o Options, given []Grant) []Grant {
	if !slices.ContainsFunc(given, func(g Grant) bool { return strings.HasPrefix(g.Action, "iam:") }) {
		return nil
	}
	var arns []string
	for _, n := range Names() {
		if name := o.Roles[n]; name != "" {
			arns = append(arns, "arn:"+o.Partition+":iam::*:role/"+name)
		}
	}
	arns = append(arns, "arn:"+o.Partition+":iam::*:policy/"+Prefix+"*")
	slices.Sort(arns)
	return []Grant{{Action: "iam:*", Resources: arns, For: []string{"our own roles stay as they are"}, Deny: true}}
}
