package inspector

import (
	"jobzero/internal/finding/ocsf"
	"jobzero/internal/source/claim"
)

// weaknesses are what a finding of the types PACKAGE_VULNERABILITY and CODE_VULNERABILITY is about; a port that can be reached
// is none.
func weaknesses(o claim.Object) []ocsf.Vulnerability {
	var v ocsf.Vulnerability
	switch {
	case o.Has("packageVulnerabilityDetails"):
		v = ofPackages(o.Object("packageVulnerabilityDetails"))
	case o.Has("codeVulnerabilityDetails"):
		cwes := o.Object("codeVulnerabilityDetails").Texts("cwes")
		if len(cwes) == 0 {
			return nil
		}
		v = ocsf.Weakness(cwes[0], nil)
	default:
		return nil
	}
	v.Title, v.Severity = o.Text("title"), o.Text("severity")
	v.Exploit, v.Fix = o.Text("exploitAvailable") == "YES", o.Text("fixAvailable") == "YES"
	return []ocsf.Vulnerability{v}
}

func ofPackages(o claim.Object) ocsf.Vulnerability {
	var scores []ocsf.CVSS
	for _, c := range o.List("cvss") {
		score, _ := c.Number("baseScore")
		scores = append(scores, ocsf.CVSS{Score: score, Version: c.Text("version"), Vector: c.Text("scoringVector"), Vendor: c.Text("source")})
	}
	v := ocsf.Weakness(o.Need("vulnerabilityId"), scores)
	v.Vendor, v.References = o.Text("source"), o.Texts("referenceUrls")
	for _, p := range o.List("vulnerablePackages") {
		v.Packages = append(v.Packages, ocsf.Package{
			Name: p.Text("name"), Version: p.Text("version"), Fixed: p.Text("fixedInVersion"), Manager: p.Text("packageManager"), Path: p.Text("filePath"),
		})
	}
	return v
}
