package tie

import (
	"strings"
	"time"

	"jobzero/internal/access"
	"jobzero/internal/policy"
	"jobzero/internal/principal/lineage"
)

// Behind joins a live session to whoever is at its root, or else to whom a name names. Only what is proved of the lineage is more than
// perhaps his: anybody may choose the name of a session, and a source identity is what somebody said.
func (b *Book) Behind(s lineage.Session) (Join, bool) {
	j, ok := b.Root(s.Root)
	why := "which is only claimed"
	switch {
	case ok && s.Strength == lineage.Proved:
		return j, true
	case s.Strength == lineage.Proved && s.Root.Kind != lineage.Person && s.Root.Kind != lineage.Unknown:
		return Join{}, false // of something that runs, whatever its session is called
	case !ok && s.Root.Kind == lineage.Unknown:
		j, _ = b.named(s.Root.Name, "the root "+s.Root.ID+" by")
		why = "and what that root is is not known"
	}
	if j.Person == "" && s.Strength != lineage.Proved {
		j, _ = b.session(s.ARN)
		why = "and who took it on was not seen"
	}
	if j.Person == "" {
		return Join{}, false
	}
	j.Kind, j.Principal, j.Sure = Session, s.ARN, Perhaps
	j.Reason += ", " + why
	return j, true
}

// Reserved is how Identity Center begins the names of its roles.
const Reserved = "AWSReservedSSO_"

// Ends names the action that ends a session; empty when there is none. IAM cannot change a role of Identity Center: the permission set that
// it is made of can be changed.
func Ends(arn string) string {
	_, role, ok := strings.Cut(arn, ":assumed-role/")
	switch {
	case !ok:
		return ""
	case strings.HasPrefix(role, Reserved):
		return "sso.deny-user"
	}
	return "iam.end-role-sessions"
}

// Clocks is how much the record of an issue and the time in the credential may differ: what is denied so closely is not surely denied.
const Clocks = 5 * time.Second

// Denied reports whether everything is denied to a session of a role from a time on until its end, by the policies of the role. More are
// keys of its calls that are known besides. A Deny that hangs on anything else that is not known does not count.
func Denied(p access.Policies, s lineage.Session, more policy.Keys, now time.Time) bool {
	caller, err := access.NewCaller(access.IAM, s.ARN, s.Account)
	if err != nil {
		return false
	}
	for _, issued := range []time.Time{s.Issued, s.Issued.Add(Clocks)} {
		for _, at := range []time.Time{now, s.Until} {
			keys := policy.Keys{
				"aws:currenttime": policy.Is(at.UTC().Format(time.RFC3339)), "aws:tokenissuetime": policy.Is(issued.UTC().Format(time.RFC3339)),
			}
			if s.ID != "" {
				keys["aws:userid"] = policy.Is(s.ID)
			}
			for k, v := range more {
				keys[k] = v
			}
			if !shut(p, policy.Request{Context: access.Partial(&access.Call{Caller: caller}, keys)}) {
				return false
			}
		}
	}
	return true
}

// shut reports whether a statement surely denies everything to a caller.
func shut(p access.Policies, r policy.Request) bool {
	for _, d := range p.Identity {
		for _, s := range d.Statements {
			if !s.Allow && whole(s.Actions) && whole(s.Resources) && s.Holds(&r).Truth == policy.Yes {
				return true
			}
		}
	}
	return false
}
