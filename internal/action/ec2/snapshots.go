package ec2

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"jobzero/internal/action"
	"jobzero/internal/action/setting"
	"jobzero/internal/awsorg"
	"jobzero/internal/effect"
	"jobzero/internal/resource"
)

const (
	snapshotsMay = "ec2:CreateSnapshots"
	tagsMay      = "ec2:CreateTags"
	evidenceTag  = "jobzero:evidence"
	// What a gigabyte of a snapshot costs a month in us-east-1 (aws.amazon.com/ebs/pricing, standard tier).
	snapshotUSD = 0.05
)

// evidence is the disks of an instance, and those of which there is a copy already.
type evidence struct {
	Volumes []disk
	Taken   []string // IDs of the volumes
}

type disk struct {
	ID string
	GB int32
}

// SnapshotVolumes copies all disks of an instance at one moment, as evidence.
func SnapshotVolumes() setting.Of[evidence] {
	return setting.Of[evidence]{
		About: action.Info{
			ID: "ec2.snapshot-volumes", Title: "Copy an instance's disks as evidence",
			Why:  "What happened on a machine is on its disks, until somebody wipes them or ends it. All disks are copied at the same moment, while it runs.",
			Risk: "The copies are billed until somebody deletes them, and hold whatever the disks hold. Disks of the host (instance store) are not copied, and neither is memory.",
			Undo: effect.None, Targets: []resource.Type{resource.Instance},
			Reads:  []string{"ec2:DescribeInstances", "ec2:DescribeVolumes", "ec2:DescribeSnapshots"},
			Writes: []string{snapshotsMay, tagsMay},
			Within: map[string]string{tagsMay: "snapshot/*"},
			Params: []action.Param{{Name: "ticket", Text: "the tag " + evidenceTag + " of the copies; without it the instance's ID, so that an instance is copied once"}},
		},
		Find: setting.InRegion, Look: lookEvidence, Goal: copied, Calls: evidenceCalls,
		Send: func(ctx context.Context, cfg aws.Config, call effect.Call) error {
			return setting.Send(ctx, call, ec2.NewFromConfig(cfg).CreateSnapshots)
		},
		Cost: func(_ context.Context, _ aws.Config, _ effect.Target, now evidence) (*effect.Cost, error) {
			gb := now.size()
			return &effect.Cost{USD: snapshotUSD * float64(gb), Per: "month", Why: fmt.Sprintf("%d GB at USD %.2f, if every block was written; blocks that were not are not billed", gb, snapshotUSD)}, nil
		},
	}
}

func (e evidence) size() (gb int32) {
	for _, d := range e.Volumes {
		gb += d.GB
	}
	return gb
}

func ticketOf(t effect.Target) string { return cmp.Or(t.Params["ticket"], t.Ref.ID) }

func lookEvidence(ctx context.Context, cfg aws.Config, t effect.Target) (v evidence, err error) {
	if _, err = instance(ctx, cfg, t); err != nil {
		return v, err
	}
	c := group{client: ec2.NewFromConfig(setting.At(cfg, t.Ref)), id: t.Ref.ID}
	volumes := ec2.NewDescribeVolumesPaginator(c.client, &ec2.DescribeVolumesInput{Filters: c.filter("attachment.instance-id")})
	for volumes.HasMorePages() {
		page, err := volumes.NextPage(ctx)
		if err != nil {
			return v, awsorg.Fault(err, "read the disks of %s", t.Ref.ID)
		}
		for _, d := range page.Volumes {
			v.Volumes = append(v.Volumes, disk{aws.ToString(d.VolumeId), aws.ToInt32(d.Size)})
		}
	}
	slices.SortFunc(v.Volumes, func(a, b disk) int { return strings.Compare(a.ID, b.ID) })
	taken := ec2.NewDescribeSnapshotsPaginator(c.client, &ec2.DescribeSnapshotsInput{
		OwnerIds: []string{"self"}, Filters: []types.Filter{{Name: aws.String("tag:" + evidenceTag), Values: []string{ticketOf(t)}}},
	})
	for taken.HasMorePages() {
		page, err := taken.NextPage(ctx)
		if err != nil {
			return v, awsorg.Fault(err, "read the copies of the disks of %s", t.Ref.ID)
		}
		for _, s := range page.Snapshots {
			if id := aws.ToString(s.VolumeId); s.State != types.SnapshotStateError && !slices.Contains(v.Taken, id) {
				v.Taken = append(v.Taken, id)
			}
		}
	}
	slices.Sort(v.Taken)
	return v, nil
}

func copied(t effect.Target, now evidence) (setting.Goal[evidence], error) {
	g := setting.Goal[evidence]{To: evidence{Volumes: now.Volumes}, Met: "every disk is copied for " + ticketOf(t), Missing: "not every disk is copied for " + ticketOf(t)}
	var lines []string
	for _, d := range now.Volumes {
		g.To.Taken = append(g.To.Taken, d.ID)
		lines = append(lines, fmt.Sprintf("+ snapshot of %s, %d GB, %s=%s", d.ID, d.GB, evidenceTag, ticketOf(t)))
	}
	if len(now.Volumes) == 0 {
		g.To, g.Met = now, "the instance has no disks of EBS"
	}
	g.Diff = strings.Join(lines, "\n")
	return g, nil
}

// evidenceCalls copies all disks in one call, which takes them at one moment, when one of them is missing. Nothing leads back.
func evidenceCalls(t effect.Target, from, to evidence) ([]effect.Call, error) {
	if !slices.ContainsFunc(to.Taken, func(id string) bool { return !slices.Contains(from.Taken, id) }) {
		return nil, nil
	}
	calls, err := setting.One(snapshotsMay, arn(t.Ref, "instance/"+t.Ref.ID), setting.In{
		"InstanceSpecification": setting.In{"InstanceId": t.Ref.ID}, "Description": "Evidence of " + ticketOf(t),
		"TagSpecifications": []setting.In{{"ResourceType": "snapshot", "Tags": []setting.In{{"Key": evidenceTag, "Value": ticketOf(t)}}}},
	})
	if err != nil {
		return nil, err
	}
	// Snapshots have no account in their ARNs (docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2.html).
	free := t.Ref
	free.Account = ""
	snapshots := arn(free, "snapshot/*")
	for _, d := range to.Volumes {
		calls[0].Also = append(calls[0].Also, effect.Need{Permission: snapshotsMay, Resource: arn(t.Ref, "volume/"+d.ID)})
	}
	calls[0].Also = append(calls[0].Also, effect.Need{Permission: snapshotsMay, Resource: snapshots}, effect.Need{Permission: tagsMay, Resource: snapshots})
	return calls, nil
}
