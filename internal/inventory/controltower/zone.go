package controltower

import (
	"context"
	"errors"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/controltower"
	"github.com/aws/aws-sdk-go-v2/service/controltower/types"
	"github.com/aws/aws-sdk-go-v2/service/organizations"
	orgtypes "github.com/aws/aws-sdk-go-v2/service/organizations/types"

	"jobzero/internal/awsorg"
	"jobzero/internal/fault"
	"jobzero/internal/inventory"
	"jobzero/internal/resource"
)

// Zones reads jobzero::ControlTower::LandingZone. The ID is its ARN.
type Zones struct{}

// Type is the type of ours.
func (Zones) Type() resource.Type { return resource.LandingZone }

// Needs lists what the reader calls.
func (Zones) Needs() []string {
	return []string{
		"controltower:GetLandingZone", "controltower:ListEnabledBaselines", "controltower:ListEnabledControls",
		"controltower:ListLandingZones", "organizations:DescribeOrganization",
	}
}

// Read reads the landing zone, and the baselines and controls that are not as they should be.
func (Zones) Read(ctx context.Context, cfg aws.Config, ref resource.Ref) (resource.Resource, error) {
	client := controltower.NewFromConfig(cfg)
	out, err := client.GetLandingZone(ctx, &controltower.GetLandingZoneInput{LandingZoneIdentifier: &ref.ID})
	if _, none := errors.AsType[*types.ResourceNotFoundException](err); none {
		return resource.Resource{Ref: ref, Gone: true}, nil
	}
	if err != nil {
		return resource.Resource{}, awsorg.Fault(err, "read %s", ref)
	}
	if out.LandingZone == nil {
		return resource.Resource{}, fault.New(fault.Unavailable, "read %s: the API answered without one", ref)
	}
	z := out.LandingZone
	res := resource.Resource{Ref: ref, ARN: ref.ID, Properties: map[string]any{}, Related: map[string]any{}}
	texts := map[string]string{"Version": aws.ToString(z.Version), "LatestAvailableVersion": aws.ToString(z.LatestAvailableVersion), "Status": string(z.Status)}
	if z.DriftStatus != nil {
		texts["DriftStatus"] = string(z.DriftStatus.Status)
	}
	for name, v := range texts {
		if v != "" { // whoever asks for what was not said gets unknown
			res.Properties[name] = v
		}
	}
	inventory.Together(ctx, &res, []inventory.Part{
		{Path: "properties.Baselines", Read: func(ctx context.Context) (inventory.Found, error) { return baselines(ctx, client) }},
		{Path: "properties.Controls", Read: func(ctx context.Context) (inventory.Found, error) { return controls(ctx, client) }},
	}, func(error) bool { return false })
	return res, nil
}

// List gives the landing zone, which only the management account has, in one region. Others are not asked: they would be refused.
func (Zones) List(ctx context.Context, cfg aws.Config, account, region string) ([]resource.Ref, error) {
	org, err := organizations.NewFromConfig(cfg).DescribeOrganization(ctx, &organizations.DescribeOrganizationInput{})
	if _, none := errors.AsType[*orgtypes.AWSOrganizationsNotInUseException](err); none {
		return nil, nil
	}
	if err != nil {
		return nil, awsorg.Fault(err, "ask for the organisation of %s", account)
	}
	if org.Organization == nil || aws.ToString(org.Organization.MasterAccountId) != account {
		return nil, nil
	}
	var out []resource.Ref
	pages := controltower.NewListLandingZonesPaginator(controltower.NewFromConfig(cfg), &controltower.ListLandingZonesInput{})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, awsorg.Fault(err, "list landing zones of %s in %s", account, region)
		}
		for _, z := range page.LandingZones {
			out = append(out, resource.Ref{Type: resource.LandingZone, Account: account, Region: region, ID: aws.ToString(z.Arn)})
		}
	}
	return out, nil
}

// baselines gives those of units that are not in force as they were laid down, with what is the matter.
func baselines(ctx context.Context, client *controltower.Client) (inventory.Found, error) {
	out := []any{}
	pages := controltower.NewListEnabledBaselinesPaginator(client, &controltower.ListEnabledBaselinesInput{})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return inventory.Found{}, err
		}
		for _, b := range page.EnabledBaselines {
			state := failed(b.StatusSummary)
			if d := b.DriftStatusSummary; d != nil && d.Types != nil && d.Types.Inheritance != nil && d.Types.Inheritance.Status == types.EnabledBaselineDriftStatusDrifted {
				state = drifted
			}
			out = appended(out, b.BaselineIdentifier, b.TargetIdentifier, state)
		}
	}
	return inventory.Found{Value: out}, nil
}

// controls gives those that are not in force as they were laid down. Drift is not looked for of all of them.
func controls(ctx context.Context, client *controltower.Client) (inventory.Found, error) {
	out := []any{}
	pages := controltower.NewListEnabledControlsPaginator(client, &controltower.ListEnabledControlsInput{})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return inventory.Found{}, err
		}
		for _, c := range page.EnabledControls {
			state := failed(c.StatusSummary)
			if d := c.DriftStatusSummary; d != nil && d.DriftStatus == types.DriftStatusDrifted {
				state = drifted
			}
			out = appended(out, c.ControlIdentifier, c.TargetIdentifier, state)
		}
	}
	return inventory.Found{Value: out}, nil
}

const drifted = "DRIFTED"

func failed(s *types.EnablementStatusSummary) string {
	if s != nil && s.Status == types.EnablementStatusFailed {
		return string(s.Status)
	}
	return ""
}

func appended(list []any, id, target *string, state string) []any {
	if state == "" {
		return list
	}
	return append(list, map[string]any{"Id": aws.ToString(id), "Target": aws.ToString(target), "State": state})
}
