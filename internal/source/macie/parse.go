package macie

import (
	"fmt"
	"strings"

	"jobzero/internal/event"
	"jobzero/internal/finding"
	"jobzero/internal/finding/ocsf"
	"jobzero/internal/resource"
	"jobzero/internal/source"
	"jobzero/internal/source/claim"
)

// Vendor begins the By of Macie's findings, whichever way they come.
const Vendor = "macie"

// Parse reads one finding (https://docs.aws.amazon.com/macie/latest/user/findings-publish-event-schemas.html). Errors are
// fault.Invalid and name the field. Macie says where sensitive data lies and never what it is, so its finding may be kept.
func Parse(raw []byte, origin event.Origin) (source.Report, error) {
	o := claim.ReadFolded(raw)
	bucket := o.Object("resourcesAffected").Object("s3Bucket")
	s := claim.Said{Vendor: Vendor, ID: o.Need("id"), Raw: o.Raw, Origin: origin, Finding: finding.Finding{
		By: o.Need("type"), Title: o.Text("title"), Why: o.Text("description"), Severity: severity(o.Object("severity")),
		Account: o.Account("accountId"), Region: o.Region("region"), ARN: bucket.Text("arn"), Tags: bucket.Tags("tags"),
		Occurred: o.Time("createdAt"), Detected: o.NeedTime("updatedAt"),
	}}
	f := &s.Finding
	f.Resource = claim.Resource(claim.Named{Kind: string(resource.Bucket), ID: bucket.Need("name"), Account: f.Account, Region: f.Region})
	if key := o.Object("resourcesAffected").Object("s3Object").Text("key"); key != "" {
		f.Why = strings.TrimSpace(f.Why) + " Object: " + key
	}
	if o.Flag("archived") {
		s.Over = source.Archived
	}
	if strings.HasPrefix(f.By, "Policy:") {
		f.Evidence = append(f.Evidence, ocsf.Compliance{Control: f.By, Status: ocsf.Fail}.Evidence(f.Detected))
	} else {
		f.Evidence = append(f.Evidence, discovered(o).Evidence(f.Detected))
	}
	if err := o.Err(); err != nil {
		return source.Report{}, err
	}
	return source.Report{Claims: []source.Claim{claim.Of(s)}}, nil
}

// severity follows https://docs.aws.amazon.com/macie/latest/user/findings-severity.html: a word, and a score that is the same.
func severity(o claim.Object) finding.Severity {
	if o.Has("description") {
		return o.Severity("description")
	}
	n, ok := o.Number("score")
	switch {
	case !ok:
		o.Fail("description", "is missing, and so is score")
	case n == 1:
		return finding.Low
	case n == 2:
		return finding.Medium
	case n == 3:
		return finding.High
	default:
		o.Fail("score", "%v is none of 1, 2 and 3", n)
	}
	return ""
}

// discovered names the data by its first category, and lists the types of all with their numbers.
func discovered(o claim.Object) ocsf.DataSecurity {
	result := o.Object("classificationDetails").Object("result")
	var category string
	var types []string
	count := func(d claim.Object, name string) {
		n, _ := d.Number("count")
		types = append(types, fmt.Sprintf("%s (%.0f)", d.Text(name), n))
	}
	for _, s := range result.List("sensitiveData") {
		if category == "" {
			category = s.Text("category")
		}
		for _, d := range s.List("detections") {
			count(d, "type")
		}
	}
	for _, d := range result.Object("customDataIdentifiers").List("detections") {
		count(d, "name")
	}
	if len(types) == 0 {
		types = append(types, o.Text("type"))
	}
	return ocsf.Discovered(categoryOf(category), strings.Join(types, ", "))
}

// categoryOf is the schema's number for a category of Macie's
// (https://docs.aws.amazon.com/macie/latest/user/data-classification.html); Macie's own identifiers have none.
func categoryOf(word string) int {
	switch word {
	case "PERSONAL_INFORMATION":
		return 1
	case "FINANCIAL_INFORMATION":
		return 3
	case "CREDENTIALS":
		return 6
	}
	return 99
}
