package ec2

import (
	"context"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"jobzero/internal/action"
	"jobzero/internal/action/setting"
	"jobzero/internal/awsorg"
	"jobzero/internal/effect"
	"jobzero/internal/fault"
	"jobzero/internal/resource"
)

const (
	snapshotMay = "ec2:ModifySnapshotAttribute"
	imageMay    = "ec2:ModifyImageAttribute"
)

// sharing is who else may use a thing: everybody, and single accounts.
type sharing struct {
	Public   bool
	Accounts []string
}

// UnshareSnapshot takes away who else may make a volume of a snapshot.
func UnshareSnapshot() setting.Of[sharing] {
	return unshare(action.Info{
		ID: "ec2.unshare-snapshot", Title: "Stop sharing a snapshot with everybody",
		Why:     "A snapshot is a disk: whoever may make a volume of it reads all that was on it, and leaves no trace with us.",
		Risk:    "Whoever makes volumes of it can do so no more. Who has copied it already keeps his copy.",
		Targets: []resource.Type{resource.SnapshotShare}, Reads: []string{"ec2:DescribeSnapshotAttribute"}, Writes: []string{snapshotMay},
	}, lookSnapshot, func(t effect.Target, operation string, of sharing) ([]effect.Call, error) {
		in := setting.In{"SnapshotId": t.Ref.ID, "Attribute": "createVolumePermission", "OperationType": operation}
		free := t.Ref // snapshots and images have no account in their ARNs
		free.Account = ""
		return setting.One(snapshotMay, arn(free, "snapshot/"+t.Ref.ID), of.members(in, "GroupNames"))
	}, func(ctx context.Context, cfg aws.Config, call effect.Call) error {
		return setting.Send(ctx, call, ec2.NewFromConfig(cfg).ModifySnapshotAttribute)
	})
}

// UnshareImage takes away who else may start machines of an image.
func UnshareImage() setting.Of[sharing] {
	return unshare(action.Info{
		ID: "ec2.unshare-image", Title: "Stop sharing a machine image with everybody",
		Why:     "An image is a disk with what was on the machine when it was made: host keys, configuration with passwords, the history of a shell.",
		Risk:    "Whoever starts machines of it can do so no more; machines that run go on. Shares with an organisation or a unit of it stay.",
		Targets: []resource.Type{resource.ImageShare}, Reads: []string{"ec2:DescribeImageAttribute"}, Writes: []string{imageMay},
	}, lookImage, func(t effect.Target, operation string, of sharing) ([]effect.Call, error) {
		in := setting.In{"ImageId": t.Ref.ID, "Attribute": "launchPermission", "OperationType": operation}
		free := t.Ref
		free.Account = ""
		return setting.One(imageMay, arn(free, "image/"+t.Ref.ID), of.members(in, "UserGroups"))
	}, func(ctx context.Context, cfg aws.Config, call effect.Call) error {
		return setting.Send(ctx, call, ec2.NewFromConfig(cfg).ModifyImageAttribute)
	})
}

func (s sharing) members(in setting.In, groups string) setting.In {
	if s.Public {
		in[groups] = []string{"all"}
	}
	if len(s.Accounts) > 0 {
		in["UserIds"] = s.Accounts
	}
	return in
}

// unshare makes the action of one kind of thing; call adds or removes shares.
func unshare(about action.Info, look func(context.Context, aws.Config, effect.Target) (sharing, error),
	call func(effect.Target, string, sharing) ([]effect.Call, error), send func(context.Context, aws.Config, effect.Call) error,
) setting.Of[sharing] {
	about.Undo, about.UndoHelpsAttacker = effect.Exact, true
	about.Params = []action.Param{{Name: "accounts", Text: "accounts to stop sharing with too, such as 111122223333,444455556666, or all; without it only everybody"}}
	return setting.Of[sharing]{
		About: about, Find: setting.InRegion, Look: look, Goal: unshared, Send: send,
		Calls: func(t effect.Target, from, to sharing) ([]effect.Call, error) {
			if less := from.without(to); less.Public || len(less.Accounts) > 0 {
				return call(t, "remove", less)
			}
			if more := to.without(from); more.Public || len(more.Accounts) > 0 {
				return call(t, "add", more)
			}
			return nil, nil
		},
	}
}

// without is what of the shares another does not have.
func (s sharing) without(o sharing) sharing {
	return sharing{
		Public:   s.Public && !o.Public,
		Accounts: slices.DeleteFunc(slices.Clone(s.Accounts), func(a string) bool { return slices.Contains(o.Accounts, a) }),
	}
}

func unshared(t effect.Target, now sharing) (setting.Goal[sharing], error) {
	g := setting.Goal[sharing]{Met: "it is not shared with everybody", Missing: "it is shared with everybody"}
	if named := t.Params["accounts"]; named != "" {
		g.Met, g.Missing = "it is shared neither with everybody nor with "+named, "it is still shared with everybody or with "+named
		for _, a := range now.Accounts {
			if named != "all" && !slices.Contains(strings.Split(named, ","), a) {
				g.To.Accounts = append(g.To.Accounts, a)
			}
		}
	} else {
		g.To.Accounts = now.Accounts
	}
	var lines []string
	gone := now.without(g.To)
	if gone.Public {
		g.Loses, lines = append(g.Loses, "everybody with an AWS account"), append(lines, "- shared with: all")
	}
	for _, a := range gone.Accounts {
		g.Loses, lines = append(g.Loses, "account "+a), append(lines, "- shared with: "+a)
	}
	g.Diff = strings.Join(lines, "\n")
	return g, nil
}

func lookSnapshot(ctx context.Context, cfg aws.Config, t effect.Target) (s sharing, err error) {
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
		if err := s.add(p.Group, p.UserId); err != nil {
			return s, err
		}
	}
	slices.Sort(s.Accounts)
	return s, nil
}

func lookImage(ctx context.Context, cfg aws.Config, t effect.Target) (s sharing, err error) {
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
		if err := s.add(p.Group, p.UserId); err != nil {
			return s, err
		}
	}
	slices.Sort(s.Accounts)
	return s, nil
}

// add takes one share in. Shares with an organisation or a unit of it name neither a group nor an account, and stay.
func (s *sharing) add(group types.PermissionGroup, account *string) error {
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
