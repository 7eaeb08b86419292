package guardduty

import (
	"strings"

	"jobzero/internal/event"
	"jobzero/internal/finding"
	"jobzero/internal/principal"
	"jobzero/internal/resource"
	"jobzero/internal/source"
	"jobzero/internal/source/claim"
)

// Vendor begins the By of GuardDuty's findings, whichever way they come.
const Vendor = "guardduty"

// Parse reads one finding. Names may begin with a small letter, as in events and exports, or a capital, as the command line
// and the SDKs print them. Errors are fault.Invalid and name the field.
func Parse(raw []byte, origin event.Origin) (source.Report, error) {
	o := claim.ReadFolded(raw)
	if v := o.Need("schemaVersion"); !strings.HasPrefix(v, "2.") {
		o.Fail("schemaVersion", "%.20q is not 2.0", v)
	}
	service := o.Object("service")
	s := claim.Said{Vendor: Vendor, ID: o.Need("id"), Raw: o.Raw, Origin: origin, Finding: finding.Finding{
		By: o.Need("type"), Title: o.Text("title"), Why: o.Text("description"),
		Account: o.Account("accountId"), Region: region(o), Severity: severity(o),
		Occurred: service.Time("eventFirstSeen"), Detected: o.NeedTime("updatedAt"),
	}}
	if s.Finding.Occurred.IsZero() {
		s.Finding.Occurred = o.Time("createdAt")
	}
	if service.Flag("archived") {
		s.Over = source.Archived
	}
	about(o.Object("resource"), &s.Finding)
	if err := o.Err(); err != nil {
		return source.Report{}, err
	}
	return source.Report{Claims: []source.Claim{claim.Of(s)}}, nil
}

// region is where the finding was made; the ARN says it too.
func region(o claim.Object) string {
	if r := o.Region("region"); r != "" {
		return r
	}
	arn, err := principal.ParseARN(o.Text("arn"))
	if err != nil {
		return ""
	}
	return arn.Region
}

// severity follows https://docs.aws.amazon.com/guardduty/latest/ug/guardduty_findings-severity.html: low 1.0 to 3.9, medium
// 4.0 to 6.9, high 7.0 to 8.9, critical 9.0 to 10.0. Below 1.0 nothing is defined; it is low rather than lost.
func severity(o claim.Object) finding.Severity {
	n, ok := o.Number("severity")
	switch {
	case !ok:
		o.Fail("severity", "is missing")
	case n < 0 || n > 10:
		o.Fail("severity", "%v is not between 0 and 10", n)
	case n >= 9:
		return finding.Critical
	case n >= 7:
		return finding.High
	case n >= 4:
		return finding.Medium
	}
	return finding.Low
}

// about fills in what the finding is about. A finding has details of several resources; resourceType says which one is meant
// (https://docs.aws.amazon.com/guardduty/latest/ug/guardduty_findings-summary.html). An attack sequence names none: it is about
// the account.
func about(o claim.Object, f *finding.Finding) {
	key := o.Object("accessKeyDetails")
	name := key.Text("userName")
	f.Principal = name
	switch o.Text("resourceType") {
	case "AccessKey":
		f.Resource = claim.Identity(key.Text("accessKeyId"), key.Text("userType"), name, f.Account)
	case "Instance":
		describe(f, o.Object("instanceDetails"), "AWS::EC2::Instance", "instanceId", "")
	case "S3Bucket", "S3Object":
		describe(f, o.First("s3BucketDetails"), string(resource.Bucket), "name", "arn")
	case "EKSCluster":
		describe(f, o.Object("eksClusterDetails"), "AWS::EKS::Cluster", "name", "arn")
	case "ECSCluster":
		describe(f, o.Object("ecsClusterDetails"), "AWS::ECS::Cluster", "name", "arn")
	case "Lambda":
		describe(f, o.Object("lambdaDetails"), "AWS::Lambda::Function", "functionName", "functionArn")
	case "RDSDBInstance":
		describe(f, o.Object("rdsDbInstanceDetails"), "AWS::RDS::DBInstance", "dbInstanceIdentifier", "dbInstanceArn")
	case "Container": // on an instance, or in a cluster
		describe(f, o.Object("instanceDetails"), "AWS::EC2::Instance", "instanceId", "")
		if f.Resource == nil {
			describe(f, o.Object("ecsClusterDetails"), "AWS::ECS::Cluster", "name", "arn")
		}
	}
}

func describe(f *finding.Finding, o claim.Object, kind, id, arn string) {
	if arn != "" {
		f.ARN = o.Text(arn)
	}
	f.Tags = o.Tags("tags")
	f.Resource = claim.Resource(claim.Named{Kind: kind, ID: o.Text(id), Account: f.Account, Region: f.Region})
}
