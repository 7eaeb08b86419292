package secretsmanager

import (
	"context"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"

	"jobzero/internal/action"
	"jobzero/internal/action/setting"
	"jobzero/internal/awsorg"
	"jobzero/internal/effect"
	"jobzero/internal/fault"
	"jobzero/internal/resource"
)

const rotateMay = "secretsmanager:RotateSecret"

// The labels of versions (docs.aws.amazon.com/secretsmanager/latest/userguide/whats-in-a-secret.html).
const (
	current = "AWSCURRENT"
	pending = "AWSPENDING"
)

// rotation is which version of a secret counts, and whether it can be replaced.
type rotation struct {
	ARN     string
	Version string
	Rotates bool
	Pending bool `json:",omitempty"` // a rotation is going on
	Deleted bool `json:",omitempty"`
}

// Rotate has the version of a secret replaced that others know.
func Rotate() setting.Of[rotation] {
	return setting.Of[rotation]{
		About: action.Info{
			ID: "secretsmanager.rotate", Title: "Replace a secret that others know",
			Why: "What somebody else has read stays known, whoever is locked out afterwards. Rotated, it opens nothing any more. The version that is known is named, " +
				"so that asking twice replaces it once.",
			Risk: "Whoever keeps the value instead of asking for it is locked out. Only a secret whose rotation is set up is rotated: its own function makes the new " +
				"value and tells the database. The old value stays readable as the previous version.",
			Undo: effect.None, Targets: []resource.Type{resource.Secret},
			Reads: []string{"secretsmanager:DescribeSecret"}, Writes: []string{rotateMay},
			Params: []action.Param{{Name: "version", Text: "ID of the version that others know, as list-secret-version-ids shows it", Required: true}},
		},
		Find: setting.InRegion, Look: lookRotation, Goal: replaced,
		Calls: func(t effect.Target, from, to rotation) ([]effect.Call, error) {
			if from.Version != t.Params["version"] || from.Pending || to.Version == from.Version {
				return nil, nil
			}
			return setting.One(rotateMay, from.ARN, setting.In{"SecretId": from.ARN, "RotateImmediately": true})
		},
		Send: func(ctx context.Context, cfg aws.Config, call effect.Call) error {
			return setting.Send(ctx, call, secretsmanager.NewFromConfig(cfg).RotateSecret)
		},
	}
}

func lookRotation(ctx context.Context, cfg aws.Config, t effect.Target) (r rotation, err error) {
	out, err := secretsmanager.NewFromConfig(setting.At(cfg, t.Ref)).DescribeSecret(ctx, &secretsmanager.DescribeSecretInput{SecretId: &t.Ref.ID})
	if gone(err) {
		return r, setting.Gone("the secret")
	}
	if err != nil {
		return r, awsorg.Fault(err, "read secret %s", t.Ref.ID)
	}
	r = rotation{ARN: aws.ToString(out.ARN), Rotates: aws.ToBool(out.RotationEnabled), Deleted: out.DeletedDate != nil}
	for id, stages := range out.VersionIdsToStages {
		if slices.Contains(stages, current) {
			r.Version = id
		} else if slices.Contains(stages, pending) {
			r.Pending = true
		}
	}
	if r.ARN == "" || r.Version == "" {
		err = fault.New(fault.Unavailable, "read secret %s: the API named no version that counts", t.Ref.ID)
	}
	return r, err
}

func replaced(t effect.Target, now rotation) (setting.Goal[rotation], error) {
	known := t.Params["version"]
	g := setting.Goal[rotation]{
		To: rotation{ARN: now.ARN, Rotates: now.Rotates}, Met: "another version counts", Missing: "the version that is known counts still",
		Diff: "- " + current + ": " + known + "\n+ " + current + ": (a new version)", Loses: []string{"whoever keeps the value of version " + known},
	}
	switch {
	case now.Version != known:
		g.To = now
	case now.Deleted:
		g.Refused = "the secret is marked for deletion"
	case !now.Rotates:
		g.Refused = "its rotation is not set up: a person replaces the value, and tells whatever it opens"
	case now.Pending:
		g.Pending = "a rotation is going on"
	}
	return g, nil
}
