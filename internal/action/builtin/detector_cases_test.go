package builtin_test

import (
	"fmt"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail"
	"github.com/aws/aws-sdk-go-v2/service/configservice"
	configtypes "github.com/aws/aws-sdk-go-v2/service/configservice/types"
	"github.com/aws/aws-sdk-go-v2/service/guardduty"
	gdtypes "github.com/aws/aws-sdk-go-v2/service/guardduty/types"
	"github.com/aws/aws-sdk-go-v2/service/inspector2"
	inspectortypes "github.com/aws/aws-sdk-go-v2/service/inspector2/types"
	"github.com/aws/aws-sdk-go-v2/service/macie2"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/securityhub"
	hubtypes "github.com/aws/aws-sdk-go-v2/service/securityhub/types"

	"jobzero/internal/action/actiontest"
	"jobzero/internal/effect"
	"jobzero/internal/resource"
)

// detectorCases are those of what records and detects.
func detectorCases() map[string]actiontest.Case {
	return map[string]actiontest.Case{
		"cloudtrail.start-logging":        {Make: stoppedTrail, State: logging},
		"cloudtrail.validate-logs":        {Make: stoppedTrail, State: digests},
		"guardduty.enable":                {Make: covered(resource.GuardDutyCoverage), State: detecting, Disturb: suspendedDetector},
		"guardduty.archive-finding":       {Make: detectorFinding, State: findingArchived, Beside: against(guardFindings)},
		"macie.enable":                    {Make: withoutMacie, State: macieOn, Disturb: pausedMacie},
		"inspector.enable":                {Make: scansNothing, State: scanning, Disturb: scansImages},
		"config.start-recorder":           {Make: stoppedRecorder, State: recording, Disturb: anotherRecorder},
		"securityhub.enable":              {Make: covered(resource.SecurityHubCoverage), State: hubOn},
		"securityhub.set-workflow-status": {Make: hubFinding, State: workflowOf, Disturb: suppressed, Beside: against(hubFindings)},
	}
}

// covered is an account and region that nobody has turned anything on in.
func covered(kind resource.Type) func(*testing.T, aws.Config, string) effect.Target {
	return func(_ *testing.T, _ aws.Config, account string) effect.Target {
		return effect.Target{Ref: resource.Ref{Type: kind, Account: account, Region: "us-east-1", ID: account}}
	}
}

func stoppedTrail(t *testing.T, owner aws.Config, account string) effect.Target {
	bucket := "trails-" + account
	must[*s3.CreateBucketOutput](t)(s3.NewFromConfig(owner).CreateBucket(t.Context(), &s3.CreateBucketInput{Bucket: &bucket}))
	must[*cloudtrail.CreateTrailOutput](t)(cloudtrail.NewFromConfig(owner).CreateTrail(t.Context(), &cloudtrail.CreateTrailInput{Name: aws.String("main"), S3BucketName: &bucket}))
	return effect.Target{Ref: resource.Ref{Type: resource.Trail, Account: account, Region: "us-east-1", ID: "main"}}
}

func logging(t *testing.T, owner aws.Config, to effect.Target) string {
	return fmt.Sprint(*must[*cloudtrail.GetTrailStatusOutput](t)(cloudtrail.NewFromConfig(owner).GetTrailStatus(t.Context(), &cloudtrail.GetTrailStatusInput{Name: &to.Ref.ID})).IsLogging)
}

func digests(t *testing.T, owner aws.Config, to effect.Target) string {
	return fmt.Sprint(*must[*cloudtrail.GetTrailOutput](t)(cloudtrail.NewFromConfig(owner).GetTrail(t.Context(), &cloudtrail.GetTrailInput{Name: &to.Ref.ID})).Trail.LogFileValidationEnabled)
}

