package lineage

import (
	"strings"
	"time"
	"unique"

	"jobzero/internal/event"
	"jobzero/internal/principal"
	"jobzero/internal/rawjson"
)

// Grant is one credential that was issued, as the records of its issue tell it.
type Grant struct {
	Key     string // the access key ID that was issued; empty where the record does not name it
	Session string // ARN of the session that it is for; empty when only the key is known
	User    string // the session's principal ID, such as AROA…:name
	How     string // the event's name: AssumeRole, GetFederationToken …
	Event   string // the event's ID
	Shared  string // sharedEventID: the other account's record of the same call has it too
	At      int64  // seconds since 1970
	Until   int64  // the end of its life, at the latest
	caller  unique.Handle[Identity]
	place   int // in the heap of ends
}

// id is what grants are joined on: the credential, else the event.
func (g *Grant) id() string {
	if g.Key != "" {
		return g.Key
	}
	return "event/" + g.Event
}

// The longest lives. A role's session has twelve hours at most, those of GetSessionToken and GetFederationToken 36:
// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_request.html.
const (
	maxRole = 12 * 60 * 60
	maxUser = 36 * 60 * 60
)

// issuers are the events that say which credential came from whom, and the longest life of what they issue.
var issuers = map[string]int64{
	"AssumeRole": maxRole, "AssumeRoleWithSAML": maxRole, "AssumeRoleWithWebIdentity": maxRole, "AssumeRoot": maxRole,
	"GetSessionToken": maxUser, "GetFederationToken": maxUser,
	"SwitchRole": maxRole, "ConsoleLogin": maxRole, "GetSigninToken": maxRole,
}

// Tells reports whether a record may teach a graph something. It is quick: nearly all records do not.
func Tells(r *event.Record) bool {
	if r.Log != event.CloudTrail {
		return false
	}
	if !r.Knows(event.EventName) {
		return true
	}
	name, ok := r.Get(event.EventName).Plain()
	return ok && issuers[string(name)] > 0
}

// readGrant reads what a record says was issued; false when that is nothing.
func readGrant(r *event.Record) (*Grant, bool) {
	if !Tells(r) || !r.Scanned() && rawjson.Object(r.Raw, nil) != nil {
		return nil, false
	}
	name := text(r.Part(event.EventName))
	at, err := time.Parse(time.RFC3339, text(r.Part(event.EventTime)))
	life := issuers[name]
	if err != nil || life == 0 || !r.Part(event.ErrorCode).IsNull() || at.Unix() < 0 {
		return nil, false
	}
	id, _ := readIdentity(r)
	g := &Grant{
		How: name, Event: text(r.Part(event.EventID)), Shared: text(r.Part(event.SharedEventID)),
		At: at.Unix(), Until: at.Unix() + life,
	}
	answer := r.Part(event.ResponseElements)
	switch text(r.Part(event.EventSource)) {
	case "sts.amazonaws.com":
		g.issued(&id, r.Part(event.RequestParameters), answer)
	case "signin.amazonaws.com":
		g.console(&id, r.Part(event.AdditionalEventData), answer)
	}
	g.caller = unique.Make(id)
	return g, plain(g.Event) && (g.Key == "" || plain(g.Key)) && (g.Key != "" || g.Session != "" || g.Shared != "")
}

// plain reports whether an ID is such as AWS makes them: then it can be a key of a table anywhere.
func plain(id string) bool {
	const longest = 256
	for _, c := range []byte(id) {
		if c <= ' ' || c > '~' {
			return false
		}
	}
	return id != "" && len(id) <= longest
}

