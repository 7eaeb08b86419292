package inspector

import (
	"context"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/inspector2"
	"github.com/aws/aws-sdk-go-v2/service/inspector2/types"

	"jobzero/internal/action"
	"jobzero/internal/action/setting"
	"jobzero/internal/awsorg"
	"jobzero/internal/effect"
	"jobzero/internal/fault"
	"jobzero/internal/resource"
)

const (
	enableMay  = "inspector2:Enable"
	disableMay = "inspector2:Disable"
)

// scans is the status of each kind of scan.
type scans map[types.ResourceScanType]types.Status

// kinds are what is scanned for what is known to be broken, in the order of the call.
func kinds() []types.ResourceScanType {
	return []types.ResourceScanType{types.ResourceScanTypeEc2, types.ResourceScanTypeEcr, types.ResourceScanTypeLambda}
}

// Enable turns Inspector's scans on in an account and region.
func Enable() setting.Of[scans] {
	return setting.Of[scans]{
		About: action.Info{
			ID: "inspector.enable", Title: "Turn Inspector's scans on in an account and region",
			Why:  "Whether something that runs has a hole that everybody knows of is asked again whenever a new hole becomes known, of machines, images and functions.",
			Risk: "Nobody loses anything. It is billed by machine, image and function. An instance counts as scanned only when Inspector reaches it.",
			Undo: effect.Exact, UndoHelpsAttacker: true, Targets: []resource.Type{resource.InspectorCoverage},
			Reads: []string{"inspector2:BatchGetAccountStatus"}, Writes: []string{enableMay, disableMay, setting.MakeRole},
		},
		Find: setting.InRegion, Slow: true, Look: look, Goal: goal, Calls: calls, Same: same, Send: send,
		Cost: func(context.Context, aws.Config, effect.Target, scans) (*effect.Cost, error) {
			// aws.amazon.com/inspector/pricing: 1.2528 an instance and month, 0.09 an image when it is pushed, 0.30 a function and month.
			return &effect.Cost{USD: 16.43, Per: "month", Why: "for 10 instances (12.53), 10 new images (0.90) and 10 functions (3.00); it grows with all three, and 15 days are free"}, nil
		},
	}
}

func look(ctx context.Context, cfg aws.Config, t effect.Target) (scans, error) {
	out, err := inspector2.NewFromConfig(setting.At(cfg, t.Ref)).BatchGetAccountStatus(ctx, &inspector2.BatchGetAccountStatusInput{AccountIds: []string{t.Ref.Account}})
	if err != nil {
		return nil, awsorg.Fault(err, "read what Inspector scans in %s, %s", t.Ref.Account, t.Ref.Region)
	}
	for _, f := range out.FailedAccounts {
		return nil, fault.New(fault.Unavailable, "Inspector says of account %s: %s %s", t.Ref.Account, f.ErrorCode, aws.ToString(f.ErrorMessage))
	}
	for _, a := range out.Accounts {
		if r := a.ResourceState; aws.ToString(a.AccountId) == t.Ref.Account && r != nil {
			s := scans{}
			for kind, state := range map[types.ResourceScanType]*types.State{types.ResourceScanTypeEc2: r.Ec2, types.ResourceScanTypeEcr: r.Ecr, types.ResourceScanTypeLambda: r.Lambda} {
				if state != nil {
					s[kind] = state.Status
				}
			}
			return s, nil
		}
	}
	return nil, fault.New(fault.Unavailable, "read what Inspector scans in %s: the API answered without the account", t.Ref.Account)
}

// on reports whether a scan is on, or about to be.
func on(s types.Status) bool { return s == types.StatusEnabled || s == types.StatusEnabling }

// same compares what is on: a scan that is being turned on is.
func same(a, b scans) bool {
	return !slices.ContainsFunc(kinds(), func(k types.ResourceScanType) bool { return on(a[k]) != on(b[k]) })
}

func goal(_ effect.Target, now scans) (setting.Goal[scans], error) {
	g := setting.Goal[scans]{To: scans{}, Met: "Inspector scans machines, images and functions"}
	var missing, diff []string
	for _, k := range kinds() {
		g.To[k] = types.StatusEnabled
		switch {
		case now[k] == types.StatusEnabling:
			g.Pending = "Inspector is turning on its scans"
		case !on(now[k]):
			missing = append(missing, string(k))
			diff = append(diff, "- "+string(k)+": "+string(now[k]), "+ "+string(k)+": "+string(types.StatusEnabled))
		}
	}
	g.Missing, g.Diff = "Inspector does not scan: "+strings.Join(missing, ", "), strings.Join(diff, "\n")
	return g, nil
}

// calls turns on, or off, what differs, in one call.
func calls(t effect.Target, from, to scans) ([]effect.Call, error) {
	var enable, disable []types.ResourceScanType
	for _, k := range kinds() {
		switch {
		case on(to[k]) && !on(from[k]):
			enable = append(enable, k)
		case !on(to[k]) && on(from[k]):
			disable = append(disable, k)
		}
	}
	var out []effect.Call
	if enable != nil {
		call, err := action.NewCall(enableMay, action.Everything, setting.In{"AccountIds": []string{t.Ref.Account}, "ResourceTypes": enable})
		if err != nil {
			return nil, err
		}
		// docs.aws.amazon.com/inspector/latest/user/using-service-linked-roles.html
		call.Also = []effect.Need{
			setting.Linked(t.Ref, "inspector2.amazonaws.com", "AWSServiceRoleForAmazonInspector2"),
			setting.Linked(t.Ref, "agentless.inspector2.amazonaws.com", "AWSServiceRoleForAmazonInspector2Agentless"),
		}
		out = append(out, call)
	}
	if disable != nil {
		call, err := action.NewCall(disableMay, action.Everything, setting.In{"AccountIds": []string{t.Ref.Account}, "ResourceTypes": disable})
		if err != nil {
			return nil, err
		}
		out = append(out, call)
	}
	return out, nil
}

// send makes the call. Inspector tells what it could not do in an answer that is no error.
func send(ctx context.Context, cfg aws.Config, call effect.Call) error {
	c := inspector2.NewFromConfig(cfg)
	var failed []types.FailedAccount
	if call.Permission == disableMay {
		var in inspector2.DisableInput
		if err := action.ReadInput(call, &in); err != nil {
			return err
		}
		out, err := c.Disable(ctx, &in)
		if err != nil {
			return awsorg.Fault(err, "turn off Inspector's scans of %v", in.ResourceTypes)
		}
		failed = out.FailedAccounts
	} else {
		var in inspector2.EnableInput
		if err := action.ReadInput(call, &in); err != nil {
			return err
		}
		out, err := c.Enable(ctx, &in)
		if err != nil {
			return awsorg.Fault(err, "turn on Inspector's scans of %v", in.ResourceTypes)
		}
		failed = out.FailedAccounts
	}
	for _, f := range failed {
		return fault.New(fault.Unavailable, "Inspector says of account %s: %s %s", aws.ToString(f.AccountId), f.ErrorCode, aws.ToString(f.ErrorMessage))
	}
	return nil
}
