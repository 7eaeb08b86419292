package ec2

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"jobzero/internal/action"
	"jobzero/internal/action/setting"
	"jobzero/internal/effect"
	"jobzero/internal/fault"
	"jobzero/internal/resource"
)

const metadataMay = "ec2:ModifyInstanceMetadataOptions"

// metadata is how an instance tells of itself, and gives out its role's credentials.
type metadata struct {
	Tokens, Endpoint, IPv6, Tags string
	Hops                         int32
}

// RequireIMDSv2 makes an instance's metadata service ask for a token.
func RequireIMDSv2() setting.Of[metadata] {
	return setting.Of[metadata]{
		About: action.Info{
			ID: "ec2.require-imdsv2", Title: "Require tokens of an instance's metadata service",
			Why: "Without a token, whoever makes a server fetch an address of his choice gets the credentials of its role. With one it takes a PUT " +
				"and a header, which such a server does not send.",
			Risk: "Software that asks without a token gets no credentials any more: the CloudWatch metric MetadataNoToken of the instance counts it. An instance that is launched anew takes what its launch template says.",
			Undo: effect.Exact, UndoHelpsAttacker: true, Targets: []resource.Type{resource.Instance},
			Reads: []string{"ec2:DescribeInstances"}, Writes: []string{metadataMay},
		},
		Find: setting.InRegion, Guard: operated, Look: lookMetadata, Goal: withTokens, Calls: metadataCalls,
		Send: func(ctx context.Context, cfg aws.Config, call effect.Call) error {
			return setting.Send(ctx, call, ec2.NewFromConfig(cfg).ModifyInstanceMetadataOptions)
		},
	}
}

func lookMetadata(ctx context.Context, cfg aws.Config, t effect.Target) (metadata, error) {
	i, err := instance(ctx, cfg, t)
	if err != nil {
		return metadata{}, err
	}
	o := i.MetadataOptions
	if o == nil || o.HttpTokens == "" {
		return metadata{}, fault.New(fault.Unavailable, "read the metadata options of %s: the API answered without them", t.Ref.ID)
	}
	return metadata{string(o.HttpTokens), string(o.HttpEndpoint), string(o.HttpProtocolIpv6), string(o.InstanceMetadataTags), aws.ToInt32(o.HttpPutResponseHopLimit)}, nil
}

func withTokens(_ effect.Target, now metadata) (setting.Goal[metadata], error) {
	g := setting.Goal[metadata]{
		To: now, Met: "metadata needs a token", Missing: "metadata is given without a token", Loses: []string{"software on the instance that asks for metadata without a token"},
		Diff: "- HttpTokens: " + now.Tokens + "\n+ HttpTokens: " + string(types.HttpTokensStateRequired),
	}
	g.To.Tokens = string(types.HttpTokensStateRequired)
	if now.Endpoint == string(types.InstanceMetadataEndpointStateDisabled) {
		g.To, g.Met = now, "the metadata service is off"
	}
	return g, nil
}

// metadataCalls names all options, so that none is left to what the API takes an absent one for.
func metadataCalls(t effect.Target, from, to metadata) ([]effect.Call, error) {
	if from == to {
		return nil, nil
	}
	in := setting.In{"InstanceId": t.Ref.ID, "HttpTokens": to.Tokens}
	for member, value := range map[string]string{"HttpEndpoint": to.Endpoint, "HttpProtocolIpv6": to.IPv6, "InstanceMetadataTags": to.Tags} {
		if value != "" {
			in[member] = value
		}
	}
	if to.Hops > 0 {
		in["HttpPutResponseHopLimit"] = to.Hops
	}
	return setting.One(metadataMay, arn(t.Ref, "instance/"+t.Ref.ID), in)
}
