package detect

import (
	"encoding/json"
	"strings"
	"time"

	"jobzero/internal/event"
	"jobzero/internal/fault"
	"jobzero/internal/finding"
	"jobzero/internal/resource"
)

// Subject says what a rule's findings are about. A rule sets it with the custom attribute that Sigma allows:
//
//	jobzero:
//	  subject: access-key
type Subject string

// The subjects.
const (
	Principal     Subject = ""               // who did it; also the word "principal"
	AccessKey     Subject = "access-key"     // the long-term access key that signed the call; without one, the principal
	Bucket        Subject = "bucket"         // the bucket that the call names
	SecurityGroup Subject = "security-group" // the security group that the call names by its ID
)

// ParseSubject reads the word of a rule.
func ParseSubject(word string) (Subject, error) {
	switch word {
	case "", "principal":
		return Principal, nil
	case string(AccessKey), string(Bucket), string(SecurityGroup):
		return Subject(word), nil
	}
	return "", fault.New(fault.Invalid, "subject %q: use principal, access-key, bucket or security-group", word)
}

// longTerm is how IAM begins the IDs of access keys that do not expire. Temporary ones (ASIA) cannot be deactivated, so a
// finding about one is about its principal.
const longTerm = "AKIA"

// Finding makes of a match what triage reads. The same rule about the same subject has the same fingerprint whatever the
// event; the event's ID is the sighting. The result shares the event's raw bytes.
func Finding(e *event.Event, m Match, now time.Time) finding.Finding {
	f := finding.Finding{
		Kind:      finding.Rule,
		By:        m.Rule.ID,
		Title:     m.Rule.Title,
		Severity:  m.Rule.Level,
		Why:       Explain(m.Why),
		Account:   e.Account,
		Region:    e.Region,
		Principal: principal(e),
		Resource:  subject(e, m.Rule.Subject),

		Credential: accessKey(e),
		ReadOnly:   e.ReadOnly,

		Occurred: e.Time,
		Detected: now,
		Sighting: string(e.ID),
		Evidence: []finding.Evidence{{
			Kind: "event", At: e.Time, Text: Describe(e), Data: json.RawMessage(e.Raw),
		}},
	}
	about := f.Principal
	if f.Resource != nil {
		about = f.Resource.Key()
	}
	f.Fingerprint = finding.Print(finding.Rule, m.Rule.ID, e.Account, about)
	return f
}

// principal is who did it; the evidence names the session. Of a log that names no actor it is where it came from, as far as the
// finding is about no resource either.
func principal(e *event.Event) string {
	switch {
	case e.Log == event.CloudTrail || e.Actor != (event.Actor{}):
		return e.Actor.Principal()
	case e.About != nil:
		return ""
	case e.SourceIP != "":
		return e.SourceIP
	}
	return e.Actor.Name()
}

// subject is the resource that the rule says its findings are about; nil when the event does not name it, and then the
// finding is about the principal. Where there is none it is about what the record is about.
func subject(e *event.Event, s Subject) *resource.Ref {
	var ref *resource.Ref
	switch s {
	case AccessKey:
		ref = accessKey(e)
	case Bucket:
		if e.About != nil && e.About.Type == resource.Bucket {
			return e.About
		}
		ref = named(e, resource.Ref{Type: resource.Bucket, Account: e.Account}, "bucketName")
	case SecurityGroup:
		ref = named(e, resource.Ref{Type: resource.SecurityGroup, Account: e.Account, Region: e.Region}, "groupId")
	default:
	}
	if ref == nil && e.Actor == (event.Actor{}) {
		return e.About
	}
	return ref
}

func accessKey(e *event.Event) *resource.Ref {
	if !strings.HasPrefix(e.Actor.AccessKey, longTerm) {
		return nil
	}
	account := e.Actor.Account
	if account == "" {
		account = e.Account
	}
	return &resource.Ref{Type: resource.AccessKey, Account: account, ID: e.Actor.AccessKey}
}

// named takes the resource's ID from a request parameter.
func named(e *event.Event, ref resource.Ref, parameter string) *resource.Ref {
	fields, err := e.Fields()
	if err != nil {
		return nil
	}
	request, _ := fields["requestParameters"].(map[string]any)
	if ref.ID, _ = request[parameter].(string); ref.ID == "" {
		return nil
	}
	return &ref
}
