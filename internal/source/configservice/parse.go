package configservice

import (
	"cmp"
	"fmt"
	"strings"

	"jobzero/internal/event"
	"jobzero/internal/finding"
	"jobzero/internal/finding/ocsf"
	"jobzero/internal/resource"
	"jobzero/internal/source"
	"jobzero/internal/source/claim"
)

// Vendor begins the By of the findings of AWS Config.
const Vendor = "config"

// Parse reads one notification (https://docs.aws.amazon.com/config/latest/developerguide/notifications-for-AWS-Config.html).
// Errors are fault.Invalid and name the field, or *source.Other for notifications about AWS Config itself.
func Parse(raw []byte, origin event.Origin) (source.Report, error) {
	o := claim.Read(raw)
	var r source.Report
	switch kind := o.Need("messageType"); kind {
	case "ComplianceChangeNotification":
		s := verdict(o)
		s.Raw, s.Origin = o.Raw, origin
		r.Claims = []source.Claim{claim.Of(s)}
	case "ConfigurationItemChangeNotification":
		r.Changed = changed(o.Object("configurationItem"))
	case "OversizedConfigurationItemChangeNotification": // the item itself lies in a bucket
		r.Changed = changed(o.Object("configurationItemSummary"))
	default:
		if o.Err() == nil {
			return source.Report{}, &source.Other{Name: fmt.Sprintf("AWS Config %.60s", kind)}
		}
	}
	if err := o.Err(); err != nil {
		return source.Report{}, err
	}
	return r, nil
}

// changed is the resource of a configuration item. What it was and is stands there too, but what counts is what the API says
// when it is read again.
func changed(item claim.Object) []resource.Ref {
	ref := about(item, item.Account("awsAccountId"), item.Region("awsRegion"))
	if ref == nil {
		item.Fail("resourceId", "names nothing that can be read again")
		return nil
	}
	return []resource.Ref{*ref}
}

// verdict is what a rule says of a resource. AWS Config has no severity of its own; medium is what Security Hub gives its
// findings (https://docs.aws.amazon.com/securityhub/latest/userguide/securityhub-internal-providers.html#integration-config).
func verdict(o claim.Object) claim.Said {
	result := o.Object("newEvaluationResult")
	f := finding.Finding{
		By: o.Need("configRuleName"), Why: result.Text("annotation"), Severity: finding.Medium,
		Account: o.Account("awsAccountId"), Region: o.Region("awsRegion"),
		Occurred: result.Object("evaluationResultIdentifier").Time("orderingTimestamp"), Detected: result.NeedTime("resultRecordedTime"),
	}
	f.Resource = about(o, f.Account, f.Region)
	s := claim.Said{Vendor: Vendor}
	check := ocsf.Compliance{Control: f.By, Status: ocsf.Warning}
	word := result.Need("complianceType")
	switch word {
	case "NON_COMPLIANT":
		check.Status = ocsf.Fail
	case "COMPLIANT", "NOT_APPLICABLE": // out of the rule's scope, or deleted
		check.Status, s.Over = ocsf.Pass, source.Resolved
	case "INSUFFICIENT_DATA":
		f.Unknown = true
	default:
		result.Fail("complianceType", "%.40q is none of COMPLIANT, NON_COMPLIANT, NOT_APPLICABLE and INSUFFICIENT_DATA", word)
	}
	typ, id := o.Text("resourceType"), o.Text("resourceId")
	f.Title = fmt.Sprintf("%s %s is %s with the Config rule %s", typ, id, strings.ReplaceAll(word, "_", " "), f.By)
	f.Evidence = []finding.Evidence{check.Evidence(f.Detected)}
	// An evaluation has no ID of its own: a rule has one verdict on a resource.
	s.ID = strings.Join([]string{f.Region, cmp.Or(o.Text("configRuleARN"), f.By), typ, id}, "|")
	s.Finding = f
	return s
}

// about is the resource of an item or a verdict. AWS Config writes CloudFormation's types, but knows some resources by an
// internal ID where CloudFormation has the name; a verdict does not say the name.
func about(o claim.Object, account, region string) *resource.Ref {
	typ, id, name := o.Need("resourceType"), o.Need("resourceId"), o.Text("resourceName")
	switch typ {
	case "AWS::IAM::User", "AWS::IAM::Role", "AWS::IAM::Group", "AWS::RDS::DBInstance", "AWS::RDS::DBCluster", "AWS::AutoScaling::AutoScalingGroup":
		id = cmp.Or(name, id)
	case "AWS::IAM::Policy":
		typ, id = "AWS::IAM::ManagedPolicy", cmp.Or(o.Text("ARN"), id)
	case "AWS::S3::AccountPublicAccessBlock":
		return &resource.Ref{Type: resource.AccountPublicAccess, Account: account, ID: account}
	}
	return claim.Resource(claim.Named{Kind: typ, ID: id, Account: account, Region: region})
}
