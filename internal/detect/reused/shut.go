package reused

import (
	"strings"
	"time"

	"jobzero/internal/effect"
	"jobzero/internal/event"
	"jobzero/internal/principal"
	"jobzero/internal/resource"
)

// Shut is a credential, or several, that an effect has taken out of use.
type Shut struct {
	Effect  string // its key
	Ticket  string // that it was made for
	Action  string
	What    effect.Shuts
	Ref     resource.Ref // the key, user or role
	Since   time.Time    // when it must have reached every corner of AWS
	Issued  time.Time    // ShutsSessions: those that were issued before
	From    time.Time    // ShutsSessions: those of any time, from this time on; set where Issued is not
	Session string       // ShutsSessions of a role: only those of this name; empty: all
}

// stamp is how actions are given times.
const stamp = "2006-01-02T15:04:05Z"

// Of is what an effect that is done has shut. It takes AWS a while to carry a change everywhere
// (docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot.html, "Changes that I make are not always immediately visible").
func Of(e effect.Effect, takes time.Duration) (Shut, bool) {
	if e.State != effect.Done || e.Plan.Shuts == "" {
		return Shut{}, false
	}
	t := e.Plan.Target
	s := Shut{
		Effect: e.Key, Ticket: e.Ticket, Action: e.Plan.Action, What: e.Plan.Shuts, Ref: t.Ref, Since: e.Ended.Add(takes), Session: t.Params["session"],
	}
	for name, into := range map[string]*time.Time{"issued-before": &s.Issued, "from": &s.From} {
		if at, err := time.Parse(stamp, t.Params[name]); err == nil {
			*into = at
		}
	}
	return s, true
}

// Book holds what is shut. It does not change, and is safe for concurrent use.
type Book struct {
	keys map[string][]Shut
	who  map[string][]Shut
}

// NewBook makes one.
func NewBook(all []Shut) *Book {
	b := &Book{keys: map[string][]Shut{}, who: map[string][]Shut{}}
	for _, s := range all {
		if s.What == effect.ShutsKey {
			b.keys[s.Ref.ID] = append(b.keys[s.Ref.ID], s)
		} else if name := holder(s.Ref); name != "" {
			b.who[name] = append(b.who[name], s)
		}
	}
	return b
}

func holder(r resource.Ref) string {
	if r.Type == resource.User {
		return r.Account + " user " + r.ID
	}
	if r.Type == resource.Role {
		return r.Account + " role " + r.ID
	}
	return ""
}

// Empty reports whether nothing is shut.
func (b *Book) Empty() bool { return len(b.keys)+len(b.who) == 0 }

// At gives what was shut and yet is at work in an event. root is the long-term access key that the event's session surely leads back to; empty
// where that is not known. A call that was refused is none, because then the shutting holds.
func (b *Book) At(e *event.Event, root string) (Shut, bool) {
	if b.Empty() || e.ErrorCode != "" || e.Type == "AwsConsoleSignIn" { // signing in touches nothing
		return Shut{}, false
	}
	for _, key := range []string{e.Actor.AccessKey, root} {
		for _, s := range b.keys[key] {
			if e.Time.After(s.Since) {
				return s, true
			}
		}
	}
	if free(e) {
		return Shut{}, false
	}
	for _, arn := range []string{e.Actor.ARN, e.Actor.IssuerARN} {
		for _, s := range b.who[named(arn)] {
			if e.Time.After(s.Since) && s.covers(e) {
				return s, true
			}
		}
	}
	return Shut{}, false
}

// free are calls that no policy can deny, so that they say nothing of whether a Deny holds
// (docs.aws.amazon.com/STS/latest/APIReference: GetCallerIdentity and GetSessionToken).
func free(e *event.Event) bool {
	return e.Source == "sts.amazonaws.com" && (e.Name == "GetCallerIdentity" || e.Name == "GetSessionToken")
}

// named is the user or role of an ARN in the form of holder; empty where it is neither.
func named(arn string) string {
	a, err := principal.ParseARN(arn)
	if err != nil || a.Service != "iam" {
		return ""
	}
	kind, _, _ := strings.Cut(a.Resource, "/")
	if kind != "user" && kind != "role" {
		return ""
	}
	return a.Account + " " + kind + " " + a.Resource[strings.LastIndexByte(a.Resource, '/')+1:]
}

// covers reports whether the credential of an event is one of those that were shut, of the user or role.
func (s Shut) covers(e *event.Event) bool {
	if s.What == effect.ShutsAll {
		return true
	}
	if s.Session != "" && e.Actor.ARN[strings.LastIndexByte(e.Actor.ARN, '/')+1:] != s.Session {
		return false
	}
	if s.Issued.IsZero() {
		return !s.From.IsZero()
	}
	issued, ok := issuedAt(e)
	return ok && issued.Before(s.Issued)
}

// issuedAt is when the session was issued that made a call; false of a call that was signed with a long-term key.
func issuedAt(e *event.Event) (time.Time, bool) {
	fields, err := e.Fields()
	if err != nil {
		return time.Time{}, false
	}
	identity, _ := fields["userIdentity"].(map[string]any)
	context, _ := identity["sessionContext"].(map[string]any)
	attributes, _ := context["attributes"].(map[string]any)
	text, _ := attributes["creationDate"].(string)
	at, err := time.Parse(time.RFC3339, text)
	return at, err == nil
}
