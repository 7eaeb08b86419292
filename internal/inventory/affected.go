package inventory

import (
	"regexp"
	"strings"

	"jobzero/internal/event"
	"jobzero/internal/resource"
)

// touch is how one family of API calls names the resources it changed.
type touch struct {
	source string                  // event source
	names  *regexp.Regexp          // of the calls
	typ    resource.Type           // of what they touch
	id     *regexp.Regexp          // what an ID of the type looks like; anything else is not ours to read
	paths  []string                // where the ID stands, from the record's top; [] goes into a list
	trim   *regexp.Regexp          // what stands before the ID, nil for nothing; anything else is left out
	self   bool                    // the account itself is touched
	not    func(*event.Event) bool // when the row does not apply
}

var (
	bucketARN  = regexp.MustCompile(`^arn:aws[a-z-]*:s3:::`)
	bucketName = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{2,254}$`)
	groupID    = regexp.MustCompile(`^sg-[0-9a-f]{8,32}$`)
	keyID      = regexp.MustCompile(`^[A-Z0-9]{16,128}$`)
	account    = regexp.MustCompile(`^[0-9]{12}$`)
)

// touches is the table of what touches.txt has no words for. Calls on objects are not in it: an object is not a resource that is judged here, and its bucket's
// settings stay as they were.
var touches = []touch{
	{
		source: "s3.amazonaws.com", names: regexp.MustCompile(`^(Create|Put|Delete)Bucket[A-Za-z]*$|^(Put|Delete)PublicAccessBlock$`),
		typ: resource.Bucket, id: bucketName, paths: []string{"requestParameters.bucketName"},
	},
	{ // how buckets are tagged once their tags decide about access
		source: "s3.amazonaws.com", names: regexp.MustCompile(`^(Tag|Untag)Resource$`),
		typ: resource.Bucket, id: bucketName, paths: []string{"requestParameters.resourceArn", "requestParameters.ResourceArn"}, trim: bucketARN,
	},
	{
		source: "s3.amazonaws.com", names: regexp.MustCompile(`^(Put|Delete)AccountPublicAccessBlock$`),
		typ: resource.AccountPublicAccess, id: account, self: true,
	},
	{
		source: "s3.amazonaws.com", names: regexp.MustCompile(`^(Put|Delete)PublicAccessBlock$`),
		typ: resource.AccountPublicAccess, id: account, self: true, not: namesBucket,
	},
	{
		source: "s3-control.amazonaws.com", names: regexp.MustCompile(`^(Put|Delete)(Account)?PublicAccessBlock$`),
		typ: resource.AccountPublicAccess, id: account, self: true,
	},
	{
		source: "ec2.amazonaws.com", names: regexp.MustCompile(`^(Authorize|Revoke)SecurityGroup(Ingress|Egress)$`),
		typ: resource.SecurityGroup, id: groupID,
		paths: []string{
			"requestParameters.groupId", // the peers' groups are deeper, in ipPermissions: those were not changed
			"responseElements.securityGroupRuleSet.items.[].groupId", "responseElements.revokedSecurityGroupRuleSet.items.[].groupId",
		},
	},
	{
		source: "ec2.amazonaws.com", names: regexp.MustCompile(`^(ModifySecurityGroupRules|UpdateSecurityGroupRuleDescriptions(Ingress|Egress))$`),
		typ: resource.SecurityGroup, id: groupID,
		paths: []string{
			"requestParameters.groupId", "requestParameters.ModifySecurityGroupRulesRequest.GroupId",
			"requestParameters.UpdateSecurityGroupRuleDescriptionsIngressRequest.GroupId",
			"requestParameters.UpdateSecurityGroupRuleDescriptionsEgressRequest.GroupId",
		},
	},
	{
		source: "ec2.amazonaws.com", names: regexp.MustCompile(`^(Create|Delete)SecurityGroup$`),
		typ: resource.SecurityGroup, id: groupID, paths: []string{"responseElements.groupId", "requestParameters.groupId"},
	},
	{
		source: "ec2.amazonaws.com", names: regexp.MustCompile(`^(Create|Delete)Tags$`),
		typ: resource.SecurityGroup, id: groupID, paths: []string{"requestParameters.resourcesSet.items.[].resourceId"},
	},
	{
		source: "iam.amazonaws.com", names: regexp.MustCompile(`^CreateAccessKey$`),
		typ: resource.AccessKey, id: keyID, paths: []string{"responseElements.accessKey.accessKeyId"},
	},
	{
		source: "iam.amazonaws.com", names: regexp.MustCompile(`^(Update|Delete)AccessKey$`),
		typ: resource.AccessKey, id: keyID, paths: []string{"requestParameters.accessKeyId"},
	},
}

// Affected names the resources that an API event has changed, each once: the ones that are to be read again. Reading calls and
// calls that were refused change nothing, nor do records of other logs than CloudTrail. IDs that do not look like one are left
// out: an event is a claim, not a command.
func Affected(e *event.Event) []resource.Ref {
	if !changes(e) {
		return nil
	}
	var out []resource.Ref
	seen := map[resource.Ref]bool{}
	for _, ref := range rowRefs(e) {
		if !seen[ref] {
			seen[ref] = true
			out = append(out, ref)
		}
	}
	for _, t := range touches {
		if t.source != e.Source || !t.names.MatchString(e.Name) || (t.not != nil && t.not(e)) {
			continue
		}
		for _, id := range t.ids(e) {
			ref := resource.Ref{Type: t.typ, Account: owner(e, t.typ, id), ID: id}
			if !t.typ.Global() {
				ref.Region = e.Region
			}
			if t.id.MatchString(id) && !seen[ref] {
				seen[ref] = true
				out = append(out, ref)
			}
		}
	}
	return out
}

func changes(e *event.Event) bool {
	return e != nil && e.Log == event.CloudTrail && !e.ReadOnly && e.ErrorCode == "" && account.MatchString(e.Account)
}

func namesBucket(e *event.Event) bool {
	fields, err := e.Fields()
	return err != nil || len(dig(fields, []string{"requestParameters", "bucketName"})) > 0
}

func (t touch) ids(e *event.Event) []string {
	if t.self {
		return []string{e.Account}
	}
	fields, err := e.Fields()
	if err != nil {
		return nil
	}
	var out []string
	for _, p := range t.paths {
		for _, id := range dig(fields, strings.Split(p, ".")) {
			if t.trim == nil {
				out = append(out, id)
			} else if before := t.trim.FindString(id); before != "" {
				out = append(out, strings.TrimPrefix(id, before))
			}
		}
	}
	return out
}

// dig gives the texts at a path.
func dig(v any, path []string) []string {
	if len(path) == 0 {
		if s, ok := v.(string); ok && s != "" {
			return []string{s}
		}
		return nil
	}
	if path[0] == "[]" {
		var out []string
		list, _ := v.([]any)
		for _, e := range list {
			out = append(out, dig(e, path[1:])...)
		}
		return out
	}
	m, ok := v.(map[string]any)
	if !ok {
		return nil
	}
	return dig(m[path[0]], path[1:])
}

// owner is whose resource it is. A bucket of another account may be changed from this one: then the record's own list of
// resources says whose it is, and the reader will ask that account.
func owner(e *event.Event, t resource.Type, id string) string {
	if t != resource.Bucket {
		return e.Account
	}
	for _, r := range e.Resources {
		if strings.HasSuffix(r.ARN, ":::"+id) && account.MatchString(r.Account) {
			return r.Account
		}
	}
	return e.Account
}
