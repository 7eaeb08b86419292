package ec2

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"jobzero/internal/fault"
	"jobzero/internal/inventory"
	"jobzero/internal/resource"
)

// VolumeAttachments tells to which machines an AWS::EC2::Volume is attached.
type VolumeAttachments struct{}

// Type is AWS::EC2::Volume.
func (VolumeAttachments) Type() resource.Type { return "AWS::EC2::Volume" }

// Relations are those that are told.
func (VolumeAttachments) Relations() []string { return []string{"attachments"} }

// Needs lists what is called.
func (VolumeAttachments) Needs() []string { return []string{"ec2:DescribeVolumes"} }

// Tell asks for them.
func (VolumeAttachments) Tell(ctx context.Context, cfg aws.Config, res *resource.Resource) {
	client := ec2.NewFromConfig(cfg)
	tell(ctx, res, map[string]ask{"attachments": func(ctx context.Context) (inventory.Found, error) {
		return found(attachmentsOf(ctx, client, res.ID))
	}})
}

// attachmentsOf gives them as AWS::EC2::VolumeAttachment. A volume that a service of AWS attached for itself has no machine of ours.
func attachmentsOf(ctx context.Context, client *ec2.Client, id string) (out []any, err error) {
	there := false
	pages := ec2.NewDescribeVolumesPaginator(client, &ec2.DescribeVolumesInput{VolumeIds: []string{id}})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, err
		}
		for _, v := range page.Volumes {
			there = there || aws.ToString(v.VolumeId) == id
			for _, a := range v.Attachments {
				if a.State == types.VolumeAttachmentStateDetached {
					continue
				}
				m := map[string]any{"VolumeId": id}
				set(m, "Device", a.Device)
				set(m, "InstanceId", a.InstanceId)
				if a.EbsCardIndex != nil {
					m["EbsCardIndex"] = int64(*a.EbsCardIndex)
				}
				out = append(out, m)
			}
		}
	}
	if !there {
		return nil, fault.New(fault.Unavailable, "the API answered without %s", id)
	}
	return out, nil
}
