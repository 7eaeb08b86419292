package inspector

import (
	"cmp"

	"jobzero/internal/event"
	"jobzero/internal/finding"
	"jobzero/internal/source"
	"jobzero/internal/source/claim"
)

// Vendor begins the By of Inspector's findings, whichever way they come.
const Vendor = "inspector"

// Parse reads one finding (https://docs.aws.amazon.com/inspector/latest/user/eventbridge-integration.html). Errors are
// fault.Invalid and name the field.
func Parse(raw []byte, origin event.Origin) (source.Report, error) {
	o := claim.ReadFolded(raw)
	on := o.First("resources")
	s := claim.Said{Vendor: Vendor, ID: o.Need("findingArn"), Raw: o.Raw, Origin: origin, Over: over(o), Finding: finding.Finding{
		By: o.Need("type"), Title: o.Text("title"), Why: o.Text("description"), Severity: severity(o),
		Account: o.Account("awsAccountId"), Region: on.Region("region"), Tags: on.Tags("tags"),
		Occurred: o.Time("firstObservedAt"), Detected: cmp.Or(o.Time("updatedAt"), o.Time("lastObservedAt")),
	}}
	f := &s.Finding
	if f.Detected.IsZero() {
		o.Fail("updatedAt", "is missing, and so is lastObservedAt")
	}
	id := on.Need("id")
	if claim.IsARN(id) {
		f.ARN = id
	}
	f.Resource = claim.Resource(claim.Named{Kind: on.Need("type"), ID: id, Account: f.Account, Region: f.Region})
	for _, v := range weaknesses(o) {
		f.Evidence = append(f.Evidence, v.Evidence(f.Detected))
	}
	if err := o.Err(); err != nil {
		return source.Report{}, err
	}
	return source.Report{Claims: []source.Claim{claim.Of(s)}}, nil
}

func over(o claim.Object) source.Over {
	switch status := o.Need("status"); status {
	case "ACTIVE":
	case "CLOSED":
		return source.Resolved
	case "SUPPRESSED":
		return source.Suppressed
	default:
		o.Fail("status", "%.40q is none of ACTIVE, CLOSED and SUPPRESSED", status)
	}
	return ""
}

// severity is Inspector's own word (https://docs.aws.amazon.com/inspector/latest/user/findings-understanding-severity.html).
// UNTRIAGED means that the vendor of the software has not scored it yet: it is medium, neither lost nor a page at night.
func severity(o claim.Object) finding.Severity {
	if o.Text("severity") == "UNTRIAGED" {
		return finding.Medium
	}
	return o.Severity("severity")
}
