// Package builtin is the one list of all readers and tellers.
//
// It is: what the product can read live, in order.
// It takes: nothing.
// It gives: the readers for inventory.New, and the tellers for the catalogue that it makes.
// Next door: app builds the catalogue from it.
package builtin

import (
	"slices"

	"jobzero/internal/inventory"
	"jobzero/internal/inventory/accessanalyzer"
	"jobzero/internal/inventory/backup"
	"jobzero/internal/inventory/cloudcontrol"
	"jobzero/internal/inventory/cloudformation"
	"jobzero/internal/inventory/cloudtrail"
	"jobzero/internal/inventory/config"
	"jobzero/internal/inventory/controltower"
	"jobzero/internal/inventory/ec2"
	"jobzero/internal/inventory/guardduty"
	"jobzero/internal/inventory/iam"
	"jobzero/internal/inventory/inspector"
	"jobzero/internal/inventory/kms"
	"jobzero/internal/inventory/macie"
	"jobzero/internal/inventory/organizations"
	"jobzero/internal/inventory/rds"
	"jobzero/internal/inventory/s3"
	"jobzero/internal/inventory/securityhub"
	"jobzero/internal/inventory/sso"
	"jobzero/internal/resource"
)

// Native gives the readers that know one service each.
func Native() []inventory.Reader {
	return []inventory.Reader{
		s3.Buckets{},
		s3.AccountBlocks{},
		ec2.SecurityGroups{},
		iam.AccessKeys{},
		iam.Accounts{},
		iam.InstanceProfiles{},
		iam.ManagedPolicies{},
		iam.OIDCProviders{},
		iam.Roles{},
		iam.SAMLProviders{},
		iam.Users{},
		cloudtrail.Trails{},
		kms.Keys{},
		accessanalyzer.Coverage{},
		config.Coverage{},
		guardduty.Coverage{},
		inspector.Coverage{},
		macie.Coverage{},
		securityhub.Coverage{},
		cloudformation.Drifts{},
		organizations.Accounts{},
		organizations.Organizations{},
		ec2.Regions{},
		ec2.Scans{},
		ec2.Snapshots{},
		ec2.Images{},
		rds.Snapshots{},
		rds.ClusterSnapshots{},
		sso.Assignments{},
		backup.Coverage{},
		controltower.Zones{},
	}
}

// Readers gives every reader there is: the native ones, and Cloud Control's for the types that have none.
func Readers() []inventory.Reader {
	out := Native()
	for _, r := range cloudcontrol.Readers() {
		if !slices.ContainsFunc(out, func(n inventory.Reader) bool { return n.Type() == r.Type() }) {
			out = append(out, r)
		}
	}
	return out
}

// Tellers gives those that fill in relations of what the readers read.
func Tellers() []inventory.Teller {
	return []inventory.Teller{
		ec2.MachinePaths{},
		ec2.SubnetPaths{},
		ec2.VPCGateways{},
		ec2.VolumeAttachments{},
	}
}

// NativeTypes gives the types of the native readers, sorted.
func NativeTypes() []resource.Type {
	var out []resource.Type
	for _, r := range Native() {
		out = append(out, r.Type())
	}
	slices.Sort(out)
	return out
}
