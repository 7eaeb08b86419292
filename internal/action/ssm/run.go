package ssm

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"jobzero/internal/action"
	"jobzero/internal/action/outward"
	"jobzero/internal/action/setting"
	"jobzero/internal/awsorg"
	"jobzero/internal/effect"
	"jobzero/internal/fault"
)

const (
	startMay = "ssm:StartAutomationExecution"
	passMay  = "iam:PassRole"
	// assume is the parameter that names the role of a document
	// (docs.aws.amazon.com/systems-manager/latest/userguide/automation-setup.html).
	assume = "AutomationAssumeRole"
)

// RunAutomation begins an Automation document, and follows it to its end.
func RunAutomation(all []Allowed) outward.Of {
	return outward.Of{
		About: action.Info{
			ID: "ssm.run-automation", Title: "Run an Automation document of the settings",
			Why: "A runbook that exists already goes on to be used: as a step of a playbook, in the account that it is about, with its own role.",
			Risk: "The document does what it was written for, with the rights of its role. Only documents of the settings are run. ClientToken is made of the run and " +
				"the step: begun twice, it runs once.",
			Reads:  []string{"ssm:DescribeDocument", "ssm:GetAutomationExecution"},
			Writes: []string{startMay, passMay}, Within: map[string]string{passMay: "role/" + rolePath + "*"}, Contract: true,
			Params: []action.Param{
				{Name: "document", Text: "its name, as in the settings", Required: true},
				{Name: "parameters", Text: "a JSON object of texts, or of lists of texts"},
			},
		},
		Find: func(ctx context.Context, cfg aws.Config, t effect.Target) (effect.Target, error) {
			return findDocument(ctx, cfg, t, all)
		},
		Write: func(t effect.Target) (outward.Letter, error) { return order(all, t) },
		Send:  begin,
		Look:  follow,
	}
}

func allowedIn(all []Allowed, t effect.Target) (Allowed, error) {
	a, err := Find(all, t.Params["document"])
	if err == nil && !outward.In(a.Accounts, t.Ref.Account) {
		err = fault.New(fault.Invalid, "the settings do not let document %s be run in account %q: add it to its accounts", a.Name, t.Ref.Account)
	}
	return a, err
}

// findDocument completes the target by the region, and looks whether the document is there, can be run, and takes the role.
func findDocument(ctx context.Context, cfg aws.Config, t effect.Target, all []Allowed) (effect.Target, error) {
	a, err := allowedIn(all, t)
	if err != nil {
		return t, err
	}
	t = outward.At(t, a.Region, cfg)
	out, err := ssm.NewFromConfig(setting.At(cfg, t.Ref)).DescribeDocument(ctx, &ssm.DescribeDocumentInput{Name: &a.Name})
	if _, none := errors.AsType[*types.InvalidDocument](err); none {
		return t, fault.New(fault.NotFound, "there is no document %s in account %s, %s", a.Name, t.Ref.Account, t.Ref.Region)
	}
	switch {
	case err != nil:
		return t, awsorg.Fault(err, "read document %s", a.Name)
	case out.Document == nil || out.Document.DocumentType != types.DocumentTypeAutomation:
		return t, fault.New(fault.Invalid, "document %s is no Automation document", a.Name)
	case !slices.ContainsFunc(out.Document.Parameters, func(p types.DocumentParameter) bool { return aws.ToString(p.Name) == assume }):
		return t, fault.New(fault.Invalid, "document %s has no parameter %s, so that it would work as the responder, which may do nothing: add it, with assumeRole: \"{{ %[2]s }}\"", a.Name, assume)
	}
	return t, nil
}

// order is the call that begins it.
func order(all []Allowed, t effect.Target) (outward.Letter, error) {
	a, err := allowedIn(all, t)
	if err != nil {
		return outward.Letter{}, err
	}
	params, err := parameters(t.Params["parameters"])
	if err != nil {
		return outward.Letter{}, err
	}
	partition := awsorg.PartitionOf(t.Ref.Region)
	role := "arn:" + partition + ":iam::" + t.Ref.Account + ":role/" + rolePath + a.Role
	if _, said := params[assume]; said {
		return outward.Letter{}, fault.New(fault.Invalid, "parameters: %s is said by the settings, not by a playbook", assume)
	}
	params[assume] = []string{role}
	in := setting.In{"DocumentName": a.Name, "Parameters": params, "ClientToken": token(t.Effect)}
	if a.Version != "" {
		in["DocumentVersion"] = a.Version
	}
	call, err := action.NewCall(startMay, setting.ARN(t.Ref, "ssm", "document/"+a.Name), in)
	call.Also = []effect.Need{
		{Permission: startMay, Resource: setting.ARN(t.Ref, "ssm", "automation-definition/"+a.Name+":*")},
		{Permission: startMay, Resource: setting.ARN(t.Ref, "ssm", "automation-execution/*")},
		{Permission: passMay, Resource: role},
	}
	return outward.Letter{Call: call, Words: words(a, t, params), To: []string{a.Name}}, err
}

func words(a Allowed, t effect.Target, params map[string][]string) string {
	out := []string{"run document " + a.Name + " in account " + t.Ref.Account + ", " + t.Ref.Region}
	for _, name := range slices.Sorted(maps.Keys(params)) {
		out = append(out, "  "+name+": "+strings.Join(params[name], ", "))
	}
	return strings.Join(out, "\n")
}

// parameters are the document's, each a text or a list of texts.
func parameters(text string) (map[string][]string, error) {
	out, fields := map[string][]string{}, map[string]json.RawMessage{}
	if text == "" {
		return out, nil
	}
	if err := json.Unmarshal([]byte(text), &fields); err != nil {
		return nil, fault.Wrap(fault.Invalid, err, "parameters: want a JSON object")
	}
	for name, v := range fields {
		var one string
		var more []string
		switch {
		case json.Unmarshal(v, &one) == nil:
			out[name] = []string{one}
		case json.Unmarshal(v, &more) == nil:
			out[name] = more
		default:
			return nil, fault.New(fault.Invalid, "parameters: %s: want a text or a list of texts", name)
		}
	}
	return out, nil
}

// token is a UUID (RFC 9562, version 8) of an occasion: what is begun twice with one token runs once.
func token(occasion string) string {
	sum := sha256.Sum256([]byte("jobzero " + occasion))
	sum[6], sum[8] = sum[6]&0x0f|0x80, sum[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", sum[0:4], sum[4:6], sum[6:8], sum[8:10], sum[10:16])
}
