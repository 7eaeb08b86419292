package ec2

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"

	"jobzero/internal/action"
	"jobzero/internal/action/setting"
	"jobzero/internal/awsorg"
	"jobzero/internal/effect"
	"jobzero/internal/fault"
	"jobzero/internal/resource"
)

const (
	encryptMay  = "ec2:EnableEbsEncryptionByDefault"
	decryptMay  = "ec2:DisableEbsEncryptionByDefault"
	wholeRegion = "*" // what IAM wants where an action is about no resource
)

// byDefault is whether new volumes are encrypted when nobody says so.
type byDefault struct{ Encrypted bool }

// EncryptVolumesByDefault makes a region encrypt new volumes.
func EncryptVolumesByDefault() setting.Of[byDefault] {
	return setting.Of[byDefault]{
		About: action.Info{
			ID: "ec2.encrypt-volumes-by-default", Title: "Encrypt new volumes of a region by default",
			Why:  "A disk that nobody thought of encrypting is encrypted all the same, and so are the copies of what is not.",
			Risk: "Whoever shares volumes or images by hand with other accounts has to share the key too, and cannot share those under the key of AWS. What exists stays as it is.",
			Undo: effect.Exact, UndoHelpsAttacker: true, Targets: []resource.Type{resource.VolumeEncryption},
			Reads: []string{"ec2:GetEbsEncryptionByDefault"}, Writes: []string{encryptMay, decryptMay},
		},
		Find: setting.InRegion, Look: lookByDefault, Goal: onByDefault, Calls: byDefaultCalls,
		Send: func(ctx context.Context, cfg aws.Config, call effect.Call) error {
			if call.Permission == decryptMay {
				return setting.Send(ctx, call, ec2.NewFromConfig(cfg).DisableEbsEncryptionByDefault)
			}
			return setting.Send(ctx, call, ec2.NewFromConfig(cfg).EnableEbsEncryptionByDefault)
		},
	}
}

func lookByDefault(ctx context.Context, cfg aws.Config, t effect.Target) (byDefault, error) {
	out, err := ec2.NewFromConfig(setting.At(cfg, t.Ref)).GetEbsEncryptionByDefault(ctx, &ec2.GetEbsEncryptionByDefaultInput{})
	if err != nil {
		return byDefault{}, awsorg.Fault(err, "read how %s encrypts new volumes", t.Ref.Region)
	}
	if out.EbsEncryptionByDefault == nil {
		return byDefault{}, fault.New(fault.Unavailable, "read how %s encrypts new volumes: the API answered without it", t.Ref.Region)
	}
	return byDefault{*out.EbsEncryptionByDefault}, nil
}

func onByDefault(effect.Target, byDefault) (setting.Goal[byDefault], error) {
	return setting.Goal[byDefault]{
		To: byDefault{true}, Met: "new volumes are encrypted by default", Missing: "new volumes are not encrypted by default",
		Diff: "- EbsEncryptionByDefault: false\n+ EbsEncryptionByDefault: true",
	}, nil
}

func byDefaultCalls(_ effect.Target, from, to byDefault) ([]effect.Call, error) {
	switch {
	case from == to:
		return nil, nil
	case to.Encrypted:
		return setting.One(encryptMay, wholeRegion, setting.In{})
	}
	return setting.One(decryptMay, wholeRegion, setting.In{})
}
