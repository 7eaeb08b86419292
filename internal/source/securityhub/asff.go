package securityhub

import (
	"cmp"

	"jobzero/internal/finding"
	"jobzero/internal/finding/ocsf"
	"jobzero/internal/principal"
	"jobzero/internal/source"
	"jobzero/internal/source/claim"
)

// inASFF reads a finding in the AWS Security Finding Format
// (https://docs.aws.amazon.com/securityhub/latest/userguide/securityhub-findings-format.html). The first resource is what it is
// about; the evidence has them all.
func inASFF(o claim.Object) claim.Said {
	product := o.Need("ProductArn")
	on := o.First("Resources")
	f := finding.Finding{
		By: o.Need("GeneratorId"), Title: o.Text("Title"), Why: o.Text("Description"), Severity: label(o.Object("Severity")),
		Account: o.Account("AwsAccountId"), Region: cmp.Or(o.Region("Region"), on.Region("Region"), regionOf(product)), Tags: on.Tags("Tags"),
		Occurred: cmp.Or(o.Time("FirstObservedAt"), o.Time("CreatedAt")), Detected: o.NeedTime("UpdatedAt"),
	}
	named := claim.Named{Kind: on.Need("Type"), ID: on.Need("Id"), Account: f.Account, Region: f.Region}
	if claim.IsARN(named.ID) {
		f.ARN = named.ID
	}
	if f.Resource = claim.Resource(named); f.Resource == nil {
		key := on.Object("Details").Object("AwsIamAccessKey")
		name := cmp.Or(key.Text("PrincipalName"), key.Text("UserName"))
		f.Principal, f.Resource = name, claim.Identity("", key.Text("PrincipalType"), name, f.Account)
	}
	compliance := o.Object("Compliance")
	status := compliance.Text("Status")
	f.Unknown = status == "WARNING" || status == "NOT_AVAILABLE" // the check could not be made
	f.Evidence = classASFF(o, compliance, f)
	vendor, id := identity(product, f.Region, o.Need("Id"))
	if types := o.Texts("Types"); vendor != Vendor && len(types) > 0 && types[0] != "" {
		f.By = types[0] // the generator is the tool's own, such as a detector
	}
	return claim.Said{Vendor: vendor, ID: id, Over: overASFF(o, status), Finding: f}
}

// label follows https://docs.aws.amazon.com/securityhub/1.0/APIReference/API_Severity.html: the label, or else the number from
// which Security Hub makes it.
func label(o claim.Object) finding.Severity {
	if o.Has("Label") {
		return o.Severity("Label")
	}
	n, ok := o.Number("Normalized")
	switch {
	case !ok:
		o.Fail("Label", "is missing, and so is Normalized")
	case n < 0 || n > 100:
		o.Fail("Normalized", "%v is not between 0 and 100", n)
	case n >= 90:
		return finding.Critical
	case n >= 70:
		return finding.High
	case n >= 40:
		return finding.Medium
	case n > 0:
		return finding.Low
	}
	return finding.Informational
}

// overASFF: a passed check and a settled workflow say that it is true no more; a record that is put away says nothing.
func overASFF(o claim.Object, compliance string) source.Over {
	workflow := cmp.Or(o.Object("Workflow").Text("Status"), o.Text("WorkflowState")) // the second is the older way
	switch {
	case compliance == "PASSED" || workflow == "RESOLVED":
		return source.Resolved
	case workflow == "SUPPRESSED":
		return source.Suppressed
	case o.Text("RecordState") == "ARCHIVED":
		return source.Archived
	}
	return ""
}

// classASFF is what makes a finding one of a class: what is weak, or which control was checked.
func classASFF(o, compliance claim.Object, f finding.Finding) (all []finding.Evidence) {
	for _, v := range o.List("Vulnerabilities") {
		var scores []ocsf.CVSS
		for _, c := range v.List("Cvss") {
			n, _ := c.Number("BaseScore")
			scores = append(scores, ocsf.CVSS{Score: n, Version: c.Text("Version"), Vector: c.Text("BaseVector"), Vendor: c.Text("Source")})
		}
		weak := ocsf.Weakness(v.Need("Id"), scores)
		weak.Vendor, weak.References = v.Object("Vendor").Text("Name"), v.Texts("ReferenceUrls")
		weak.Exploit, weak.Fix = v.Text("ExploitAvailable") == "YES", v.Text("FixAvailable") == "YES"
		for _, p := range v.List("VulnerablePackages") {
			weak.Packages = append(weak.Packages, ocsf.Package{
				Name: p.Text("Name"), Version: p.Text("Version"), Fixed: p.Text("FixedInVersion"), Manager: p.Text("PackageManager"), Path: p.Text("FilePath"),
			})
		}
		all = append(all, weak.Evidence(f.Detected))
	}
	if len(all) > 0 || !compliance.Has("Status") {
		return all
	}
	c := ocsf.Compliance{Requirements: compliance.Texts("RelatedRequirements"), Status: ocsf.Warning}
	switch compliance.Text("Status") {
	case "PASSED":
		c.Status = ocsf.Pass
	case "FAILED":
		c.Status = ocsf.Fail
	}
	fields := o.Object("ProductFields")
	c.Control = cmp.Or(compliance.Text("SecurityControlId"), fields.Text("ControlId"), fields.Text("RuleId"), f.By)
	for _, s := range compliance.List("AssociatedStandards") {
		c.Standards = append(c.Standards, s.Text("StandardsId"))
	}
	return append(all, c.Evidence(f.Detected))
}

func regionOf(arn string) string {
	a, err := principal.ParseARN(arn)
	if err != nil {
		return ""
	}
	return a.Region
}
