package builtin_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"jobzero/internal/fault"
	"jobzero/internal/resource"
)

// TestBackupCoverage: what is protected, and each test with how its last run went.
func TestBackupCoverage(t *testing.T) {
	ref := resource.Ref{Type: resource.BackupCoverage, Account: "111122223333", Region: "eu-central-1", ID: "111122223333"}
	const plan = "arn:aws:backup:eu-central-1:111122223333:restore-testing-plan:monthly"
	job := func(at int64, status, check string) string {
		return fmt.Sprintf(`{"RestoreJobId":"j%d","CompletionDate":%d,"Status":%q,"ValidationStatus":%q,"ResourceType":"RDS","CreatedBy":{"RestoreTestingPlanArn":%q}}`, at, at, status, check, plan)
	}
	for name, c := range map[string]struct {
		jobs string
		want any
	}{
		"completed":               {job(1767322800, "COMPLETED", ""), "COMPLETED"},
		"one of the run failed":   {job(1767322800, "COMPLETED", "") + "," + job(1767319200, "FAILED", ""), "FAILED"},
		"the run before failed":   {job(1767322800, "COMPLETED", "SUCCESSFUL") + "," + job(1764644400, "FAILED", ""), "COMPLETED"},
		"restored, and then bad":  {job(1767322800, "COMPLETED", "FAILED"), "FAILED"},
		"nobody came to check it": {job(1767322800, "COMPLETED", "TIMED_OUT"), "FAILED"},
		"under way":               {`{"RestoreJobId":"j","Status":"RUNNING"}`, nil},
		"none is kept":            {"", nil},
	} {
		t.Run(name, func(t *testing.T) {
			got := must[resource.Resource](t)(of(t, ref.Type).Read(t.Context(), answers(t, map[string]string{
				"/resources":             `{"Results":[{"ResourceArn":"a","ResourceType":"S3"},{"ResourceArn":"b","ResourceType":"RDS"},{"ResourceArn":"c","ResourceType":"S3"}]}`,
				"/restore-testing/plans": `{"RestoreTestingPlans":[{"RestoreTestingPlanName":"monthly","RestoreTestingPlanArn":"` + plan + `","LastExecutionTime":1767322800}]}`,
				"/restore-testing/plans/monthly/selections": `{"RestoreTestingSelections":[{"RestoreTestingPlanName":"monthly","RestoreTestingSelectionName":"db","ProtectedResourceType":"RDS","CreationTime":1764644400}]}`,
				"/restore-jobs": `{"RestoreJobs":[` + c.jobs + `]}`,
			}), ref))
			test := object{"Plan": "monthly", "Type": "RDS", "CreationTime": "2025-12-02T03:00:00Z", "LastExecutionTime": "2026-01-02T03:00:00Z"}
			if c.want != nil {
				test["LastOutcome"] = c.want
			}
			if d := cmp.Diff(object{"ProtectedTypes": []any{"RDS", "S3"}, "Tests": []any{test}}, got.Properties); d != "" || len(got.Unknown) != 0 {
				t.Errorf("%v%s", got.Unknown, d)
			}
		})
	}
	got := must[resource.Resource](t)(of(t, ref.Type).Read(t.Context(), answers(t, map[string]string{"/resources": `{"Results":[]}`}), ref))
	if len(got.Unknown) != 1 || got.Unknown[0].Path != "properties.Tests" || got.Unknown[0].Code != fault.Denied {
		t.Errorf("tests denied: %+v", got)
	}
}

// TestLandingZone: in the management account alone, with what is not as it was laid down.
func TestLandingZone(t *testing.T) {
	const arn = "arn:aws:controltower:eu-central-1:111122223333:landingzone/1A2B3C4D5E6F7G8H"
	by := map[string]string{
		"DescribeOrganization": `{"Organization":{"Id":"o-exampleorg1","MasterAccountId":"111122223333","FeatureSet":"ALL"}}`,
		"/list-landingzones":   `{"landingZones":[{"arn":"` + arn + `"}]}`,
		"/get-landingzone":     `{"landingZone":{"arn":"` + arn + `","version":"3.2","latestAvailableVersion":"3.3","status":"ACTIVE","driftStatus":{"status":"IN_SYNC"},"manifest":{}}}`,
		"/list-enabled-baselines": `{"enabledBaselines":[{"arn":"a","baselineIdentifier":"b1","targetIdentifier":"ou-1","statusSummary":{"status":"SUCCEEDED"},"driftStatusSummary":{"types":{"inheritance":{"status":"DRIFTED"}}}},` +
			`{"arn":"b","baselineIdentifier":"b1","targetIdentifier":"ou-2","statusSummary":{"status":"SUCCEEDED"}},{"arn":"c","baselineIdentifier":"b1","targetIdentifier":"ou-3","statusSummary":{"status":"FAILED"}}]}`,
	}
	cfg, reader := answers(t, by), of(t, resource.LandingZone)
	for account, want := range map[string]int{"111122223333": 1, "444455556666": 0} {
		if refs := must[[]resource.Ref](t)(reader.List(t.Context(), cfg, account, "eu-central-1")); len(refs) != want {
			t.Errorf("in %s: %v", account, refs)
		}
	}
	got := must[resource.Resource](t)(reader.Read(t.Context(), cfg, resource.Ref{Type: resource.LandingZone, Account: "111122223333", Region: "eu-central-1", ID: arn}))
	want := object{"Version": "3.2", "LatestAvailableVersion": "3.3", "Status": "ACTIVE", "DriftStatus": "IN_SYNC", "Baselines": []any{
		object{"Id": "b1", "Target": "ou-1", "State": "DRIFTED"}, object{"Id": "b1", "Target": "ou-3", "State": "FAILED"},
	}}
	if d := cmp.Diff(want, got.Properties); d != "" {
		t.Error(d)
	}
	if len(got.Unknown) != 1 || got.Unknown[0].Path != "properties.Controls" || got.Unknown[0].Code != fault.Denied {
		t.Errorf("controls were denied: %v", got.Unknown)
	}
}
