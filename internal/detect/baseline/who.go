package baseline

import (
	"strings"

	"jobzero/internal/event"
)

// Who is whom an event is about.
type Who struct {
	Principal string // key of the principal, as event.Actor.Principal gives it
	Group     string // its peers, in words that begin a sentence, such as "IAM users of 111122223333"; empty: it has none
	Account   string // its own account
}

// Of is who did it, as far as the event alone can tell: peers are the people with the same permission set, the users, the
// roles of instances, of functions and others, each in their account.
func Of(e *event.Event) Who {
	w := Who{Principal: e.Actor.Principal(), Account: e.Actor.Account}
	if w.Account == "" {
		w.Account = e.Account
	}
	if e.Actor.Type == "AWSService" {
		w.Principal = "" // the services themselves are nobody's peers and are not judged
		return w
	}
	w.Group = peers(e) + " of " + w.Account
	return w
}

func peers(e *event.Event) string {
	switch e.Actor.Type {
	case "IAMUser":
		return "IAM users"
	case "AssumedRole":
		return rolePeers(&e.Actor)
	case "":
		return "Principals"
	default:
		return "Principals of the type " + e.Actor.Type
	}
}

// ssoRole begins the names of roles of IAM Identity Center; the permission set's name follows, then a hash.
const ssoRole = "AWSReservedSSO_"

func rolePeers(a *event.Actor) string {
	role := a.IssuerARN[strings.LastIndexByte(a.IssuerARN, '/')+1:]
	set, person := strings.CutPrefix(role, ssoRole)
	switch {
	case person:
		if i := strings.LastIndexByte(set, '_'); i > 0 {
			set = set[:i]
		}
		return "People with the permission set " + set
	case a.InvokedBy != "" || strings.Contains(a.IssuerARN, ":role/aws-service-role/"):
		return "Service-linked roles"
	case instanceOf(a) != "":
		return "Roles of instances"
	case strings.Contains(a.IssuerARN, ":role/service-role/"):
		return "Service roles"
	default:
		return "Roles"
	}
}

// instanceOf is the instance to whom a role's session belongs, empty when it is none: EC2 names such sessions after the
// instance.
func instanceOf(a *event.Actor) string {
	if a.Type != "AssumedRole" {
		return ""
	}
	name := a.ARN[strings.LastIndexByte(a.ARN, '/')+1:]
	id, ok := strings.CutPrefix(name, "i-")
	if !ok || len(id) != 8 && len(id) != 17 || strings.Trim(id, "0123456789abcdef") != "" {
		return ""
	}
	return name
}
