package config

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/configservice"

	"jobzero/internal/inventory"
	"jobzero/internal/resource"
)

// Coverage reads jobzero::Config::Coverage: it is on where a recorder of the account's own records.
type Coverage struct{}

// Type is the type of ours.
func (Coverage) Type() resource.Type { return resource.ConfigCoverage }

// Needs lists what the reader calls.
func (Coverage) Needs() []string {
	return []string{"config:DescribeConfigurationRecorderStatus", "config:DescribeConfigurationRecorders"}
}

// Read asks for the recorders of the region and what they do. Those of services, which record for themselves alone, do not count.
func (Coverage) Read(ctx context.Context, cfg aws.Config, ref resource.Ref) (resource.Resource, error) {
	client := configservice.NewFromConfig(cfg)
	return inventory.Covered(ctx, ref, func(ctx context.Context) (map[string]any, error) {
		recorders, err := client.DescribeConfigurationRecorders(ctx, &configservice.DescribeConfigurationRecordersInput{})
		if err != nil {
			return nil, err
		}
		status, err := client.DescribeConfigurationRecorderStatus(ctx, &configservice.DescribeConfigurationRecorderStatusInput{})
		if err != nil {
			return nil, err
		}
		out := map[string]any{"Enabled": false, "AllSupported": false}
		for _, s := range status.ConfigurationRecordersStatus {
			for _, r := range recorders.ConfigurationRecorders {
				if !s.Recording || r.ServicePrincipal != nil || aws.ToString(r.Name) != aws.ToString(s.Name) {
					continue
				}
				out["Enabled"], out["LastStatus"] = true, string(s.LastStatus)
				if g := r.RecordingGroup; g != nil && g.AllSupported {
					out["AllSupported"] = true
				}
			}
		}
		return out, nil
	})
}

// List gives the one that there is.
func (Coverage) List(_ context.Context, _ aws.Config, account, region string) ([]resource.Ref, error) {
	return inventory.One(resource.ConfigCoverage, account, region), nil
}