// detecting is whether something is found out, by a detector that is there or not.
func detecting(t *testing.T, owner aws.Config, _ effect.Target) string {
	c := guardduty.NewFromConfig(owner)
	for _, id := range must[*guardduty.ListDetectorsOutput](t)(c.ListDetectors(t.Context(), nil)).DetectorIds {
		if must[*guardduty.GetDetectorOutput](t)(c.GetDetector(t.Context(), &guardduty.GetDetectorInput{DetectorId: &id})).Status == gdtypes.DetectorStatusEnabled {
			return "on"
		}
	}
	return "off"
}

func suspendedDetector(t *testing.T, owner aws.Config, _ effect.Target) {
	must[*guardduty.CreateDetectorOutput](t)(guardduty.NewFromConfig(owner).CreateDetector(t.Context(), &guardduty.CreateDetectorInput{Enable: aws.Bool(false)}))
}

// withoutMacie is an account as AWS gives it; the emulator's have it on from the start.
func withoutMacie(t *testing.T, owner aws.Config, account string) effect.Target {
	must[*macie2.DisableMacieOutput](t)(macie2.NewFromConfig(owner).DisableMacie(t.Context(), nil))
	return covered(resource.MacieCoverage)(t, owner, account)
}

func macieOn(t *testing.T, owner aws.Config, _ effect.Target) string {
	out, err := macie2.NewFromConfig(owner).GetMacieSession(t.Context(), nil)
	if err != nil {
		return "off"
	}
	return string(out.Status)
}

func pausedMacie(t *testing.T, owner aws.Config, _ effect.Target) {
	must[*macie2.EnableMacieOutput](t)(macie2.NewFromConfig(owner).EnableMacie(t.Context(), &macie2.EnableMacieInput{Status: "PAUSED"}))
}

// scansNothing is an account whose scans are off; the emulator knows it only once one was on.
func scansNothing(t *testing.T, owner aws.Config, account string) effect.Target {
	to := covered(resource.InspectorCoverage)(t, owner, account)
	scansImages(t, owner, to)
	must[*inspector2.DisableOutput](t)(inspector2.NewFromConfig(owner).Disable(t.Context(), &inspector2.DisableInput{
		AccountIds: []string{account}, ResourceTypes: []inspectortypes.ResourceScanType{inspectortypes.ResourceScanTypeEcr},
	}))
	return to
}

func scanning(t *testing.T, owner aws.Config, to effect.Target) string {
	out := must[*inspector2.BatchGetAccountStatusOutput](t)(inspector2.NewFromConfig(owner).BatchGetAccountStatus(t.Context(), &inspector2.BatchGetAccountStatusInput{AccountIds: []string{to.Ref.Account}}))
	r := out.Accounts[0].ResourceState
	return fmt.Sprint(r.Ec2.Status, r.Ecr.Status, r.Lambda.Status)
}

func scansImages(t *testing.T, owner aws.Config, to effect.Target) {
	must[*inspector2.EnableOutput](t)(inspector2.NewFromConfig(owner).Enable(t.Context(), &inspector2.EnableInput{
		AccountIds: []string{to.Ref.Account}, ResourceTypes: []inspectortypes.ResourceScanType{inspectortypes.ResourceScanTypeEcr},
	}))
}

func stoppedRecorder(t *testing.T, owner aws.Config, account string) effect.Target {
	c := configservice.NewFromConfig(owner)
	putRecorder(t, owner, account, "default")
	bucket := "items-" + account
	must[*s3.CreateBucketOutput](t)(s3.NewFromConfig(owner).CreateBucket(t.Context(), &s3.CreateBucketInput{Bucket: &bucket}))
	must[*configservice.PutDeliveryChannelOutput](t)(c.PutDeliveryChannel(t.Context(), &configservice.PutDeliveryChannelInput{
		DeliveryChannel: &configtypes.DeliveryChannel{Name: aws.String("default"), S3BucketName: &bucket},
	}))
	return covered(resource.ConfigCoverage)(t, owner, account)
}

