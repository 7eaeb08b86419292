package playbooks_test

import (
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail"
	"github.com/aws/aws-sdk-go-v2/service/configservice"
	configtypes "github.com/aws/aws-sdk-go-v2/service/configservice/types"
	"github.com/aws/aws-sdk-go-v2/service/inspector2"
	inspectortypes "github.com/aws/aws-sdk-go-v2/service/inspector2/types"
	"github.com/aws/aws-sdk-go-v2/service/macie2"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"jobzero/internal/resource"
)

// watchers are the scenes of what records and detects.
func watchers() map[string][]scene {
	return map[string][]scene{
		"start-trail":          {{name: "stopped", make: stoppedTrail}},
		"prove-trail":          {{name: "without digests", make: stoppedTrail}},
		"start-recorder":       {{name: "stopped", make: stoppedRecorder}},
		"turn-on-guardduty":    {{name: "off", make: off(resource.GuardDutyCoverage)}},
		"turn-on-security-hub": {{name: "off", make: off(resource.SecurityHubCoverage)}},
		"turn-on-macie":        {{name: "off", make: withoutMacie}},
		"turn-on-inspector":    {{name: "off", make: scansNothing}},
	}
}

// off is an account and region that nobody has turned anything on in.
func off(kind resource.Type) func(*town) met {
	return func(w *town) met { return met{ref: w.ref(kind, w.account)} }
}

func stoppedTrail(w *town) met {
	name := w.name("trails")
	w.did(s3.NewFromConfig(w.owner).CreateBucket(w.Context(), &s3.CreateBucketInput{Bucket: &name}))
	w.did(cloudtrail.NewFromConfig(w.owner).CreateTrail(w.Context(), &cloudtrail.CreateTrailInput{Name: aws.String("main"), S3BucketName: &name}))
	return met{ref: w.ref(resource.Trail, "main")}
}

func stoppedRecorder(w *town) met {
	c, name := configservice.NewFromConfig(w.owner), w.name("items")
	w.did(s3.NewFromConfig(w.owner).CreateBucket(w.Context(), &s3.CreateBucketInput{Bucket: &name}))
	w.did(c.PutConfigurationRecorder(w.Context(), &configservice.PutConfigurationRecorderInput{ConfigurationRecorder: &configtypes.ConfigurationRecorder{
		Name: aws.String("default"), RoleARN: aws.String("arn:aws:iam::" + w.account + ":role/config"), RecordingGroup: &configtypes.RecordingGroup{AllSupported: true},
	}}))
	w.did(c.PutDeliveryChannel(w.Context(), &configservice.PutDeliveryChannelInput{DeliveryChannel: &configtypes.DeliveryChannel{Name: aws.String("default"), S3BucketName: &name}}))
	return off(resource.ConfigCoverage)(w)
}

// withoutMacie is an account as AWS gives it; the emulator's have it on from the start.
func withoutMacie(w *town) met {
	w.did(macie2.NewFromConfig(w.owner).DisableMacie(w.Context(), nil))
	return off(resource.MacieCoverage)(w)
}

// scansNothing is an account whose scans are off; the emulator knows it only once one was on.
func scansNothing(w *town) met {
	c, what := inspector2.NewFromConfig(w.owner), []inspectortypes.ResourceScanType{inspectortypes.ResourceScanTypeEcr}
	w.did(c.Enable(w.Context(), &inspector2.EnableInput{AccountIds: []string{w.account}, ResourceTypes: what}))
	w.did(c.Disable(w.Context(), &inspector2.DisableInput{AccountIds: []string{w.account}, ResourceTypes: what}))
	return off(resource.InspectorCoverage)(w)
}
