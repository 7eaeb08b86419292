package builtin_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	ec2types "github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"jobzero/internal/effect"
	"jobzero/internal/resource"
)

func sharedSnapshot(t *testing.T, owner aws.Config, account string) effect.Target {
	c := ec2.NewFromConfig(owner)
	disk := must[*ec2.CreateVolumeOutput](t)(c.CreateVolume(t.Context(), &ec2.CreateVolumeInput{AvailabilityZone: aws.String("us-east-1a"), Size: aws.Int32(10)}))
	id := must[*ec2.CreateSnapshotOutput](t)(c.CreateSnapshot(t.Context(), &ec2.CreateSnapshotInput{VolumeId: disk.VolumeId})).SnapshotId
	to := at(resource.SnapshotShare, account, *id, "accounts", "444455556666")
	shareSnapshot(t, owner, to, "444455556666", "222233334444")
	must[*ec2.ModifySnapshotAttributeOutput](t)(c.ModifySnapshotAttribute(t.Context(), &ec2.ModifySnapshotAttributeInput{
		SnapshotId: id, Attribute: ec2types.SnapshotAttributeNameCreateVolumePermission, OperationType: ec2types.OperationTypeAdd, GroupNames: []string{"all"},
	}))
	return to
}

func shareSnapshot(t *testing.T, owner aws.Config, to effect.Target, accounts ...string) {
	must[*ec2.ModifySnapshotAttributeOutput](t)(ec2.NewFromConfig(owner).ModifySnapshotAttribute(t.Context(), &ec2.ModifySnapshotAttributeInput{
		SnapshotId: &to.Ref.ID, Attribute: ec2types.SnapshotAttributeNameCreateVolumePermission, OperationType: ec2types.OperationTypeAdd, UserIds: accounts,
	}))
}

func snapshotShares(t *testing.T, owner aws.Config, to effect.Target) string {
	var out []string
	for _, p := range must[*ec2.DescribeSnapshotAttributeOutput](t)(ec2.NewFromConfig(owner).DescribeSnapshotAttribute(t.Context(), &ec2.DescribeSnapshotAttributeInput{
		SnapshotId: &to.Ref.ID, Attribute: ec2types.SnapshotAttributeNameCreateVolumePermission,
	})).CreateVolumePermissions {
		out = append(out, string(p.Group)+aws.ToString(p.UserId))
	}
	slices.Sort(out)
	return strings.Join(out, " ")
}

func otherSnapshotShare(t *testing.T, owner aws.Config, to effect.Target) {
	shareSnapshot(t, owner, to, "777788889999")
}

func sharedImage(t *testing.T, owner aws.Config, account string) effect.Target {
	id, _ := run(t, owner)
	image := must[*ec2.CreateImageOutput](t)(ec2.NewFromConfig(owner).CreateImage(t.Context(), &ec2.CreateImageInput{InstanceId: &id, Name: aws.String("golden")})).ImageId
	to := at(resource.ImageShare, account, *image)
	shareImage(t, owner, to, ec2types.LaunchPermission{Group: ec2types.PermissionGroupAll}, ec2types.LaunchPermission{UserId: aws.String("444455556666")})
	return to
}

func shareImage(t *testing.T, owner aws.Config, to effect.Target, with ...ec2types.LaunchPermission) {
	must[*ec2.ModifyImageAttributeOutput](t)(ec2.NewFromConfig(owner).ModifyImageAttribute(t.Context(), &ec2.ModifyImageAttributeInput{
		ImageId: &to.Ref.ID, LaunchPermission: &ec2types.LaunchPermissionModifications{Add: with},
	}))
}

func imageShares(t *testing.T, owner aws.Config, to effect.Target) string {
	var out []string
	for _, p := range must[*ec2.DescribeImageAttributeOutput](t)(ec2.NewFromConfig(owner).DescribeImageAttribute(t.Context(), &ec2.DescribeImageAttributeInput{
		ImageId: &to.Ref.ID, Attribute: ec2types.ImageAttributeNameLaunchPermission,
	})).LaunchPermissions {
		out = append(out, string(p.Group)+aws.ToString(p.UserId))
	}
	slices.Sort(out)
	return strings.Join(out, " ")
}

func otherImageShare(t *testing.T, owner aws.Config, to effect.Target) {
	shareImage(t, owner, to, ec2types.LaunchPermission{UserId: aws.String("777788889999")})
}
