package builtin_test

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail"
	"github.com/aws/aws-sdk-go-v2/service/configservice"
	configtypes "github.com/aws/aws-sdk-go-v2/service/configservice/types"
	"github.com/aws/aws-sdk-go-v2/service/guardduty"
	"github.com/aws/aws-sdk-go-v2/service/inspector2"
	inspectortypes "github.com/aws/aws-sdk-go-v2/service/inspector2/types"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	kmstypes "github.com/aws/aws-sdk-go-v2/service/kms/types"
	"github.com/aws/aws-sdk-go-v2/service/macie2"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/securityhub"
	"github.com/google/go-cmp/cmp"

	"jobzero/internal/inventory"
	"jobzero/internal/inventory/builtin"
	"jobzero/internal/inventory/cloudcontrol"
	"jobzero/internal/resource"
	"jobzero/internal/resource/schema"
	"jobzero/internal/testmoto"
)

const home = "us-east-1"

// TestTypes: 60 types and more can be read live, each by one reader, and all of them have a schema.
func TestTypes(t *testing.T) {
	all := builtin.Readers()
	seen := map[resource.Type]bool{}
	for _, r := range all {
		if _, ok := schema.Of(r.Type()); !ok || seen[r.Type()] {
			t.Errorf("%s has no schema, or two readers", r.Type())
		}
		if len(r.Needs()) == 0 {
			t.Errorf("%s needs nothing", r.Type())
		}
		seen[r.Type()] = true
	}
	general := 0
	for _, r := range all {
		if _, ok := r.(cloudcontrol.Reader); ok {
			general++
		}
	}
	t.Logf("%d types: %d native, %d through Cloud Control", len(all), len(all)-general, general)
	if len(all) < 60 || len(builtin.Native()) != len(all)-general {
		t.Errorf("%d types", len(all))
	}
}

func TestKey(t *testing.T) {
	cat, server := catalogue(t)
	account := testmoto.Account()
	c := kms.NewFromConfig(server.Config(account))
	made := must[*kms.CreateKeyOutput](t)(c.CreateKey(t.Context(), &kms.CreateKeyInput{
		Description: aws.String("orders"), KeyUsage: kmstypes.KeyUsageTypeEncryptDecrypt, Policy: aws.String(`{"Version":"2012-10-17","Statement":[]}`),
		Tags: []kmstypes.Tag{{TagKey: aws.String("team"), TagValue: aws.String("web")}},
	})).KeyMetadata
	must[*kms.CreateAliasOutput](t)(c.CreateAlias(t.Context(), &kms.CreateAliasInput{AliasName: aws.String("alias/orders"), TargetKeyId: made.KeyId}))
	must[*kms.EnableKeyRotationOutput](t)(c.EnableKeyRotation(t.Context(), &kms.EnableKeyRotationInput{KeyId: made.KeyId}))
	refs := must[[]resource.Ref](t)(cat.List(t.Context(), inventory.Place{Account: account, Region: home, Type: resource.Key}))
	ref := resource.Ref{Type: resource.Key, Account: account, Region: home, ID: *made.KeyId}
	if d := cmp.Diff([]resource.Ref{ref}, refs); d != "" {
		t.Error(d)
	}
	got := must[resource.Resource](t)(cat.Read(t.Context(), ref))
	delete(got.Properties, "RotationPeriodInDays") // the emulator may not know it
	want := object{
		"KeyId": *made.KeyId, "Arn": *made.Arn, "Description": "orders", "Enabled": true, "KeySpec": "SYMMETRIC_DEFAULT", "KeyUsage": "ENCRYPT_DECRYPT",
		"Origin": "AWS_KMS", "MultiRegion": false, "KeyState": "Enabled", "EnableKeyRotation": true,
		"KeyPolicy": object{"Version": "2012-10-17", "Statement": []any{}}, "Tags": []any{object{"Key": "team", "Value": "web"}},
	}
	if d := cmp.Diff(want, got.Properties); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff(any([]any{object{"AliasName": "alias/orders", "TargetKeyId": *made.KeyId}}), got.Related["aliases"]); d != "" {
		t.Error(d)
	}
	must[*kms.ScheduleKeyDeletionOutput](t)(c.ScheduleKeyDeletion(t.Context(), &kms.ScheduleKeyDeletionInput{KeyId: made.KeyId, PendingWindowInDays: aws.Int32(7)}))
	got = must[resource.Resource](t)(cat.Read(t.Context(), ref))
	if got.Gone || got.Properties["KeyState"] != "PendingDeletion" || got.Properties["DeletionDate"] == nil {
		t.Errorf("about to be deleted: %+v", got)
	}
	ref.ID = "11111111-2222-3333-4444-555555555555"
	if got := must[resource.Resource](t)(cat.Read(t.Context(), ref)); !got.Gone {
		t.Errorf("never made: %+v", got)
	}
}

