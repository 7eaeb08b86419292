package inventory

import (
	"regexp"

	"jobzero/internal/event"
	"jobzero/internal/resource"
)

// reach is a family of calls that changes what many resources depend on, without naming them.
type reach struct {
	source string
	names  *regexp.Regexp
	typ    resource.Type
}

// reaches is the table: without the account's block every bucket is what its own settings say; AWS quarantines a user, not a
// key; a new network brings its default group along; who joins an organisation is not known before, and what is decided for all of its
// accounts names none of them; where Inspector is switched off it scans nothing.
var reaches = []reach{
	{"s3.amazonaws.com", regexp.MustCompile(`^(Put|Delete)(Account)?PublicAccessBlock$`), resource.Bucket},
	{"s3-control.amazonaws.com", regexp.MustCompile(`^(Put|Delete)(Account)?PublicAccessBlock$`), resource.Bucket},
	{"iam.amazonaws.com", regexp.MustCompile(`^(Attach|Detach)UserPolicy$`), resource.AccessKey},
	{"ec2.amazonaws.com", regexp.MustCompile(`^Create(Default)?Vpc$`), resource.SecurityGroup},
	{"organizations.amazonaws.com", regexp.MustCompile(`^(Create(GovCloud)?Account(Result)?|AcceptHandshake|LeaveOrganization|UpdateOrganizationalUnit)$`), resource.OrgAccount},
	{"organizations.amazonaws.com", regexp.MustCompile(`^((Create|Update|Delete|Attach|Detach)Policy|(En|Dis)able(PolicyType|AWSServiceAccess)|(Der|R)egisterDelegatedAdministrator|EnableAllFeatures|(Create|Delete)Organization|RemoveAccountFromOrganization|LeaveOrganization)$`), resource.Organization},
	{"iam.amazonaws.com", regexp.MustCompile(`^(En|Dis)ableOrganizationsRoot`), resource.Organization},
	{"cloudtrail.amazonaws.com", regexp.MustCompile(`^((Create|Update|Delete)Trail|St(art|op)Logging)$`), resource.Organization},
	{"inspector2.amazonaws.com", regexp.MustCompile(`^(En|Dis)able$`), resource.InstanceScan},
}

// Swept names the lists of resources that an API event may have changed all of: those are to be swept at once, not when their
// turn comes. What Affected names is not repeated here.
func Swept(e *event.Event) []Place {
	if !changes(e) {
		return nil
	}
	var out []Place
	for _, r := range reaches {
		if r.source != e.Source || !r.names.MatchString(e.Name) || (r.typ == resource.Bucket && r.source == "s3.amazonaws.com" && namesBucket(e)) {
			continue
		}
		p := Place{Account: e.Account, Type: r.typ}
		if !r.typ.Global() {
			p.Region = e.Region
		}
		out = append(out, p)
	}
	return out
}
