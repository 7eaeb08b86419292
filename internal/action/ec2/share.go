package ec2

import (
	"context"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"jobzero/internal/action"
	"jobzero/internal/action/setting"
	"jobzero/internal/action/share"
	"jobzero/internal/awsorg"
	"jobzero/internal/effect"
	"jobzero/internal/fault"
	"jobzero/internal/resource"
)

const (
	snapshotMay = "ec2:ModifySnapshotAttribute"
	imageMay    = "ec2:ModifyImageAttribute"
)

// UnshareSnapshot takes away who else may make a volume of a snapshot.
func UnshareSnapshot() setting.Of[share.With] {
	return share.Stop(share.Kind{
		About: action.Info{
			ID: "ec2.unshare-snapshot", Title: "Stop sharing a snapshot with everybody",
			Why:     "A snapshot is a disk: whoever may make a volume of it reads all that was on it, and leaves no trace with us.",
			Risk:    "Whoever makes volumes of it can do so no more. Who has copied it already keeps his copy.",
			Targets: []resource.Type{resource.SnapshotShare}, Reads: []string{"ec2:DescribeSnapshotAttribute"}, Writes: []string{snapshotMay},
		},
		Look: lookSnapshot,
		Call: func(t effect.Target, operation string, of share.With) ([]effect.Call, error) {
			in := setting.In{"SnapshotId": t.Ref.ID, "Attribute": "createVolumePermission", "OperationType": operation}
			return setting.One(snapshotMay, owned(t, "snapshot"), of.Members(in, "GroupNames"))
		},
		Send: func(ctx context.Context, cfg aws.Config, call effect.Call) error {
			return setting.Send(ctx, call, ec2.NewFromConfig(cfg).ModifySnapshotAttribute)
		},
	})
}

// UnshareImage takes away who else may start machines of an image.
func UnshareImage() setting.Of[share.With] {
	return share.Stop(share.Kind{
		About: action.Info{
			ID: "ec2.unshare-image", Title: "Stop sharing a machine image with everybody",
			Why:     "An image is a disk with what was on the machine when it was made: host keys, configuration with passwords, the history of a shell.",
			Risk:    "Whoever starts machines of it can do so no more; machines that run go on. Shares with an organisation or a unit of it stay.",
			Targets: []resource.Type{resource.ImageShare}, Reads: []string{"ec2:DescribeImageAttribute"}, Writes: []string{imageMay},
		},
		Look: lookImage,
		Call: func(t effect.Target, operation string, of share.With) ([]effect.Call, error) {
			in := setting.In{"ImageId": t.Ref.ID, "Attribute": "launchPermission", "OperationType": operation}
			return setting.One(imageMay, owned(t, "image"), of.Members(in, "UserGroups"))
		},
		Send: func(ctx context.Context, cfg aws.Config, call effect.Call) error {
			return setting.Send(ctx, call, ec2.NewFromConfig(cfg).ModifyImageAttribute)
		},
	})
}

func lookSnapshot(ctx context.Context, cfg aws.Config, t effect.Target) (s share.With, err error) {
	out, err := ec2.NewFromConfig(setting.At(cfg, t.Ref)).DescribeSnapshotAttribute(ctx, &ec2.DescribeSnapshotAttributeInput{
		SnapshotId: &t.Ref.ID, Attribute: types.SnapshotAttributeNameCreateVolumePermission,
	})
	if named(err, "InvalidSnapshot.NotFound") {
		return s, setting.ErrGone
	}
	if err != nil {
		return s, awsorg.Fault(err, "read who may use snapshot %s", t.Ref.ID)
	}
	for _, p := range out.CreateVolumePermissions {
		if err := add(&s, p.Group, p.UserId); err != nil {
			return s, err
		}
	}
	slices.Sort(s.Accounts)
	return s, nil
}

func lookImage(ctx context.Context, cfg aws.Config, t effect.Target) (s share.With, err error) {
	out, err := ec2.NewFromConfig(setting.At(cfg, t.Ref)).DescribeImageAttribute(ctx, &ec2.DescribeImageAttributeInput{
		ImageId: &t.Ref.ID, Attribute: types.ImageAttributeNameLaunchPermission,
	})
	if named(err, "InvalidAMIID.NotFound") || named(err, "InvalidAMIID.Unavailable") {
		return s, setting.ErrGone
	}
	if err != nil {
		return s, awsorg.Fault(err, "read who may use image %s", t.Ref.ID)
	}
	for _, p := range out.LaunchPermissions {
		if err := add(&s, p.Group, p.UserId); err != nil {
			return s, err
		}
	}
	slices.Sort(s.Accounts)
	return s, nil
}

// add takes one share in. Shares with an organisation or a unit of it name neither a group nor an account, and stay.
func add(s *share.With, group types.PermissionGroup, account *string) error {
	switch {
	case group == types.PermissionGroupAll:
		s.Public = true
	case group != "":
		return fault.New(fault.Unavailable, "shared with a group that this version does not know: %q", group)
	case account != nil:
		s.Accounts = append(s.Accounts, *account)
	}
	return nil
}

// owned names a snapshot or an image, which has no account in its ARN (docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2.html).
func owned(t effect.Target, kind string) string {
	t.Ref.Account = ""
	return arn(t.Ref, kind+"/"+t.Ref.ID)
}
