package role

import (
	"slices"
	"strings"

	"jobzero/internal/anchor"
)

// Checkpoint is where the hub keeps the head of the log.
type Checkpoint struct {
	Bucket string // ARN, with wildcards; empty: it keeps none
	Role   string // name of the role that is taken on to write there; empty: the hub writes itself
	Key    string // ARN of the key that signs; empty: every key with an alias of ours
	File   bool   // a file signs, and no key of KMS
}

// checkpoints are what the hub may do to keep the head of the log: sign it, and put it where it can neither change it nor take it away.
func checkpoints(o Options) (out []Grant) {
	c, who := o.Checkpoint, []string{"checkpoints"}
	if c.Bucket == "" {
		return nil
	}
	if !c.File {
		key, when := c.Key, map[string]map[string]any(nil)
		if key == "" {
			key = "arn:" + o.Partition + ":kms:*:*:key/*"
			when = map[string]map[string]any{"ForAnyValue:StringLike": {"kms:ResourceAliases": "alias/" + Prefix + "*"}}
		}
		for _, a := range []string{anchor.SignNeeds, anchor.PublicNeeds} {
			out = append(out, Grant{Action: a, Resources: []string{key}, For: who, Condition: when})
		}
	}
	if c.Role != "" {
		return out
	}
	for _, a := range []string{anchor.LockNeeds, anchor.ListNeeds} {
		out = append(out, Grant{Action: a, Resources: []string{c.Bucket}, For: who})
	}
	for _, a := range []string{anchor.ReadNeeds, anchor.WriteNeeds, anchor.RetainNeeds} {
		out = append(out, Grant{Action: a, Resources: []string{c.Bucket + "/*"}, For: who})
	}
	return out
}

// entered are the roles that the hub takes on.
func entered(o Options) (roles []string) {
	for _, n := range []Name{Reader, Responder, Organization} {
		roles = append(roles, "arn:"+o.Partition+":iam::*:role/"+o.Roles[n])
	}
	if c := o.Checkpoint; c.Role != "" {
		roles = append(roles, "arn:"+o.Partition+":iam::*:role/"+strings.TrimPrefix(c.Role, "/"))
	}
	slices.Sort(roles)
	return roles
}
