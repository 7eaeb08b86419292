// Package resource is what exists.
//
// It is: one thing in an AWS account, in the schema of its CloudFormation resource type.
// It takes: what inventory has read; nothing here reads or calls anything.
// It gives: the noun that expectations judge and actions change.
// Next door: inventory makes resources, expect judges them.
package resource

import (
	"strings"
	"time"

	"jobzero/internal/fault"
)

// Type is a CloudFormation resource type, or a jobzero:: type for what CloudFormation lacks.
type Type string

// Types that are read by a reader of their own. Cloud Control reads more.
const (
	Bucket              Type = "AWS::S3::Bucket"
	AccountPublicAccess Type = "jobzero::S3::AccountPublicAccessBlock" // ID is the account
	SecurityGroup       Type = "AWS::EC2::SecurityGroup"
	AccessKey           Type = "AWS::IAM::AccessKey" // ID is the access key ID; Properties.UserName owns it
	Role                Type = "AWS::IAM::Role"
	User                Type = "AWS::IAM::User"
	Group               Type = "AWS::IAM::Group"
	ManagedPolicy       Type = "AWS::IAM::ManagedPolicy" // ID is the ARN
	InstanceProfile     Type = "AWS::IAM::InstanceProfile"
	OIDCProvider        Type = "AWS::IAM::OIDCProvider"   // ID is the ARN
	SAMLProvider        Type = "AWS::IAM::SAMLProvider"   // ID is the ARN
	IAMAccount          Type = "jobzero::IAM::Account"    // ID is the account
	Attachment          Type = "jobzero::IAM::Attachment" // of a text alone: a policy for whom the text does not have
	Key                 Type = "AWS::KMS::Key"
	Trail               Type = "AWS::CloudTrail::Trail" // ID is the name, Region its home
)

// Types that are read through Cloud Control or not at all, and that actions change.
const (
	Instance         Type = "AWS::EC2::Instance"
	VPC              Type = "AWS::EC2::VPC"
	NetworkACL       Type = "AWS::EC2::NetworkAcl"
	Address          Type = "AWS::EC2::EIP"                  // ID is the address, a bar and the allocation
	VolumeEncryption Type = "jobzero::EC2::VolumeEncryption" // of new volumes, in a region; ID is the account
	DBInstance       Type = "AWS::RDS::DBInstance"
	DBCluster        Type = "AWS::RDS::DBCluster"
	KubeCluster      Type = "AWS::EKS::Cluster"
	IPSet            Type = "AWS::WAFv2::IPSet"               // ID is name|id|scope
	RuleGroup        Type = "AWS::NetworkFirewall::RuleGroup" // ID is the ARN
	DomainList       Type = "AWS::Route53Resolver::FirewallDomainList"
)

// Whether a service of AWS watches an account and region. ID is the account.
const (
	AccessAnalyzerCoverage Type = "jobzero::AccessAnalyzer::Coverage"
	ConfigCoverage         Type = "jobzero::Config::Coverage"
	GuardDutyCoverage      Type = "jobzero::GuardDuty::Coverage"
	InspectorCoverage      Type = "jobzero::Inspector::Coverage"
	MacieCoverage          Type = "jobzero::Macie::Coverage"
	SecurityHubCoverage    Type = "jobzero::SecurityHub::Coverage"
	BackupCoverage         Type = "jobzero::Backup::Coverage"
)

// What the organisation says of itself. Account of a reference is the one that was asked.
const (
	Organization Type = "jobzero::Organizations::Organization" // ID is the organisation's
	OrgAccount   Type = "jobzero::Organizations::Account"      // ID is the account
	LandingZone  Type = "jobzero::ControlTower::LandingZone"   // ID is the ARN
)

// What of an account is watched, and by whom.
const (
	Regions       Type = "jobzero::EC2::Regions"              // ID is the account
	InstanceScan  Type = "jobzero::Inspector::Instance"       // ID is the instance
	SnapshotShare Type = "jobzero::EC2::SnapshotShare"        // ID is the snapshot
	ImageShare    Type = "jobzero::EC2::ImageShare"           // ID is the image
	DBShare       Type = "jobzero::RDS::SnapshotShare"        // ID is the name of an instance's snapshot
	ClusterShare  Type = "jobzero::RDS::ClusterSnapshotShare" // ID is the name of a cluster's
	SSOAssignment Type = "AWS::SSO::Assignment"
	PermissionSet Type = "AWS::SSO::PermissionSet" // ID is that of the instance and of the set, with a bar between
	OrgPolicy     Type = "AWS::Organizations::Policy"
	OrgUnit       Type = "AWS::Organizations::OrganizationalUnit"
)

// What detectors of AWS have found, and where it stands.
const (
	DetectorFinding Type = "jobzero::GuardDuty::Finding"   // ID is that of the detector, a bar, and that of the finding
	HubFinding      Type = "jobzero::SecurityHub::Finding" // ID is that of the finding, a bar, and the ARN of its product
)

// What carries a policy of its own, by which others may be let in.
const (
	Queue              Type = "AWS::SQS::Queue"                     // ID is the URL
	QueuePolicy        Type = "AWS::SQS::QueueInlinePolicy"         // ID is the queue's
	Topic              Type = "AWS::SNS::Topic"                     // ID is the ARN
	TopicPolicy        Type = "AWS::SNS::TopicInlinePolicy"         // ID is the topic's
	Repository         Type = "AWS::ECR::Repository"                // ID is the name
	Secret             Type = "AWS::SecretsManager::Secret"         //nolint:gosec // the name of a type; ID is the ARN
	SecretPolicy       Type = "AWS::SecretsManager::ResourcePolicy" //nolint:gosec // the name of a type; ID is the secret's
	Function           Type = "AWS::Lambda::Function"               // ID is the name
	FunctionPermission Type = "AWS::Lambda::Permission"             // ID is the function's, a bar, and that of the statement
	FunctionURL        Type = "AWS::Lambda::Url"                    // ID is the function's ARN
	Document           Type = "AWS::SSM::Document"                  // ID is the name
)

