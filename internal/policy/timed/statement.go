package timed

import (
	"bytes"
	"encoding/json"
	"regexp"
	"strings"
	"time"

	"jobzero/internal/fault"
	"jobzero/internal/principal"
)

// Stamp is how a time is written in a condition: UTC, to the second.
const Stamp = time.RFC3339

// statement has its fields in the order in which people read a statement.
type statement struct {
	Sid       string
	Effect    string
	Principal *who `json:",omitempty"`
	Action    string
	Resource  string                       `json:",omitempty"`
	Condition map[string]map[string]string // operator, key, value
}

type who struct{ AWS string }

// Grant lets one principal take on a role until a time.
type Grant struct {
	Sid       string
	Principal string // the ARN of a user, or of one session of a role
	Session   string // what the session has to be called, so that its records say what it was for
	Until     time.Time
}

var (
	sidForm     = regexp.MustCompile(`^[A-Za-z0-9]{1,100}$`)
	sessionForm = regexp.MustCompile(`^[\w+=,.@-]{2,64}$`) // API_AssumeRole: RoleSessionName
)

// One says why a principal is not one person's: a role, an account, a pattern or the root user may be anybody.
func One(arn string) error {
	a, err := principal.ParseARN(arn)
	if err != nil {
		return err
	}
	user := a.Service == "iam" && strings.HasPrefix(a.Resource, "user/")
	session := a.Service == "sts" && strings.HasPrefix(a.Resource, "assumed-role/") && strings.Count(a.Resource, "/") == 2
	if !user && !session || strings.ContainsAny(arn, "*?$") || strings.HasSuffix(arn, "/") {
		return fault.New(fault.Invalid, "%s is not one person: want the ARN of an IAM user, or of a session, arn:aws:sts::ACCOUNT:assumed-role/ROLE/SESSION", arn)
	}
	return nil
}

// Statement is the statement of a trust policy.
func (g Grant) Statement() (json.RawMessage, error) {
	if err := One(g.Principal); err != nil {
		return nil, err
	}
	if !sidForm.MatchString(g.Sid) || !sessionForm.MatchString(g.Session) || g.Until.IsZero() {
		return nil, fault.New(fault.Invalid, "a grant wants a Sid of letters and digits, the name of a session of 2 to 64 characters, and an end")
	}
	return write(statement{
		Sid: g.Sid, Effect: "Allow", Principal: &who{g.Principal}, Action: "sts:AssumeRole",
		Condition: map[string]map[string]string{
			"DateLessThan": {"aws:CurrentTime": g.Until.UTC().Format(Stamp)},
			"StringEquals": {"sts:RoleSessionName": g.Session},
		},
	})
}

// Nobody is a statement for a trust policy that would have none otherwise, which IAM refuses. It lets nobody in, and denies nobody who
// calls today.
const Nobody = `{"Sid":"Nobody","Effect":"Deny","Principal":{"AWS":"*"},"Action":"sts:AssumeRole","Condition":{"DateLessThan":{"aws:CurrentTime":"2000-01-01T00:00:00Z"}}}`

// End denies everything to sessions of a role. One of From and Issued is set.
type End struct {
	Session string    // only those of this name; empty: all
	From    time.Time // from this time on
	Issued  time.Time // whose credentials were issued before
}

// Sid names the statement after what it says, so that saying it twice is once.
func (e End) Sid() string {
	name, at := "From", e.From
	if e.From.IsZero() {
		name, at = "IssuedBefore", e.Issued
	}
	return "Sessions" + name + at.UTC().Format("20060102T150405Z") + plain(e.Session)
}

// plain is a name with what a Sid may not have written as its number.
func plain(name string) string {
	var b strings.Builder
	for _, c := range []byte(name) {
		if c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' {
			b.WriteByte(c)
			continue
		}
		b.WriteString("x" + string("0123456789ABCDEF"[c>>4]) + string("0123456789ABCDEF"[c&15]))
	}
	return b.String()
}

// Statement is the statement of an identity policy of the role.
func (e End) Statement() (json.RawMessage, error) {
	if e.From.IsZero() == e.Issued.IsZero() || e.Session != "" && !sessionForm.MatchString(e.Session) {
		return nil, fault.New(fault.Invalid, "an end of sessions wants one time: from when on, or before which they were issued; and a name of 2 to 64 characters, or none")
	}
	s := statement{Sid: e.Sid(), Effect: "Deny", Action: "*", Resource: "*"}
	if e.From.IsZero() {
		s.Condition = map[string]map[string]string{"DateLessThan": {"aws:TokenIssueTime": e.Issued.UTC().Format(Stamp)}}
	} else {
		s.Condition = map[string]map[string]string{"DateGreaterThanEquals": {"aws:CurrentTime": e.From.UTC().Format(Stamp)}}
	}
	if e.Session != "" { // ROLE-ID:SESSION, reference_policies_variables.html#principaltable
		s.Condition["StringLike"] = map[string]string{"aws:userid": "*:" + e.Session}
	}
	return write(s)
}

func write(s statement) (json.RawMessage, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(s); err != nil {
		return nil, fault.Wrap(fault.Internal, err, "write a statement")
	}
	return bytes.TrimSpace(b.Bytes()), nil
}
