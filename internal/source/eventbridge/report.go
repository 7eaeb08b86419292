package eventbridge

import (
	"fmt"

	"jobzero/internal/event"
	"jobzero/internal/fault"
	"jobzero/internal/principal"
	"jobzero/internal/source"
	"jobzero/internal/source/cloudwatchalarm"
	"jobzero/internal/source/configservice"
	"jobzero/internal/source/guardduty"
	"jobzero/internal/source/health"
	"jobzero/internal/source/inspector"
	"jobzero/internal/source/macie"
	"jobzero/internal/source/securityhub"
	"jobzero/internal/source/ses"
)

// reader says how a kind of event is read and what its envelope must say.
type reader struct {
	// source is the only one that sends it. EventBridge refuses a source that begins with aws. from anybody but AWS.
	source string
	parse  func([]byte, event.Origin) (source.Report, error)
	whole  bool // parse takes the envelope, because the account stands only there
	// members: the service has administrators. To them it also sends what it finds in the accounts that they administer, and then
	// the envelope's account is the administrator's and the finding's is the member's. Who administers whom, only the service
	// knows: it lets an account in by the organisation's word, or by the member's own. Without members both are the same.
	members bool
}

// readerOf is the table from the detail-type of an event to its reader.
func readerOf(kind string) (reader, bool) {
	switch kind {
	case "GuardDuty Finding":
		return reader{source: "aws.guardduty", parse: guardduty.Parse, members: true}, true
	case "Inspector2 Finding":
		return reader{source: "aws.inspector2", parse: inspector.Parse, members: true}, true
	case "Macie Finding":
		return reader{source: "aws.macie", parse: macie.Parse, members: true}, true
	case "Security Hub Findings - Imported", "Security Hub Findings - Custom Action", "Findings Imported V2":
		return reader{source: "aws.securityhub", parse: securityhub.Parse, members: true}, true
	case "AWS Health Event", "AWS Health Abuse Event":
		return reader{source: "aws.health", parse: health.Parse, whole: true, members: true}, true
	case "Config Rules Compliance Change", "Config Configuration Item Change":
		return reader{source: "aws.config", parse: configservice.Parse}, true
	case "Email Delivered": // docs.aws.amazon.com/eventbridge/latest/ref/events-ref-ses.html
		return reader{source: "aws.ses", parse: ses.Parse}, true
	case "CloudWatch Alarm State Change":
		return reader{source: "aws.cloudwatch", parse: cloudwatchalarm.Parse, whole: true}, true
	}
	return reader{}, false
}

// OpenReport reads one envelope of another tool's, as Open does one of CloudTrail's, with the same errors.
func OpenReport(body []byte, origin event.Origin) (source.Report, error) {
	v, kind, err := unseal(body)
	if err != nil {
		return source.Report{}, err
	}
	read, ok := readerOf(kind)
	if !ok {
		return source.Report{}, &source.Other{Name: kind}
	}
	return v.report(body, origin, read)
}

func (v *envelope) report(body []byte, origin event.Origin, read reader) (source.Report, error) {
	if err := v.object(); err != nil {
		return source.Report{}, err
	}
	raw := []byte(v.detail)
	if read.whole {
		raw = body
	}
	r, err := read.parse(raw, origin)
	if err != nil {
		return source.Report{}, err
	}
	if err := v.vouch(r, read); err != nil {
		return source.Report{}, err
	}
	return r, nil
}

// vouch holds the envelope against what the report says, by the rule of its reader. Where an administrator's bus brought a
// finding of a member, the evidence says so.
func (v *envelope) vouch(r source.Report, read reader) error {
	if from, _ := v.source.Text(); from != read.source {
		return fault.New(fault.Denied, "provenance: the envelope's source %.60q is not %s", from, read.source)
	}
	account, _ := v.account.Text()
	if !principal.IsAccount(account) {
		return fault.New(fault.Denied, "provenance: the envelope names no account (%.20q), so the report's can not be confirmed", account)
	}
	for _, ref := range r.Changed {
		if ref.Account != account {
			return fault.New(fault.Denied, "provenance: the envelope comes from account %s, what changed is in %.20s", account, ref.Account)
		}
	}
	for _, c := range r.Claims {
		f := c.Finding
		switch {
		case f.Account == account:
		case !read.members:
			return fault.New(fault.Denied, "provenance: the envelope comes from account %s, the finding says %s", account, f.Account)
		default:
			f.Evidence[0].Text += fmt.Sprintf("; told to its administrator %s", account)
		}
	}
	return nil
}
