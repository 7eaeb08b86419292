package macie

import (
	"context"
	"errors"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/macie2"
	"github.com/aws/aws-sdk-go-v2/service/macie2/types"
	"github.com/aws/smithy-go"

	"jobzero/internal/action"
	"jobzero/internal/action/setting"
	"jobzero/internal/awsorg"
	"jobzero/internal/effect"
	"jobzero/internal/resource"
)

const (
	enableMay  = "macie2:EnableMacie"
	updateMay  = "macie2:UpdateMacieSession"
	disableMay = "macie2:DisableMacie"
	enabled    = string(types.MacieStatusEnabled)
)

// session is the state of Macie: ENABLED, PAUSED, or empty where it never was.
type session struct{ Status string }

// Enable turns Macie on in an account and region.
func Enable() setting.Of[session] {
	return setting.Of[session]{
		About: action.Info{
			ID: "macie.enable", Title: "Turn Macie on in an account and region",
			Why:  "Nobody can protect what nobody knows of: Macie says which buckets are open or unencrypted, and samples what data is in them.",
			Risk: "Nobody loses anything. It is billed by bucket and by what it samples. Undoing where it never was deletes what it has found.",
			Undo: effect.Compensating, UndoHelpsAttacker: true, Targets: []resource.Type{resource.MacieCoverage},
			Reads: []string{"macie2:GetMacieSession"}, Writes: []string{enableMay, updateMay, disableMay, setting.MakeRole},
		},
		Find: setting.InRegion, Look: lookSession, Calls: sessionCalls, Send: send,
		Goal: func(_ effect.Target, now session) (setting.Goal[session], error) {
			was := now.Status
			if was == "" {
				was = "never on"
			}
			return setting.Goal[session]{To: session{enabled}, Met: "Macie is on", Missing: "Macie is off", Diff: "- Macie: " + was + "\n+ Macie: " + enabled}, nil
		},
		Cost: func(context.Context, aws.Config, effect.Target, session) (*effect.Cost, error) {
			// aws.amazon.com/macie/pricing: 0.10 a bucket and month, 0.01 for 100,000 objects watched, 1.00 a GB sampled of the first 50,000.
			return &effect.Cost{USD: 21, Per: "month", Why: "for 10 buckets (1.00) with a million objects (0.10) of which 20 GB are sampled (20.00); it grows with all three, and 30 days are free"}, nil
		},
	}
}

func lookSession(ctx context.Context, cfg aws.Config, t effect.Target) (session, error) {
	out, err := macie2.NewFromConfig(setting.At(cfg, t.Ref)).GetMacieSession(ctx, &macie2.GetMacieSessionInput{})
	if off(err) {
		return session{}, nil
	}
	if err != nil {
		return session{}, awsorg.Fault(err, "read whether Macie is on in %s, %s", t.Ref.Account, t.Ref.Region)
	}
	return session{string(out.Status)}, nil
}

// off reports that Macie is off. It says so by a denial; only its text tells that from one.
func off(err error) bool {
	api, ok := errors.AsType[smithy.APIError](err)
	return ok && (api.ErrorCode() == "ResourceNotFoundException" ||
		api.ErrorCode() == "AccessDeniedException" && strings.Contains(api.ErrorMessage(), "Macie is not enabled"))
}

func sessionCalls(t effect.Target, from, to session) ([]effect.Call, error) {
	switch {
	case from == to:
		return nil, nil
	case from.Status == "":
		call, err := action.NewCall(enableMay, action.Everything, setting.In{"Status": to.Status})
		call.Also = []effect.Need{setting.Linked(t.Ref, "macie.amazonaws.com", "AWSServiceRoleForAmazonMacie")}
		return []effect.Call{call}, err
	case to.Status == "":
		return setting.One(disableMay, action.Everything, setting.In{})
	}
	return setting.One(updateMay, action.Everything, setting.In{"Status": to.Status})
}

func send(ctx context.Context, cfg aws.Config, call effect.Call) error {
	c := macie2.NewFromConfig(cfg)
	switch call.Permission {
	case enableMay:
		return setting.Send(ctx, call, c.EnableMacie)
	case disableMay:
		return setting.Send(ctx, call, c.DisableMacie)
	}
	return setting.Send(ctx, call, c.UpdateMacieSession)
}
