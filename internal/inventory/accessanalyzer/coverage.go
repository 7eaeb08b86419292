package accessanalyzer

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/accessanalyzer"
	"github.com/aws/aws-sdk-go-v2/service/accessanalyzer/types"

	"jobzero/internal/inventory"
	"jobzero/internal/resource"
)

// Coverage reads jobzero::AccessAnalyzer::Coverage: it is on where an analyzer of access from outside is active, the account's or the
// organisation's as this account shows it.
type Coverage struct{}

// Type is the type of ours.
func (Coverage) Type() resource.Type { return resource.AccessAnalyzerCoverage }

// Needs lists what the reader calls.
func (Coverage) Needs() []string { return []string{"access-analyzer:ListAnalyzers"} }

// Read asks for the analyzers of the region. Those of unused or internal access do not look for access from outside.
func (Coverage) Read(ctx context.Context, cfg aws.Config, ref resource.Ref) (resource.Resource, error) {
	client := accessanalyzer.NewFromConfig(cfg)
	return inventory.Covered(ctx, ref, func(ctx context.Context) (map[string]any, error) {
		on := false
		pages := accessanalyzer.NewListAnalyzersPaginator(client, &accessanalyzer.ListAnalyzersInput{})
		for pages.HasMorePages() {
			page, err := pages.NextPage(ctx)
			if err != nil {
				return nil, err
			}
			for _, a := range page.Analyzers {
				outside := a.Type == types.TypeAccount || a.Type == types.TypeOrganization
				on = on || (outside && a.Status == types.AnalyzerStatusActive)
			}
		}
		return map[string]any{"Enabled": on}, nil
	})
}

// List gives the one that there is.
func (Coverage) List(_ context.Context, _ aws.Config, account, region string) ([]resource.Ref, error) {
	return inventory.One(resource.AccessAnalyzerCoverage, account, region), nil
}
