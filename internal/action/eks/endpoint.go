package eks

import (
	"context"
	"errors"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/eks"
	"github.com/aws/smithy-go"

	"jobzero/internal/action"
	"jobzero/internal/action/setting"
	"jobzero/internal/awsorg"
	"jobzero/internal/effect"
	"jobzero/internal/fault"
	"jobzero/internal/resource"
)

const configMay = "eks:UpdateClusterConfig"

// endpoint is from where a cluster's API is reached.
type endpoint struct {
	Public, Private bool
	Ranges          []string // that reach the public one
}

// ClosePublicEndpoint lets only the network of a cluster reach its API.
func ClosePublicEndpoint() setting.Of[endpoint] {
	return setting.Of[endpoint]{
		About: action.Info{
			ID: "eks.close-public-endpoint", Title: "Take a cluster's API off the Internet",
			Why: "Whoever has a token, or finds a hole in the API, can use it from anywhere as long as it is public. Nodes and people reach it within the network.",
			Risk: "Whoever comes from outside the network is cut off: people without a tunnel, pipelines, and nodes that have no private way. " +
				"The cluster updates itself for some minutes and takes no other change meanwhile.",
			Undo: effect.Exact, UndoHelpsAttacker: true, Targets: []resource.Type{resource.KubeCluster},
			Reads: []string{"eks:DescribeCluster"}, Writes: []string{configMay},
		},
		Find: setting.InRegion, Look: lookEndpoint, Goal: within, Calls: endpointCalls,
		Send: func(ctx context.Context, cfg aws.Config, call effect.Call) error {
			return setting.Send(ctx, call, eks.NewFromConfig(cfg).UpdateClusterConfig)
		},
		// The ranges count only while the endpoint is public, and EKS may give others back when it is not.
		Same: func(a, b endpoint) bool {
			return a.Public == b.Public && a.Private == b.Private && (!a.Public || setting.Alike(a.Ranges, b.Ranges))
		},
	}
}

func lookEndpoint(ctx context.Context, cfg aws.Config, t effect.Target) (v endpoint, err error) {
	out, err := eks.NewFromConfig(setting.At(cfg, t.Ref)).DescribeCluster(ctx, &eks.DescribeClusterInput{Name: &t.Ref.ID})
	if api, ok := errors.AsType[smithy.APIError](err); ok && api.ErrorCode() == "ResourceNotFoundException" {
		return v, setting.ErrGone
	}
	if err != nil {
		return v, awsorg.Fault(err, "read cluster %s", t.Ref.ID)
	}
	if out.Cluster == nil || out.Cluster.ResourcesVpcConfig == nil {
		return v, fault.New(fault.Unavailable, "read cluster %s: the API answered without its network", t.Ref.ID)
	}
	c := out.Cluster.ResourcesVpcConfig
	return endpoint{c.EndpointPublicAccess, c.EndpointPrivateAccess, c.PublicAccessCidrs}, nil
}

func within(_ effect.Target, now endpoint) (setting.Goal[endpoint], error) {
	from := strings.Join(now.Ranges, ", ")
	g := setting.Goal[endpoint]{
		To: endpoint{false, true, now.Ranges}, Met: "only the cluster's network reaches its API", Missing: "the Internet reaches the cluster's API",
		Diff: "- EndpointPublicAccess: true, from " + from + "\n+ EndpointPublicAccess: false", Loses: []string{"whoever reaches the API from " + from + " outside the network"},
	}
	if !now.Private {
		g.Diff += "\n- EndpointPrivateAccess: false\n+ EndpointPrivateAccess: true"
	}
	if !now.Public {
		g.To = now
	}
	return g, nil
}

func endpointCalls(t effect.Target, from, to endpoint) ([]effect.Call, error) {
	if from.Public == to.Public && from.Private == to.Private {
		return nil, nil
	}
	network := setting.In{"EndpointPublicAccess": to.Public, "EndpointPrivateAccess": to.Private}
	if to.Public && len(to.Ranges) > 0 {
		network["PublicAccessCidrs"] = to.Ranges
	}
	return setting.One(configMay, setting.ARN(t.Ref, "eks", "cluster/"+t.Ref.ID), setting.In{"Name": t.Ref.ID, "ResourcesVpcConfig": network})
}
