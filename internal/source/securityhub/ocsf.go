package securityhub

import (
	"cmp"
	"strings"
	"time"

	"jobzero/internal/finding"
	schema "jobzero/internal/finding/ocsf"
	"jobzero/internal/source"
	"jobzero/internal/source/claim"
)

// inOCSF reads a finding in the Open Cybersecurity Schema Framework, as the new Security Hub
// (https://docs.aws.amazon.com/securityhub/latest/userguide/securityhub-v2-cwe-event-formats.html) and tools such as Prowler
// write it.
func inOCSF(o claim.Object) claim.Said {
	if class, _ := o.Number("class_uid"); class < 2002 || class > 2008 { // 2001 has another shape and is deprecated
		o.Fail("class_uid", "%v is none of the findings 2002 to 2008", class)
	}
	info, product := o.Object("finding_info"), o.Object("metadata").Object("product")
	on := o.First("resources")
	compliance, cloud := o.Object("compliance"), o.Object("cloud")
	f := finding.Finding{
		By:    cmp.Or(compliance.Text("control"), o.Object("metadata").Text("event_code"), first(info.Texts("types")), o.Text("class_name"), "finding"),
		Title: info.Text("title"), Why: cmp.Or(o.Text("status_detail"), info.Text("desc")), Severity: severityOCSF(o),
		Account: cloud.Object("account").Account("uid"), Region: cmp.Or(cloud.Region("region"), on.Region("region")), Tags: on.Tags("tags"),
		Occurred: moment(info, "first_seen_time", "created_time"),
		Detected: cmp.Or(moment(info, "modified_time", "finding.info.modified_time"), moment(o, "time")),
	}
	if f.Detected.IsZero() {
		o.Fail("time", "is missing, and so is finding_info.modified_time")
	}
	resourceOCSF(on, &f)
	verdict, code := verdictOCSF(compliance), strings.ToUpper(o.Text("status_code"))
	f.Unknown = verdict == schema.Warning || code == "MANUAL" // Prowler's word for what a person has to look at
	f.Evidence = classOCSF(o, f, verdict)
	vendor, id := identity(cmp.Or(product.Text("uid"), product.Text("name")), f.Region, info.Need("uid"))
	return claim.Said{Vendor: vendor, ID: id, Over: overOCSF(o, verdict, code), Finding: f}
}

func first(all []string) string {
	if len(all) == 0 {
		return ""
	}
	return all[0]
}

// moment is the first of the times that is there. The schema has each as milliseconds and, in the profile datetime, as text
// with _dt behind its name; where both are there the number counts, because some tools write local time without a zone.
func moment(o claim.Object, names ...string) time.Time {
	for _, name := range names {
		for _, n := range []string{name, name + "_dt"} {
			if t := o.Time(n); !t.IsZero() {
				return t
			}
		}
	}
	return time.Time{}
}

// severityOCSF follows the schema's severity_id. Unknown (0) and other (99) are medium, neither lost nor a page at night;
// fatal (6) is beyond critical.
func severityOCSF(o claim.Object) finding.Severity {
	n, ok := o.Number("severity_id")
	switch {
	case !ok:
		o.Fail("severity_id", "is missing")
	case n == 0 || n == 99:
		return finding.Medium
	case n == 6:
		return finding.Critical
	case n == 1 || n == 2 || n == 3 || n == 4 || n == 5:
		return finding.Severities()[int(n)-1]
	default:
		o.Fail("severity_id", "%v is none of 0 to 6 and 99", n)
	}
	return ""
}

func resourceOCSF(on claim.Object, f *finding.Finding) {
	id := on.Text("uid")
	for _, s := range []string{id, on.Text("uid_alt")} {
		if f.ARN == "" && claim.IsARN(s) {
			f.ARN = s
		}
	}
	f.Resource = claim.Resource(claim.Named{Kind: on.Text("type"), ID: cmp.Or(f.ARN, id), Account: f.Account, Region: f.Region})
	if f.Resource == nil {
		data := on.Object("data") // of a session's key
		f.Principal = data.Text("user_name")
		f.Resource = claim.Identity("", data.Text("user_type"), f.Principal, f.Account)
	}
}

func verdictOCSF(compliance claim.Object) schema.Verdict {
	switch n, ok := compliance.Number("status_id"); {
	case !ok:
		return ""
	case n == 1:
		return schema.Pass
	case n == 3:
		return schema.Fail
	}
	return schema.Warning
}

// overOCSF follows the status_id of findings. A close without a status of its own is settled; so is a check that passed.
func overOCSF(o claim.Object, verdict schema.Verdict, code string) source.Over {
	status, _ := o.Number("status_id")
	activity, _ := o.Number("activity_id")
	switch {
	case status == 4 || verdict == schema.Pass || code == "PASS" || code == "PASSED":
		return source.Resolved
	case status == 3:
		return source.Suppressed
	case status == 5 || status == 6:
		return source.Archived
	case activity == 3:
		return source.Resolved
	}
	return ""
}

// classOCSF keeps of each class what its view needs.
func classOCSF(o claim.Object, f finding.Finding, verdict schema.Verdict) (all []finding.Evidence) {
	for _, v := range o.List("vulnerabilities") {
		cve := v.Object("cve")
		var scores []schema.CVSS
		for _, c := range cve.List("cvss") {
			n, _ := c.Number("base_score")
			scores = append(scores, schema.CVSS{Score: n, Version: c.Text("version"), Vector: c.Text("vector_string"), Vendor: c.Text("vendor_name")})
		}
		id := cmp.Or(cve.Text("uid"), v.Object("cwe").Text("uid"), v.Object("advisory").Text("uid"))
		if id == "" {
			continue
		}
		weak := schema.Weakness(id, scores)
		weak.Exploit, weak.Fix, weak.References = v.Flag("is_exploit_available"), v.Flag("is_fix_available"), v.Texts("references")
		for _, p := range v.List("affected_packages") {
			weak.Packages = append(weak.Packages, schema.Package{
				Name: p.Text("name"), Version: p.Text("version"), Fixed: p.Text("fixed_in_version"), Manager: p.Text("package_manager"), Path: p.Text("path"),
			})
		}
		all = append(all, weak.Evidence(f.Detected))
	}
	if c := o.Object("compliance"); verdict != "" {
		all = append(all, schema.Compliance{Control: cmp.Or(c.Text("control"), f.By), Standards: c.Texts("standards"), Requirements: c.Texts("requirements"), Status: verdict}.Evidence(f.Detected))
	}
	if class, _ := o.Number("class_uid"); class == 2006 {
		all = append(all, sensitive(o, f).Evidence(f.Detected))
	}
	return all
}

// sensitive names the data that was found in a bucket's file, or else repeats what the finding is called.
func sensitive(o claim.Object, f finding.Finding) schema.DataSecurity {
	found := o.Object("databucket").Object("file").First("data_classifications")
	var names []string
	for _, d := range found.List("discovery_details") {
		names = append(names, d.Text("type"))
	}
	category, ok := found.Number("category_id")
	if !ok {
		category = 99
	}
	return schema.Discovered(int(category), cmp.Or(strings.Join(names, ", "), f.By))
}