func putRecorder(t *testing.T, owner aws.Config, account, name string) {
	must[*configservice.PutConfigurationRecorderOutput](t)(configservice.NewFromConfig(owner).PutConfigurationRecorder(t.Context(), &configservice.PutConfigurationRecorderInput{
		ConfigurationRecorder: &configtypes.ConfigurationRecorder{
			Name: &name, RoleARN: aws.String("arn:aws:iam::" + account + ":role/config"),
			RecordingGroup: &configtypes.RecordingGroup{AllSupported: true},
		},
	}))
}

func recording(t *testing.T, owner aws.Config, _ effect.Target) string {
	text := ""
	for _, s := range must[*configservice.DescribeConfigurationRecorderStatusOutput](t)(configservice.NewFromConfig(owner).DescribeConfigurationRecorderStatus(t.Context(), nil)).ConfigurationRecordersStatus {
		text += fmt.Sprintln(*s.Name, s.Recording)
	}
	return text
}

// anotherRecorder stands in the place of the one that was planned for.
func anotherRecorder(t *testing.T, owner aws.Config, to effect.Target) {
	must[*configservice.DeleteConfigurationRecorderOutput](t)(configservice.NewFromConfig(owner).DeleteConfigurationRecorder(t.Context(), &configservice.DeleteConfigurationRecorderInput{ConfigurationRecorderName: aws.String("default")}))
	putRecorder(t, owner, to.Ref.Account, "mine")
}

func hubOn(t *testing.T, owner aws.Config, _ effect.Target) string {
	_, err := securityhub.NewFromConfig(owner).DescribeHub(t.Context(), nil)
	return fmt.Sprint(err == nil)
}

func detectorFinding(_ *testing.T, _ aws.Config, account string) effect.Target {
	return effect.Target{Ref: resource.Ref{Type: resource.DetectorFinding, Account: account, Region: "us-east-1", ID: "12abc34d567e8fa901bc2d34e56789f0|f1"}}
}

func findingArchived(t *testing.T, owner aws.Config, _ effect.Target) string {
	out := must[*guardduty.GetFindingsOutput](t)(guardduty.NewFromConfig(owner).GetFindings(t.Context(), &guardduty.GetFindingsInput{DetectorId: aws.String("12abc34d567e8fa901bc2d34e56789f0"), FindingIds: []string{"f1"}}))
	return fmt.Sprint(*out.Findings[0].Service.Archived)
}

const hubProduct = "arn:aws:securityhub:us-east-1::product/aws/guardduty"

func hubFinding(_ *testing.T, _ aws.Config, account string) effect.Target {
	return effect.Target{
		Ref:    resource.Ref{Type: resource.HubFinding, Account: account, Region: "us-east-1", ID: "arn:aws:guardduty:us-east-1:" + account + ":detector/d1/finding/f1|" + hubProduct},
		Params: map[string]string{"status": "RESOLVED"},
	}
}

func workflowOf(t *testing.T, owner aws.Config, _ effect.Target) string {
	return string(must[*securityhub.GetFindingsOutput](t)(securityhub.NewFromConfig(owner).GetFindings(t.Context(), &securityhub.GetFindingsInput{})).Findings[0].Workflow.Status)
}

func suppressed(t *testing.T, owner aws.Config, to effect.Target) {
	must[*securityhub.BatchUpdateFindingsOutput](t)(securityhub.NewFromConfig(owner).BatchUpdateFindings(t.Context(), &securityhub.BatchUpdateFindingsInput{
		FindingIdentifiers: []hubtypes.AwsSecurityFindingIdentifier{{Id: aws.String("arn:aws:guardduty:us-east-1:" + to.Ref.Account + ":detector/d1/finding/f1"), ProductArn: aws.String(hubProduct)}},
		Workflow:           &hubtypes.WorkflowUpdate{Status: hubtypes.WorkflowStatusSuppressed},
	}))
}
