package ledger

import (
	"bytes"
	"strings"

	"jobzero/internal/event"
	"jobzero/internal/principal"
	"jobzero/internal/principal/lineage"
	"jobzero/internal/rawjson"
)

// caller gives who calls. What the records of a session say of it is the same text in all of them, and so are the answers; but
// not where a session is only known by its name and when it was used.
func (d *Reader) caller(r *event.Record) *who {
	raw := r.Part(event.UserIdentity)
	if v := d.graph.Version(); v != d.version { // somebody learnt something
		clear(d.callers)
		d.version = v
	}
	if c, ok := d.callers[string(raw)]; ok {
		return c
	}
	x := who{principal: principalOf(r)}
	if x.principal == "" {
		return nil
	}
	l, ok := d.graph.Resolve(r)
	x.root = rootOf(&l, ok)
	c := d.whos.one(x)
	if ok && l.Strength != lineage.Proved && !bytes.Contains(raw, []byte(`"creationDate"`)) {
		return c
	}
	if len(d.callers) >= maxCallers {
		clear(d.callers)
	}
	d.callers[string(raw)] = c
	return c
}

// maxName is how long a name of a root or principal may be. Nothing that AWS names is longer.
const maxName = 512

// rootOf is the root of a lineage without what is new with each session: the last session that was seen of a way whose begin is
// not known, and the number of an instance or task.
func rootOf(l *lineage.Lineage, ok bool) Root {
	if !ok || l.Strength == lineage.Untraced || len(l.Root.ID) > maxName {
		return Root{Kind: lineage.Unknown, Strength: lineage.Untraced}
	}
	root := Root{l.Root.Kind, l.Root.ID, l.Strength}
	if l.Root.Kind == lineage.Workload {
		for _, fleeting := range []string{"ec2:", "ecs:"} {
			if strings.HasPrefix(root.ID, fleeting) {
				root.ID = fleeting + l.Root.Account + ":*"
			}
		}
	}
	return root
}

// principalOf is who policies bind: of a session its role or user. Empty when the record does not say who calls.
func principalOf(r *event.Record) string {
	get := func(s event.Slot) string {
		t := plain(r, s)
		return string(t[:min(len(t), maxName)])
	}
	kind, arn, account := get(event.IdentityType), get(event.IdentityARN), get(event.IdentityAccount)
	switch kind {
	case "AssumedRole":
		if issuer := get(event.IdentityIssuerARN); issuer != "" {
			return issuer
		}
		if role := roleOf(arn); role != "" {
			return role
		}
	case "FederatedUser":
		if issuer := get(event.IdentityIssuerARN); issuer != "" {
			return issuer
		}
	case "Root":
		return rootUser(arn, account)
	case "AWSService":
		if by := get(event.IdentityInvokedBy); by != "" {
			return by
		}
	case "AWSAccount":
		if strings.EqualFold(account, "ANONYMOUS_PRINCIPAL") || account == "anonymous" {
			return "*"
		}
		if account != "" {
			return account // as a policy names it: nothing but the number is known
		}
	case "SAMLUser", "WebIdentityUser":
		if p := member(r.Part(event.UserIdentity), "identityProvider"); p != "" {
			return p
		}
	}
	if arn != "" {
		return arn
	}
	if kind == "" {
		return get(event.IdentityInvokedBy) // as AWS writes where it acts by itself: AWS Internal
	}
	for _, s := range []event.Slot{event.IdentityUser, event.IdentityPrincipal, event.IdentityInvokedBy, event.IdentityAccount} {
		if t := get(s); t != "" {
			return kind + ":" + t
		}
	}
	return kind
}

func member(v rawjson.Value, name string) (out string) {
	for it := rawjson.Over(v); it.Next(); {
		if string(it.Name) == name {
			out, _ = it.Value.Text()
		}
	}
	return out[:min(len(out), maxName)]
}

// roleOf is the role of a session's ARN. The path of the role is not in it.
func roleOf(arn string) string {
	a, err := principal.ParseARN(arn)
	name, ok := strings.CutPrefix(a.Resource, "assumed-role/")
	if err != nil || !ok {
		return ""
	}
	name, _, _ = strings.Cut(name, "/")
	return "arn:" + a.Partition + ":iam::" + a.Account + ":role/*" + name
}

func rootUser(arn, account string) string {
	if account == "" {
		return arn
	}
	partition := "aws"
	if a, err := principal.ParseARN(arn); err == nil {
		partition = a.Partition
	}
	return "arn:" + partition + ":iam::" + account + ":root"
}

// fromConsole reports whether the call was made in the console. Newer records say so; older ones have the console's agent. What a service
// calls for somebody, such as CloudFormation the parts of a stack, was made by the service.
func fromConsole(r *event.Record, kind []byte) bool {
	if len(plain(r, event.IdentityInvokedBy)) > 0 {
		return false
	}
	switch string(r.Part(event.SessionCredentialFromConsole)) {
	case `"true"`, "true":
		return true
	}
	agent := plain(r, event.UserAgent)
	for _, begin := range []string{"console.", "signin.amazonaws.com", "S3Console/", "[S3Console/"} {
		if bytes.HasPrefix(agent, []byte(begin)) {
			return true
		}
	}
	return string(kind) == "AwsConsoleAction" || string(plain(r, event.EventSource)) == "signin.amazonaws.com"
}
