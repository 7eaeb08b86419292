package event

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"time"

	"jobzero/internal/resource"
)

// ID is the event's own identity as its producer gave it (CloudTrail's eventID).
type ID string

// Key is what an event is de-duplicated on: the account that received the record, and its ID.
// The same call may be recorded in two accounts, so the ID alone is not enough.
type Key struct {
	Account string
	ID      ID
}

// Event is one thing that happened. It is immutable once a source has made it and safe for concurrent reads.
type Event struct {
	ID        ID
	Time      time.Time // when it occurred, UTC
	Account   string    // recipient account, twelve digits
	Region    string
	Name      string // API operation, such as PutBucketPolicy
	Source    string // service endpoint, such as s3.amazonaws.com
	Type      string // AwsApiCall, AwsConsoleSignIn, AwsServiceEvent …
	ReadOnly  bool
	ErrorCode string // empty when the call succeeded
	SourceIP  string // an address, a service name or "AWS Internal"
	UserAgent string
	Actor     Actor
	Resources []Resource
	About     *resource.Ref // what a record is about that names no actor, such as the interface of a flow; nil for most
	Origin    Origin
	Log       Log    // CloudTrail unless it says otherwise
	Severity  string // informational, low, medium, high or critical, where the record says how bad it is; else empty
	Raw       []byte // the record as it was delivered, one JSON object; of a log in lines, the line's fields under the names that AWS gives them
	Line      []byte // the line as it was delivered, when that was no JSON

	record Record
	once   sync.Once
	fields map[string]any
	bad    error
}

// New begins an event of a record that was scanned. The record's bytes are kept, not copied.
func New(r Record, origin Origin) *Event {
	return &Event{Raw: r.Raw, Origin: origin, record: r}
}

// Record is the event as its producer wrote it.
func (e *Event) Record() *Record {
	if e.record.Raw == nil { // not made by New: everything has to be looked for
		return &Record{Raw: e.Raw, Log: e.Log}
	}
	return &e.record
}

// Actor is who did it, as the record claims.
type Actor struct {
	Type        string // IAMUser, AssumedRole, Root, AWSService …
	ARN         string
	Account     string
	PrincipalID string
	UserName    string
	AccessKey   string
	IssuerARN   string // the role behind an assumed-role session
	IssuerName  string
	InvokedBy   string // the AWS service that called for the actor
}

// Name is the most telling name of the actor: its ARN, else the service, user or type.
func (a Actor) Name() string {
	for _, s := range []string{a.ARN, a.InvokedBy, a.UserName, a.PrincipalID, a.Type} {
		if s != "" {
			return s
		}
	}
	return "unknown"
}

// ssoRole is how IAM Identity Center begins the names of its roles.
const ssoRole = "AWSReservedSSO_"

// Principal is who is behind the actor for as long as it exists. A session of a role is the role: its name is made up by
// whoever assumes it, often at random. A session of IAM Identity Center stays itself, because its name is a person's.
func (a Actor) Principal() string {
	role := a.IssuerName
	if role == "" {
		role = a.IssuerARN[strings.LastIndexByte(a.IssuerARN, '/')+1:]
	}
	if a.Type != "AssumedRole" || a.IssuerARN == "" || strings.HasPrefix(role, ssoRole) {
		return a.Name()
	}
	return a.IssuerARN
}

// Resource is something that the record itself says was touched.
type Resource struct {
	ARN     string
	Account string
	Type    string
}

// Origin says where a record was found, well enough to find it again.
type Origin struct {
	Source string // file, eventbridge or s3
	Place  string // path (an archive's member behind "!"), queue URL or s3://bucket/key
	Offset int64  // byte offset of the record in the decompressed stream, or its number; -1 when neither is known
}

// String is the origin in one line.
func (o Origin) String() string {
	if o.Offset < 0 {
		return o.Place
	}
	return fmt.Sprintf("%s@%d", o.Place, o.Offset)
}

// Key is what the event is de-duplicated on.
func (e *Event) Key() Key { return Key{e.Account, e.ID} }

// Fields is the raw record decoded once, numbers kept as json.Number. Treat it as read-only.
func (e *Event) Fields() (map[string]any, error) {
	e.once.Do(func() {
		d := json.NewDecoder(bytes.NewReader(e.Raw))
		d.UseNumber()
		if err := d.Decode(&e.fields); err != nil {
			e.bad = fmt.Errorf("decode event %s: %w", e.ID, err)
		}
	})
	return e.fields, e.bad
}
