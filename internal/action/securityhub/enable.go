package securityhub

import (
	"context"
	"errors"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/securityhub"
	"github.com/aws/smithy-go"

	"jobzero/internal/action"
	"jobzero/internal/action/setting"
	"jobzero/internal/awsorg"
	"jobzero/internal/effect"
	"jobzero/internal/resource"
)

const (
	enableMay  = "securityhub:EnableSecurityHub"
	disableMay = "securityhub:DisableSecurityHub"
)

// hub is whether there is one.
type hub struct{ On bool }

// Enable makes a hub in an account and region.
func Enable() setting.Of[hub] {
	return setting.Of[hub]{
		About: action.Info{
			ID: "securityhub.enable", Title: "Turn Security Hub on in an account and region",
			Why: "What the detectors of AWS find comes together in one place and one form. No standard of checks is turned on with it: jobzero's own expectations " +
				"are not billed by check.",
			Risk: "Nobody loses anything. Undoing it deletes what it holds after 90 days.",
			Undo: effect.Compensating, UndoHelpsAttacker: true, Targets: []resource.Type{resource.SecurityHubCoverage},
			Reads: []string{"securityhub:DescribeHub"}, Writes: []string{enableMay, disableMay, setting.MakeRole},
		},
		Find: setting.InRegion, Look: lookHub, Calls: hubCalls,
		Goal: func(effect.Target, hub) (setting.Goal[hub], error) {
			return setting.Goal[hub]{To: hub{true}, Met: "there is a hub", Missing: "there is no hub", Diff: "+ Security Hub, without standards"}, nil
		},
		Cost: func(context.Context, aws.Config, effect.Target, hub) (*effect.Cost, error) {
			// aws.amazon.com/security-hub/pricing: 10,000 findings a month are free, each one more is 0.00003; checks are billed with standards only.
			return &effect.Cost{USD: 0, Per: "month", Why: "up to 10,000 findings a month; 0.03 for each 1,000 more"}, nil
		},
		Send: func(ctx context.Context, cfg aws.Config, call effect.Call) error {
			if call.Permission == disableMay {
				return setting.Send(ctx, call, securityhub.NewFromConfig(cfg).DisableSecurityHub)
			}
			return setting.Send(ctx, call, securityhub.NewFromConfig(cfg).EnableSecurityHub)
		},
	}
}

func lookHub(ctx context.Context, cfg aws.Config, t effect.Target) (hub, error) {
	_, err := securityhub.NewFromConfig(setting.At(cfg, t.Ref)).DescribeHub(ctx, &securityhub.DescribeHubInput{})
	if off(err) {
		return hub{}, nil
	}
	return hub{err == nil}, awsorg.Fault(err, "read whether there is a hub in %s, %s", t.Ref.Account, t.Ref.Region)
}

// off reports that the account is not subscribed, which has a code of its own and is no denial.
func off(err error) bool {
	api, ok := errors.AsType[smithy.APIError](err)
	return ok && (api.ErrorCode() == "ResourceNotFoundException" ||
		api.ErrorCode() == "InvalidAccessException" && strings.Contains(api.ErrorMessage(), "not subscribed"))
}

func hubARN(ref resource.Ref) string { return setting.ARN(ref, "securityhub", "hub/default") }

func hubCalls(t effect.Target, from, to hub) ([]effect.Call, error) {
	switch {
	case from == to:
		return nil, nil
	case !to.On:
		return setting.One(disableMay, hubARN(t.Ref), setting.In{})
	}
	call, err := action.NewCall(enableMay, hubARN(t.Ref), setting.In{"EnableDefaultStandards": false})
	// docs.aws.amazon.com/securityhub/latest/userguide/using-service-linked-roles.html
	call.Also = []effect.Need{setting.Linked(t.Ref, "securityhub.amazonaws.com", "AWSServiceRoleForSecurityHub")}
	return []effect.Call{call}, err
}
