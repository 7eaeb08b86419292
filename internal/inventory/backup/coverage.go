package backup

import (
	"context"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/backup"
	"github.com/aws/aws-sdk-go-v2/service/backup/types"

	"jobzero/internal/inventory"
	"jobzero/internal/resource"
)

// Coverage reads jobzero::Backup::Coverage. The ID is the account.
type Coverage struct{}

// Type is the type of ours.
func (Coverage) Type() resource.Type { return resource.BackupCoverage }

// Needs lists what the reader calls.
func (Coverage) Needs() []string {
	return []string{
		"backup:ListProtectedResources", "backup:ListRestoreJobs", "backup:ListRestoreTestingPlans", "backup:ListRestoreTestingSelections",
	}
}

// Read asks for what is protected and for the tests.
func (Coverage) Read(ctx context.Context, cfg aws.Config, ref resource.Ref) (resource.Resource, error) {
	client := backup.NewFromConfig(cfg)
	res := resource.Resource{Ref: ref, Properties: map[string]any{}, Related: map[string]any{}}
	inventory.Together(ctx, &res, []inventory.Part{
		{Path: "properties.ProtectedTypes", Read: func(ctx context.Context) (inventory.Found, error) { return protected(ctx, client) }},
		{Path: "properties.Tests", Read: func(ctx context.Context) (inventory.Found, error) { return tests(ctx, client) }},
	}, func(error) bool { return false })
	return res, nil
}

// List gives the one that there is.
func (Coverage) List(_ context.Context, _ aws.Config, account, region string) ([]resource.Ref, error) {
	return inventory.One(resource.BackupCoverage, account, region), nil
}

// protected gives the types of resources that have backups, in AWS Backup's words.
func protected(ctx context.Context, client *backup.Client) (inventory.Found, error) {
	var names []string
	pages := backup.NewListProtectedResourcesPaginator(client, &backup.ListProtectedResourcesInput{})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return inventory.Found{}, err
		}
		for _, r := range page.Results {
			if name := aws.ToString(r.ResourceType); name != "" && !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
	}
	slices.Sort(names)
	out := []any{}
	for _, name := range names {
		out = append(out, name)
	}
	return inventory.Found{Value: out}, nil
}

// tests gives each selection of each plan of restore tests: what it restores, when the plan last ran, and how it went.
func tests(ctx context.Context, client *backup.Client) (inventory.Found, error) {
	out := []any{}
	plans := backup.NewListRestoreTestingPlansPaginator(client, &backup.ListRestoreTestingPlansInput{})
	for plans.HasMorePages() {
		page, err := plans.NextPage(ctx)
		if err != nil {
			return inventory.Found{}, err
		}
		for _, p := range page.RestoreTestingPlans {
			list, err := selections(ctx, client, p)
			if err != nil {
				return inventory.Found{}, err
			}
			out = append(out, list...)
		}
	}
	return inventory.Found{Value: out}, nil
}

func selections(ctx context.Context, client *backup.Client, p types.RestoreTestingPlanForList) ([]any, error) {
	var out []any
	pages := backup.NewListRestoreTestingSelectionsPaginator(client, &backup.ListRestoreTestingSelectionsInput{RestoreTestingPlanName: p.RestoreTestingPlanName})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, err
		}
		for _, s := range page.RestoreTestingSelections {
			m := map[string]any{"Plan": aws.ToString(p.RestoreTestingPlanName), "Type": aws.ToString(s.ProtectedResourceType)}
			moment(m, "CreationTime", s.CreationTime)
			moment(m, "LastExecutionTime", p.LastExecutionTime)
			outcome, err := lastOutcome(ctx, client, p.RestoreTestingPlanArn, s.ProtectedResourceType)
			if err != nil {
				return nil, err
			}
			if outcome != "" {
				m["LastOutcome"] = outcome
			}
			out = append(out, m)
		}
	}
	return out, nil
}

// run is how far apart the jobs of one run of a plan may end.
const run = 24 * time.Hour

// lastOutcome is how the last run of a plan went for a type, empty when AWS keeps no job of it. A run has a job for each resource: one
// that failed, or whose check afterwards failed or never came, makes the run a failed one.
func lastOutcome(ctx context.Context, client *backup.Client, plan, typ *string) (string, error) {
	var newest, failed time.Time
	pages := backup.NewListRestoreJobsPaginator(client, &backup.ListRestoreJobsInput{ByRestoreTestingPlanArn: plan, ByResourceType: typ})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return "", err
		}
		for _, j := range page.RestoreJobs {
			if j.CompletionDate == nil { // under way
				continue
			}
			if j.CompletionDate.After(newest) {
				newest = *j.CompletionDate
			}
			if broken(j) && j.CompletionDate.After(failed) {
				failed = *j.CompletionDate
			}
		}
	}
	switch {
	case newest.IsZero():
		return "", nil
	case newest.Sub(failed) < run:
		return string(types.RestoreJobStatusFailed), nil
	}
	return string(types.RestoreJobStatusCompleted), nil
}

func broken(j types.RestoreJobsListMember) bool {
	return j.Status != types.RestoreJobStatusCompleted || j.ValidationStatus == types.RestoreValidationStatusFailed ||
		j.ValidationStatus == types.RestoreValidationStatusTimedOut
}

func moment(m map[string]any, name string, t *time.Time) {
	if t != nil {
		m[name] = t.UTC().Format(time.RFC3339)
	}
}