func TestTrail(t *testing.T) {
	cat, server := catalogue(t)
	account := testmoto.Account()
	bucket := aws.String("trail-" + account)
	must[*s3.CreateBucketOutput](t)(s3.NewFromConfig(server.Config(account)).CreateBucket(t.Context(), &s3.CreateBucketInput{Bucket: bucket}))
	c := cloudtrail.NewFromConfig(server.Config(account))
	must[*cloudtrail.CreateTrailOutput](t)(c.CreateTrail(t.Context(), &cloudtrail.CreateTrailInput{
		Name: aws.String("audit"), S3BucketName: bucket, IsMultiRegionTrail: aws.Bool(true), EnableLogFileValidation: aws.Bool(true),
	}))
	ref := resource.Ref{Type: resource.Trail, Account: account, Region: home, ID: "audit"}
	if d := cmp.Diff([]resource.Ref{ref}, must[[]resource.Ref](t)(cat.List(t.Context(), inventory.Place{Account: account, Region: home, Type: resource.Trail}))); d != "" {
		t.Error(d)
	}
	if refs := must[[]resource.Ref](t)(cat.List(t.Context(), inventory.Place{Account: account, Region: "eu-central-1", Type: resource.Trail})); len(refs) != 0 {
		t.Errorf("the shadow of a trail: %v", refs)
	}
	got := must[resource.Resource](t)(cat.Read(t.Context(), ref))
	p := got.Properties
	if p["IsLogging"] != false || p["IsMultiRegionTrail"] != true || p["EnableLogFileValidation"] != true || p["S3BucketName"] != *bucket || p["KMSKeyId"] != nil {
		t.Errorf("got %v, %v", p, got.Unknown)
	}
	must[*cloudtrail.StartLoggingOutput](t)(c.StartLogging(t.Context(), &cloudtrail.StartLoggingInput{Name: aws.String("audit")}))
	if got := must[resource.Resource](t)(cat.Read(t.Context(), ref)); got.Properties["IsLogging"] != true {
		t.Errorf("got %v", got.Properties)
	}
	ref.ID = "nothing"
	if got := must[resource.Resource](t)(cat.Read(t.Context(), ref)); !got.Gone {
		t.Errorf("never made: %+v", got)
	}
}

// TestCoverage: each service is off before somebody switches it on, and on then. The emulator begins with Macie on, and says of
// Inspector nothing until it was on once.
func TestCoverage(t *testing.T) {
	cat, server := catalogue(t)
	account := testmoto.Account()
	cfg, ctx := server.Config(account), t.Context()
	scan := []inspectortypes.ResourceScanType{inspectortypes.ResourceScanTypeEc2}
	inspector, macie := inspector2.NewFromConfig(cfg), macie2.NewFromConfig(cfg)
	must[*macie2.DisableMacieOutput](t)(macie.DisableMacie(ctx, &macie2.DisableMacieInput{}))
	must[*inspector2.EnableOutput](t)(inspector.Enable(ctx, &inspector2.EnableInput{AccountIds: []string{account}, ResourceTypes: scan}))
	must[*inspector2.DisableOutput](t)(inspector.Disable(ctx, &inspector2.DisableInput{AccountIds: []string{account}, ResourceTypes: scan}))
	for typ, on := range map[resource.Type]func() error{
		resource.GuardDutyCoverage: func() error {
			return second(guardduty.NewFromConfig(cfg).CreateDetector(ctx, &guardduty.CreateDetectorInput{Enable: aws.Bool(true)}))
		},
		resource.SecurityHubCoverage: func() error {
			return second(securityhub.NewFromConfig(cfg).EnableSecurityHub(ctx, &securityhub.EnableSecurityHubInput{}))
		},
		resource.MacieCoverage: func() error { return second(macie.EnableMacie(ctx, &macie2.EnableMacieInput{})) },
		resource.InspectorCoverage: func() error {
			return second(inspector.Enable(ctx, &inspector2.EnableInput{AccountIds: []string{account}, ResourceTypes: scan}))
		},
		resource.ConfigCoverage: func() error { return recorder(t, configservice.NewFromConfig(cfg)) },
	} {
		t.Run(string(typ), func(t *testing.T) {
			refs := must[[]resource.Ref](t)(cat.List(ctx, inventory.Place{Account: account, Region: home, Type: typ}))
			if d := cmp.Diff([]resource.Ref{{Type: typ, Account: account, Region: home, ID: account}}, refs); d != "" {
				t.Fatal(d)
			}
			if got := must[resource.Resource](t)(cat.Read(ctx, refs[0])); got.Properties["Enabled"] != false || len(got.Unknown) != 0 {
				t.Errorf("before: %v, %v", got.Properties, got.Unknown)
			}
			if err := on(); err != nil {
				t.Fatal(err)
			}
			if got := must[resource.Resource](t)(cat.Read(ctx, refs[0])); got.Properties["Enabled"] != true || len(got.Unknown) != 0 {
				t.Errorf("after: %v, %v", got.Properties, got.Unknown)
			}
		})
	}
}

// recorder makes a recorder that records.
func recorder(t *testing.T, c *configservice.Client) error {
	t.Helper()
	name, ctx := aws.String("default"), t.Context()
	role := aws.String("arn:aws:iam::111122223333:role/config")
	must[*configservice.PutConfigurationRecorderOutput](t)(c.PutConfigurationRecorder(ctx, &configservice.PutConfigurationRecorderInput{
		ConfigurationRecorder: &configtypes.ConfigurationRecorder{Name: name, RoleARN: role, RecordingGroup: &configtypes.RecordingGroup{AllSupported: true}},
	}))
	must[*configservice.PutDeliveryChannelOutput](t)(c.PutDeliveryChannel(ctx, &configservice.PutDeliveryChannelInput{
		DeliveryChannel: &configtypes.DeliveryChannel{Name: name, S3BucketName: aws.String("records")},
	}))
	return second(c.StartConfigurationRecorder(ctx, &configservice.StartConfigurationRecorderInput{ConfigurationRecorderName: name}))
}
