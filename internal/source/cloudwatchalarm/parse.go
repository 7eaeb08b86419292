package cloudwatchalarm

import (
	"strings"

	"jobzero/internal/event"
	"jobzero/internal/finding"
	"jobzero/internal/principal"
	"jobzero/internal/source"
	"jobzero/internal/source/claim"
)

// Vendor begins the By of findings that are alarms.
const Vendor = "cloudwatch"

// Parse reads one change of state
// (https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-and-eventbridge.html). The account is the one of
// the alarm's ARN, so that whoever opened the envelope can hold it against the envelope's. An alarm that is muted counts too:
// whoever mutes it in CloudWatch would otherwise mute it here. Errors are fault.Invalid and name the field, or *source.Other
// when the alarm has no data, which every new alarm says and which neither opens nor ends anything.
func Parse(raw []byte, origin event.Origin) (source.Report, error) {
	o := claim.Read(raw)
	detail := o.Object("detail")
	state := detail.Object("state")
	arn := first(o)
	s := claim.Said{Vendor: Vendor, ID: arn.String(), Raw: o.Raw, Origin: origin}
	switch value := state.Need("value"); value {
	case "ALARM":
	case "OK":
		s.Over = source.Resolved
	case "INSUFFICIENT_DATA":
		if o.Err() == nil {
			return source.Report{}, &source.Other{Name: "CloudWatch alarm without data"}
		}
	default:
		state.Fail("value", "%.40q is none of ALARM, OK and INSUFFICIENT_DATA", value)
	}
	name, at := detail.Need("alarmName"), state.NeedTime("timestamp")
	s.Finding = finding.Finding{
		By: name, Title: "CloudWatch alarm " + name, Severity: finding.Medium, // CloudWatch knows no severity
		Why:     strings.TrimSpace(detail.Object("configuration").Text("description") + " " + state.Text("reason")),
		Account: arn.Account, Region: arn.Region, ARN: arn.String(), Occurred: at, Detected: at,
		Resource: claim.Resource(claim.Named{ID: arn.String(), Account: arn.Account, Region: arn.Region}),
	}
	if err := o.Err(); err != nil {
		return source.Report{}, err
	}
	return source.Report{Claims: []source.Claim{claim.Of(s)}}, nil
}

// first is the alarm's ARN, the only resource of the event.
func first(o claim.Object) (arn principal.ARN) {
	all := o.Texts("resources")
	if len(all) == 0 {
		o.Fail("resources", "does not name the alarm")
		return arn
	}
	arn, err := principal.ParseARN(all[0])
	if err != nil || arn.Service != "cloudwatch" || !principal.IsAccount(arn.Account) || !claim.IsRegion(arn.Region) {
		o.Fail("resources[0]", "%.200q is no ARN of an alarm", all[0])
	}
	return arn
}
