package claim

import (
	"strings"

	"jobzero/internal/principal"
	"jobzero/internal/resource"
)

const (
	// Account is the type of an account; its ID is the number.
	Account resource.Type = "AWS::Organizations::Account"
	// unknown is the type of what has no word that could be part of a key.
	unknown resource.Type = "jobzero::Unknown"
)

// longTerm begins the IDs of access keys that can be deactivated; see detect. A finding about a session's key is about whose
// session it is.
const longTerm = "AKIA"

func account(number string) *resource.Ref {
	return &resource.Ref{Type: Account, Account: number, ID: number}
}

// Named is a resource in a vendor's words. One that is another account's keeps that account: whoever acts on a claim reads the
// resource again first.
type Named struct {
	Kind    string // the vendor's word for its type; may be a CloudFormation type
	ID      string // an ARN, type:id, or a bare ID
	Account string // of the finding
	Region  string // of the finding
}

// Resource is the reference that our own readers would give it, so that findings about one thing meet on one ticket. It is nil
// where nothing that can be read again is named: no ID, or a key of a session.
func Resource(n Named) *resource.Ref {
	if n.ID == "" {
		return nil
	}
	if a, err := principal.ParseARN(n.ID); err == nil {
		return byARN(a, n)
	}
	typ := typeOf(n.Kind)
	if at := strings.LastIndex(n.ID, "::"); at > 0 && strings.HasPrefix(n.ID, "AWS::") { // AWS::::Account:111122223333
		if word, id, ok := strings.Cut(n.ID[at+2:], ":"); ok && id != "" {
			typ, n.ID = typeOf(n.ID[:at+2]+word), id
		}
	}
	switch {
	case typ == Account:
		if principal.IsAccount(n.ID) {
			n.Account = n.ID
		}
		return account(n.Account)
	case typ == resource.AccessKey && !strings.HasPrefix(n.ID, longTerm):
		return nil
	}
	ref := &resource.Ref{Type: typ, Account: n.Account, Region: n.Region, ID: n.ID}
	if typ.Global() && typ != resource.Bucket {
		ref.Region = ""
	}
	return ref
}

// Identity is whose credentials a finding is about: the long-term key, else the user or role of the name; nil for others.
func Identity(key, kind, name, account string) *resource.Ref {
	ref := &resource.Ref{Account: account, ID: name}
	switch {
	case strings.HasPrefix(key, longTerm):
		ref.Type, ref.ID = resource.AccessKey, key
	case name == "":
		return nil
	case kind == "IAMUser":
		ref.Type = user
	case kind == "AssumedRole" || kind == "Role":
		ref.Type = role
	default:
		return nil
	}
	return ref
}

// typeOf is the type that a vendor's word means: CloudFormation's types are themselves, the words of ASFF and Inspector that
// come with bare IDs are few.
func typeOf(word string) resource.Type {
	switch word {
	case "AwsAccount", "AWS::::Account", string(Account):
		return Account
	case "AwsIamAccessKey":
		return resource.AccessKey
	case "AwsIamUser":
		return user
	case "AwsIamRole":
		return role
	case "AwsS3Bucket":
		return resource.Bucket
	case "AwsEc2SecurityGroup":
		return resource.SecurityGroup
	case "AwsEc2Instance", "AWS_EC2_INSTANCE":
		return instance
	}
	switch {
	case word == "" || !isWord(word, "_:.-"):
		return unknown
	case strings.Contains(word, "::"):
		return resource.Type(word)
	}
	return resource.Type("jobzero::" + word)
}

// byARN looks the ARN up. What is not in the table has the type that CloudFormation gives it, where the vendor says which, or
// one of the ARN's own words, so that two vendors name it alike.
func byARN(a principal.ARN, n Named) *resource.Ref {
	ref := &resource.Ref{Account: n.Account, ID: n.ID}
	if IsRegion(a.Region) {
		ref.Region = a.Region
	}
	if principal.IsAccount(a.Account) {
		ref.Account = a.Account
	}
	kind, rest := a.Service, a.Resource
	if i := strings.IndexAny(rest, "/:"); i > 0 {
		kind, rest = rest[:i], rest[i+1:]
	}
	switch typ := typeOf(n.Kind); {
	case typ != Account && strings.HasPrefix(n.Kind, "AWS::"):
		ref.Type = typ // CloudFormation's own word
	case isWord(a.Service, "-") && isWord(kind, "-"):
		ref.Type = resource.Type("jobzero::" + a.Service + "::" + kind)
	default:
		ref.Type = unknown
	}
	for _, f := range forms() {
		part := rest
		if f.kind == "" {
			part = a.Resource
		}
		if f.service != a.Service || f.kind != "" && f.kind != kind || part == "" {
			continue
		}
		if id := f.id(a, part); id != "" {
			ref.Type, ref.ID = f.typ, id
			break
		}
	}
	switch {
	case a.Service == "iam" && a.Resource == "root":
		return account(ref.Account)
	case ref.Type == resource.AccessKey && !strings.HasPrefix(ref.ID, longTerm):
		return nil
	case ref.Type == resource.Bucket:
		ref.Region = n.Region // a bucket's ARN names none
	}
	return ref
}

// IsARN reports whether s has the parts of an ARN.
func IsARN(s string) bool {
	_, err := principal.ParseARN(s)
	return err == nil
}
