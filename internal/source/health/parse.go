package health

import (
	"cmp"
	"fmt"
	"strings"

	"jobzero/internal/event"
	"jobzero/internal/finding"
	"jobzero/internal/principal"
	"jobzero/internal/resource"
	"jobzero/internal/source"
	"jobzero/internal/source/claim"
)

// Vendor begins the By of findings of AWS Health.
const Vendor = "health"

// Parse reads one event (https://docs.aws.amazon.com/health/latest/ug/aws-health-events-eventbridge-schema.html). Each thing
// that is affected is a claim of its own, because each must be settled; so the pages of a long event add up. Errors are
// fault.Invalid and name the field, or *source.Other for what is no concern of security, such as an outage of a service.
func Parse(raw []byte, origin event.Origin) (source.Report, error) {
	o := claim.Read(raw)
	d := o.Object("detail")
	code, category := d.Need("eventTypeCode"), d.Need("eventTypeCategory")
	severity := grade(d.Need("service"), code, category)
	if o.Err() == nil && severity == "" {
		return source.Report{}, &source.Other{Name: fmt.Sprintf("AWS Health Event of the category %.40s", category)}
	}
	f := finding.Finding{
		By: code, Title: "AWS Health: " + code, Why: words(d), Severity: severity,
		Account: account(o, d), Region: cmp.Or(d.Region("eventRegion"), o.Region("region")),
		Occurred: d.Time("startTime"), Detected: cmp.Or(d.Time("lastUpdatedTime"), o.Time("time")),
	}
	if f.Detected.IsZero() {
		o.Fail("time", "is missing, and so is detail.lastUpdatedTime")
	}
	// The ARN of an event is the same in all accounts and regions that it affects.
	id := d.Need("eventArn") + "|" + f.Region
	closed := d.Text("statusCode") == "closed"
	entities := d.List("affectedEntities")
	if len(entities) == 0 {
		entities = append(entities, d.First("affectedEntities")) // nothing at all: the account as a whole
	}
	var r source.Report
	for _, e := range entities {
		s := claim.Said{Vendor: Vendor, ID: id, Raw: o.Raw, Origin: origin, Finding: f}
		if len(entities) > 1 {
			s.Raw = e.Raw // a long list would be kept once for each of its things; what all share is in words
		}
		if value := e.Text("entityValue"); value != "" {
			s.ID += "|" + value
			s.Finding.Resource = about(value, d.Text("service"), f)
			s.Finding.Tags = e.Tags("tags")
			if claim.IsARN(value) {
				s.Finding.ARN = value
			}
		}
		if closed || e.Text("status") == "RESOLVED" {
			s.Over = source.Resolved
		}
		r.Claims = append(r.Claims, claim.Of(s))
	}
	if err := o.Err(); err != nil {
		return source.Report{}, err
	}
	return r, nil
}

// account is who is affected: in the view of an organisation, somebody else than who is told.
func account(o, d claim.Object) string {
	if d.Has("affectedAccount") {
		return d.Account("affectedAccount")
	}
	return o.Account("account")
}

// grade follows what Security Hub makes of AWS Health, which has no severity of its own
// (https://docs.aws.amazon.com/securityhub/latest/userguide/securityhub-internal-providers.html#integration-health). Planned
// work on what we run does not come to Security Hub; it is low. Empty: no concern of security.
func grade(service, code, category string) finding.Severity {
	switch {
	case service == "RISK", code == "AWS_S3_OPEN_ACCESS_BUCKET_NOTIFICATION",
		code == "AWS_SHIELD_INTERNET_TRAFFIC_LIMITATIONS_PLACED_IN_RESPONSE_TO_DDOS_ATTACK",
		code == "AWS_SHIELD_IS_RESPONDING_TO_A_DDOS_ATTACK_AGAINST_YOUR_AWS_RESOURCES":
		return finding.Critical
	case service == "ABUSE", strings.Contains(code, "SECURITY_NOTIFICATION"), strings.Contains(code, "ABUSE"):
		return finding.High
	case strings.Contains(code, "SECURITY"), strings.Contains(code, "CERTIFICATE"):
		return finding.Medium
	case category == "scheduledChange":
		return finding.Low
	}
	return ""
}

// words is the description, in English where there is a choice.
func words(d claim.Object) string {
	var text string
	for _, e := range d.List("eventDescription") {
		if text == "" || strings.HasPrefix(e.Text("language"), "en") {
			text = e.Text("latestDescription")
		}
	}
	return strings.ReplaceAll(text, `\n`, "\n") // AWS escapes its lines twice
}

// about is the resource of an entity: an ARN or a bare ID that tells by how it begins what it is.
func about(value, service string, f finding.Finding) *resource.Ref {
	kind := service
	switch {
	case value == "UNKNOWN" || value == "AWS_ACCOUNT":
		return nil
	case principal.IsAccount(value):
		kind = string(claim.Account)
	case strings.HasPrefix(value, "AKIA"), strings.HasPrefix(value, "ASIA"):
		kind = string(resource.AccessKey)
	case strings.HasPrefix(value, "i-"):
		kind = "AWS::EC2::Instance"
	case strings.HasPrefix(value, "vol-"):
		kind = "AWS::EC2::Volume"
	case strings.HasPrefix(value, "sg-"):
		kind = string(resource.SecurityGroup)
	}
	return claim.Resource(claim.Named{Kind: kind, ID: value, Account: f.Account, Region: f.Region})
}