// What users of IAM hold besides keys and passwords. ID is the user's name, a slash and the ID of the credential.
const (
	SSHKey             Type = "jobzero::IAM::SSHPublicKey"
	ServiceCredential  Type = "jobzero::IAM::ServiceSpecificCredential" //nolint:gosec // the name of a type
	SigningCertificate Type = "jobzero::IAM::SigningCertificate"
)

// GroupMembership is a user of Identity Center in a group. ID is that of the directory, of the group and of the user, with bars between: a
// membership that is made again is the same to us, and CloudFormation's type has another ID each time.
const GroupMembership Type = "jobzero::IdentityStore::GroupMembership"

// Seat is a user of Identity Center. ID is that of the directory, a bar, and that of the user.
const Seat Type = "jobzero::IdentityStore::User"

// Person is somebody who works here, or did. ID is his ID in the store; he is of no account.
const Person Type = "jobzero::People::Person"

// StackDrift is how far the resources of a CloudFormation stack are from its template. ID is the name of the stack.
const StackDrift Type = "jobzero::CloudFormation::Drift"

// AthenaDatabase is a database as Terraform makes it, by a query of Athena: no template has it, and nobody looks for it in the live account,
// where Glue keeps it without saying where the answer of the query went.
const AthenaDatabase Type = "jobzero::Athena::Database"

// Ref names one resource. It is comparable.
type Ref struct {
	Type    Type   `json:"type"`
	Account string `json:"account"`
	Region  string `json:"region,omitempty"` // empty for global types and where it is not known yet
	ID      string `json:"id"`               // CloudFormation's primary identifier
}

// Key is the resource's stable identity. Bucket names are unique in a partition and a bucket's region is often not known
// from the event, and IAM has no region: those types leave the region out.
func (r Ref) Key() string {
	region := r.Region
	if r.Type.Global() {
		region = ""
	}
	return strings.Join([]string{string(r.Type), r.Account, region, r.ID}, "|")
}

// String is the reference for a person.
func (r Ref) String() string { return string(r.Type) + " " + r.ID + " in " + r.Account }

// ParseKey reads what Key wrote.
func ParseKey(key string) (Ref, error) {
	p := strings.SplitN(key, "|", 4)
	if len(p) != 4 || p[0] == "" || p[3] == "" {
		return Ref{}, fault.New(fault.Invalid, "resource key %q: want type|account|region|id", key)
	}
	return Ref{Type: Type(p[0]), Account: p[1], Region: p[2], ID: p[3]}, nil
}

// accessPoint is the one S3 type that a region's name is part of.
const accessPoint Type = "AWS::S3::AccessPoint"

// Global reports whether the type's identity does not depend on a region.
func (t Type) Global() bool {
	for _, service := range []string{"AWS::S3::", "AWS::IAM::", "jobzero::IAM::", "AWS::CloudFront::", "AWS::Route53::", "AWS::Organizations::", "jobzero::Organizations::"} {
		if strings.HasPrefix(string(t), service) {
			return t != accessPoint
		}
	}
	return t == AccountPublicAccess || t == Regions
}

// Resource is one thing that exists, as it was at ReadAt.
type Resource struct {
	Ref
	ARN        string            `json:"arn,omitempty"`
	Tags       map[string]string `json:"tags,omitempty"`
	Properties map[string]any    `json:"properties"` // in the CloudFormation schema of Type
	// Related holds what CloudFormation keeps in other types, by relation name, in their schema. The readers say which.
	Related map[string]any `json:"related,omitempty"`
	Unknown []Unknown      `json:"unknown,omitempty"`
	ReadAt  time.Time      `json:"read_at"`
	// Gone is set when the API itself said that the resource does not exist; denied or throttled is Unknown instead.
	Gone bool `json:"gone,omitempty"`
}

// Unknown is a part that could not be read, and why. Path starts with "properties", "related" or "tags".
type Unknown struct {
	Path  string     `json:"path"`
	Cause string     `json:"cause"`
	Code  fault.Code `json:"code,omitempty"` // set when a read failed; empty when AWS answered and the answer says nothing
	// Present is set when there is a value for certain, and only which one is not known.
	Present bool `json:"present,omitempty"`
	// Filled is set when it is a text for certain, and not an empty one.
	Filled bool `json:"filled,omitempty"`
	// Seen is who gets to see the value, where that is known of a text.
	Seen Seen `json:"seen,omitempty"`
}

// NeverGivenBack is the cause of what AWS takes and shows to nobody again, such as a password: no read will ever tell.
const NeverGivenBack = "AWS never gives it back"

// NotRead is the cause of what no reader of the live account looks for.
const NotRead = "it is not read of the live account"

// Seen is who gets to see a value that is not known.
type Seen string

// Who gets to see it.
const (
	Sealed Seen = "sealed" // nobody who reads the text or its deployment: it comes from a store of secrets, or is typed in unseen
	Shown  Seen = "shown"  // everybody who may look at the deployment
	Named  Seen = "named"  // whoever it is, it is a name, number or address that AWS gives, and no secret
)
