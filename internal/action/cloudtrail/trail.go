package cloudtrail

import (
	"context"
	"errors"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail/types"

	"jobzero/internal/action/setting"
	"jobzero/internal/awsorg"
	"jobzero/internal/effect"
	"jobzero/internal/fault"
	"jobzero/internal/resource"
)

// trail is a trail, and whether what an action is about is on.
type trail struct {
	ARN  string
	Home string
	On   bool
}

// find reads a trail by the name or ARN that the target has.
func find(ctx context.Context, cfg aws.Config, ref resource.Ref) (*types.Trail, error) {
	out, err := cloudtrail.NewFromConfig(setting.At(cfg, ref)).GetTrail(ctx, &cloudtrail.GetTrailInput{Name: &ref.ID})
	if _, none := errors.AsType[*types.TrailNotFoundException](err); none {
		return nil, setting.Gone("the trail")
	}
	if err != nil {
		return nil, awsorg.Fault(err, "read trail %s", ref.ID)
	}
	if out.Trail == nil || aws.ToString(out.Trail.TrailARN) == "" {
		return nil, fault.New(fault.Unavailable, "read trail %s: the API answered without one", ref.ID)
	}
	return out.Trail, nil
}

// elsewhere says why a trail is not to be changed from here: only where it was made, in its home region, do calls that change it work
// (docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_UpdateTrail.html, InvalidHomeRegionException).
func elsewhere(t effect.Target, now trail) string {
	part := strings.Split(now.ARN, ":")
	switch {
	case len(part) < 6:
		return "the trail has no ARN that could be read: " + now.ARN
	case part[4] != t.Ref.Account:
		return "the trail is the organisation's, and belongs to account " + part[4] + ": change it there"
	case now.Home != "" && now.Home != t.Ref.Region:
		return "the trail belongs to region " + now.Home + ": change it there"
	}
	return ""
}