// issued reads the answer of STS.
func (g *Grant) issued(id *Identity, request, answer rawjson.Value) {
	c := member(answer, "credentials")
	g.Key = text(member(c, "accessKeyId"))
	if end, ok := expiration(text(member(c, "expiration"))); ok && end >= g.At && end < g.Until {
		g.Until = end
	}
	user := member(answer, "assumedRoleUser")
	g.Session, g.User = text(member(user, "arn")), text(member(user, "assumedRoleId"))
	switch g.How {
	case "AssumeRole":
		if g.Session == "" { // as when EC2 assumes the role of an instance
			g.Session = sessionARN(text(member(request, "roleArn")), text(member(request, "roleSessionName")))
		}
		if s := text(member(request, "sourceIdentity")); s != "" && id.Source == "" {
			id.Source = s
		}
	case "GetFederationToken":
		user = member(answer, "federatedUser")
		g.Session, g.User = text(member(user, "arn")), text(member(user, "federatedUserId"))
	case "AssumeRoot":
		g.Session = rootARN(text(member(request, "targetPrincipal")))
	case "AssumeRoleWithSAML":
		id.subject(text(member(answer, "issuer")), text(member(answer, "subject")))
		if text(member(answer, "subjectType")) == "transient" { // made up anew at each sign-in
			id.UserName = ""
		}
	case "AssumeRoleWithWebIdentity":
		id.subject(text(member(answer, "provider")), text(member(answer, "subjectFromWebIdentityToken")))
	}
}

// subject takes over what the answer says of a federated identity.
func (id *Identity) subject(provider, name string) {
	if provider != "" {
		id.Provider = provider
	}
	if name != "" {
		id.UserName = name
	}
}

// console reads a sign-in or a change of roles in the console. It fetches credentials that no record names: only the session
// is known.
func (g *Grant) console(id *Identity, more, answer rawjson.Value) {
	g.Session, g.User = id.ARN, id.PrincipalID
	switch {
	case g.How == "SwitchRole":
		from := text(member(more, "SwitchFrom"))
		if from == "" || from == id.ARN || text(member(answer, "SwitchRole")) == "Failure" {
			g.Session, g.Shared = "", ""
			return
		}
		*id = identityOf(from)
	case id.Key == "" || id.Type != "AssumedRole" && id.Type != "FederatedUser":
		g.Session, g.Shared = "", "" // it tells nothing that its own record does not
	}
}

// identityOf is what an ARN alone says.
func identityOf(arn string) Identity {
	id := Identity{ARN: arn}
	a, err := principal.ParseARN(arn)
	if err != nil {
		return id
	}
	id.Account = a.Account
	kind, name, _ := strings.Cut(a.Resource, "/")
	switch kind {
	case "user":
		id.Type, id.UserName = "IAMUser", name[strings.LastIndexByte(name, '/')+1:]
	case "assumed-role":
		id.Type = "AssumedRole"
	case "federated-user":
		id.Type = "FederatedUser"
	case "root":
		id.Type = "Root"
	}
	return id
}

// sessionARN is the ARN of a role's session. The role's path is not a part of it.
func sessionARN(role, session string) string {
	a, err := principal.ParseARN(role)
	if err != nil || session == "" || !strings.HasPrefix(a.Resource, "role/") {
		return ""
	}
	a.Service, a.Region = "sts", ""
	a.Resource = "assumed-role/" + a.Resource[strings.LastIndexByte(a.Resource, '/')+1:] + "/" + session
	return a.String()
}

// rootARN is the root user of an account that is named by its number or ARN.
func rootARN(target string) string {
	if principal.IsAccount(target) {
		return "arn:aws:iam::" + target + ":root"
	}
	if strings.HasSuffix(target, ":root") {
		return target
	}
	return ""
}

// expiration reads the forms in which CloudTrail writes it: Jul 10, 2023, 6:30:22 PM, without the second comma, or ISO 8601.
func expiration(s string) (int64, bool) {
	s = strings.ReplaceAll(s, "\u202f", " ") // newer Java puts a narrow space before PM
	for _, form := range []string{"Jan 2, 2006, 3:04:05 PM", "Jan 2, 2006 3:04:05 PM", time.RFC3339} {
		if t, err := time.Parse(form, s); err == nil {
			return t.Unix(), true
		}
	}
	return 0, false
}
