package eventbridge

import (
	"errors"
	"strings"

	"jobzero/internal/event"
	"jobzero/internal/fault"
	"jobzero/internal/rawjson"
	"jobzero/internal/source"
	"jobzero/internal/source/cloudtrail"
)

// via ends the detail-type of everything that CloudTrail sends: API calls, console sign-ins, service events, insights.
const via = " via CloudTrail"

// envelope holds the members of an EventBridge envelope, as they were written.
type envelope struct {
	detailType, source, account, detail rawjson.Value
	twice                               string
}

// IsEnvelope says whether the JSON object is an EventBridge envelope, whatever it carries.
func IsEnvelope(b []byte) bool {
	var v envelope
	return rawjson.Object(b, v.member) == nil && v.detailType != nil && v.detail != nil
}

func (v *envelope) member(key []byte, value rawjson.Value) error {
	var to *rawjson.Value
	switch string(key) {
	case "detail-type":
		to = &v.detailType
	case "source":
		to = &v.source
	case "account":
		to = &v.account
	case "detail":
		to = &v.detail
	default:
		return nil
	}
	if *to != nil {
		v.twice = string(key)
	}
	*to = value
	return nil
}

// Open reads one envelope of CloudTrail's. Errors are *source.Other for other kinds of events, fault.Invalid for what cannot be
// read, and fault.Denied where envelope and record contradict each other.
func Open(body []byte, origin event.Origin) (*event.Event, error) {
	v, kind, err := unseal(body)
	if err != nil {
		return nil, err
	}
	if !strings.HasSuffix(kind, via) {
		return nil, &source.Other{Name: kind}
	}
	return v.event(kind, origin)
}

// unseal looks at the envelope and gives the kind of what is inside.
func unseal(body []byte) (v envelope, kind string, err error) {
	if err := rawjson.Object(body, v.member); err != nil {
		return v, "", fault.Wrap(fault.Invalid, err, "broken envelope")
	}
	if v.twice != "" {
		return v, "", fault.New(fault.Invalid, "%s stands in the envelope twice", v.twice)
	}
	kind, ok := v.detailType.Text()
	if !ok {
		return v, "", fault.New(fault.Invalid, "detail-type is missing or no string: not an EventBridge envelope")
	}
	return v, kind, nil
}

// event reads the CloudTrail record inside.
func (v *envelope) event(kind string, origin event.Origin) (*event.Event, error) {
	if err := v.object(); err != nil {
		return nil, err
	}
	e, err := cloudtrail.Parse(v.detail, origin)
	if errors.Is(err, cloudtrail.ErrOther) {
		return nil, fault.New(fault.Invalid, "detail is not a CloudTrail record, though detail-type says %q", kind)
	}
	if err != nil {
		return nil, err
	}
	if err := v.agree(e); err != nil {
		return nil, err
	}
	return e, nil
}

func (v *envelope) object() error {
	if v.detail.Kind() != "object" {
		return fault.New(fault.Invalid, "detail is of type %s, want object", v.detail.Kind())
	}
	return nil
}

// agree holds the envelope against the record. EventBridge writes both account and source itself, and refuses a source that
// begins with aws. from anybody else; so a record whose envelope says otherwise was not sent by AWS.
func (v *envelope) agree(e *event.Event) error {
	from, _ := v.source.Text()
	if !strings.HasPrefix(from, "aws.") {
		return fault.New(fault.Denied, "provenance: the envelope's source %.60q is not an AWS service, yet it carries a CloudTrail record", from)
	}
	account, ok := v.account.Text()
	if !ok || account == "" {
		return fault.New(fault.Denied, "provenance: the envelope names no account, so the record's %s can not be confirmed", e.Account)
	}
	if account != e.Account {
		return fault.New(fault.Denied, "provenance: the envelope comes from account %.20s, the record says %s", account, e.Account)
	}
	return nil
}
