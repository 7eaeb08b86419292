package kms

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/kms/types"

	"jobzero/internal/action"
	"jobzero/internal/action/setting"
	"jobzero/internal/awsorg"
	"jobzero/internal/effect"
	"jobzero/internal/resource"
)

const (
	rotateMay = "kms:EnableKeyRotation"
	stopMay   = "kms:DisableKeyRotation"
	// What a key costs a month, and what each of its first two rotations adds to that (aws.amazon.com/kms/pricing).
	keyUSD = 1
)

// EnableRotation lets KMS change a key's material every year.
func EnableRotation() setting.Of[key] {
	return setting.Of[key]{
		About: action.Info{
			ID: "kms.enable-rotation", Title: "Let a key's material change every year",
			Why:  "The longer the same material encrypts, the more lies under it when it comes out. Nothing has to be encrypted anew: KMS keeps the old material to decrypt.",
			Risk: "None for what is encrypted. Only symmetric keys whose material KMS made can rotate by themselves.",
			Undo: effect.Exact, Targets: []resource.Type{resource.Key},
			Reads: []string{"kms:DescribeKey", "kms:GetKeyRotationStatus"}, Writes: []string{rotateMay, stopMay},
		},
		Find: setting.InRegion, Look: lookRotation, Goal: rotating,
		Calls: func(t effect.Target, from, to key) ([]effect.Call, error) {
			switch {
			case from.Rotates == to.Rotates:
				return nil, nil
			case to.Rotates:
				return setting.One(rotateMay, from.arn(t), setting.In{"KeyId": from.ID})
			}
			return setting.One(stopMay, from.arn(t), setting.In{"KeyId": from.ID})
		},
		Send: func(ctx context.Context, cfg aws.Config, call effect.Call) error {
			if call.Permission == stopMay {
				return setting.Send(ctx, call, kms.NewFromConfig(cfg).DisableKeyRotation)
			}
			return setting.Send(ctx, call, kms.NewFromConfig(cfg).EnableKeyRotation)
		},
		Cost: func(context.Context, aws.Config, effect.Target, key) (*effect.Cost, error) {
			return &effect.Cost{USD: keyUSD, Per: "month", Why: "what the first rotation adds, from the day it happens; the second adds as much, and later ones nothing"}, nil
		},
		Same: func(a, b key) bool { // KMS tells the period only of keys that rotate
			a.Days, b.Days = 0, 0
			return a == b
		},
	}
}

func lookRotation(ctx context.Context, cfg aws.Config, t effect.Target) (key, error) {
	k, err := describe(ctx, cfg, t)
	if err != nil || k.unfit() != "" {
		return k, err
	}
	out, err := kms.NewFromConfig(setting.At(cfg, t.Ref)).GetKeyRotationStatus(ctx, &kms.GetKeyRotationStatusInput{KeyId: &t.Ref.ID})
	if err != nil {
		return k, awsorg.Fault(err, "read whether key %s rotates", t.Ref.ID)
	}
	k.Rotates, k.Days = out.KeyRotationEnabled, aws.ToInt32(out.RotationPeriodInDays)
	return k, nil
}

// unfit says why a key cannot rotate by itself (docs.aws.amazon.com/kms/latest/developerguide/rotate-keys.html).
func (k key) unfit() string {
	switch {
	case k.Manager == string(types.KeyManagerTypeAws):
		return "AWS manages the key, and rotates it by itself"
	case k.Spec != string(types.KeySpecSymmetricDefault):
		return "the key is " + k.Spec + ": only symmetric keys rotate by themselves"
	case k.Origin != string(types.OriginTypeAwsKms):
		return "the key's material is of " + k.Origin + ": rotate it there"
	case k.Replica:
		return "the key is a replica: let its primary rotate"
	case k.State != string(types.KeyStateEnabled):
		return "the key is " + k.State + ": only enabled keys rotate"
	}
	return ""
}

func rotating(_ effect.Target, now key) (setting.Goal[key], error) {
	g := setting.Goal[key]{
		To: now, Met: "the key rotates", Missing: "the key does not rotate", Diff: "- KeyRotationEnabled: false\n+ KeyRotationEnabled: true", Refused: now.unfit(),
	}
	g.To.Rotates = true
	return g, nil
}
