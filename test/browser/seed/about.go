package seed

import (
	"encoding/json"
	"slices"

	"jobzero/internal/effect"
	"jobzero/internal/finding"
	"jobzero/internal/playbook/book"
	"jobzero/internal/resource"
)

// about is what a ticket is about: a kind of resource, how it is wrong, why that was seen, and what puts it right.
type about struct {
	kind             resource.Type
	name, title, why string
	by               string // the expectation
	book             string // the playbook
	action, call     string
	diff             string
	loses            []string
}

func subjects() []about {
	return []about{
		{
			resource.Bucket, "orders-export", "Bucket can be read by everybody", "a statement of its policy grants everybody s3:GetObject",
			"s3-bucket-public-only-as-declared", "close-public-bucket", "s3.block-public-access", "s3:PutBucketPublicAccessBlock",
			"- BlockPublicAcls: false\n- BlockPublicPolicy: false\n+ BlockPublicAcls: true\n+ BlockPublicPolicy: true\n",
			[]string{"everybody"},
		},
		{
			"AWS::EC2::SecurityGroup", "sg-0f3a91c2", "Port 22 is open to the world", "0.0.0.0/0 may reach port 22 over tcp",
			"ec2-no-open-admin-ingress", "close-open-admin-port", "ec2.revoke-open-ingress", "ec2:RevokeSecurityGroupIngress",
			"- tcp 22 from 0.0.0.0/0\n",
			[]string{"whoever comes from 0.0.0.0/0"},
		},
		{
			"AWS::IAM::AccessKey", "AKIAEXAMPLE", "Access key is older than 90 days", "it was made 214 days ago and was used yesterday",
			"iam-access-key-age", "deactivate-leaked-key", "iam.deactivate-access-key", "iam:UpdateAccessKey",
			"- Status: Active\n+ Status: Inactive\n",
			[]string{"whatever signs with this key"},
		},
		{
			"AWS::EC2::Snapshot", "snap-01b7", "Snapshot is shared with everybody", "createVolumePermission names the group all",
			"snapshots-not-public", "unshare-public-snapshot", "ec2.unshare-snapshot", "ec2:ModifySnapshotAttribute",
			"- createVolumePermission: all\n",
			[]string{"every AWS account"},
		},
		{
			"AWS::RDS::DBInstance", "ledger", "Database can be reached from outside", "publiclyAccessible is true, and its group lets port 5432 in",
			"rds-instance-not-public", "make-database-private", "rds.make-private", "rds:ModifyDBInstance",
			"- PubliclyAccessible: true\n+ PubliclyAccessible: false\n",
			[]string{"clients outside of its VPC"},
		},
		{
			"AWS::KMS::Key", "8f2b6c1e", "Key does not rotate", "rotation is off",
			"kms-key-rotates", "rotate-key", "kms.enable-rotation", "kms:EnableKeyRotation",
			"- KeyRotationEnabled: false\n+ KeyRotationEnabled: true\n", nil,
		},
	}
}

// Playbooks are those that runs are made up of.
func Playbooks() (out []string) {
	for _, s := range subjects() {
		out = append(out, s.book)
	}
	return out
}

// aboutOf is what the finding is about. Of what somebody did, it is their key.
func aboutOf(f finding.Finding) about {
	ref, all := refOf(f), subjects()
	return all[slices.IndexFunc(all, func(a about) bool { return a.kind == ref.Type })]
}

// plan is what would put it right.
func (a about) plan(f finding.Finding) effect.Plan {
	return effect.Plan{
		Action: a.action, Target: effect.Target{Ref: *refOf(f)}, Undo: effect.Exact, Diff: a.diff, Loses: a.loses,
		Calls: []effect.Call{{Permission: a.call, Resource: refOf(f).ID, Input: json.RawMessage(`{}`)}},
	}
}

// definition is the playbook of it.
func (a about) definition(all []book.Definition) book.Definition {
	return all[slices.IndexFunc(all, func(d book.Definition) bool { return d.ID == a.book })]
}
