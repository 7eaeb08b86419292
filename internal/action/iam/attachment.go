package iam

import (
	"context"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"

	"jobzero/internal/action"
	"jobzero/internal/action/setting"
	"jobzero/internal/effect"
	"jobzero/internal/principal"
	"jobzero/internal/resource"
)

// attachment is whether a user, role or group has a managed policy.
type attachment struct {
	who
	Attached bool
}

// DetachPolicy takes a managed policy away from a user, role or group.
func DetachPolicy() setting.Of[attachment] {
	return setting.Of[attachment]{
		About: action.Info{
			ID: "iam.detach-policy", Title: "Take a managed policy away from a user, role or group",
			Why: "The quickest way to take a right away that nobody should have. The policy itself stays as it is, and whoever else has it keeps it.",
			Risk: "Whatever the user, role or members of the group may do by this policy alone, they may do no more. A policy that denies something is left " +
				"alone: whoever loses it could do more.",
			Undo: effect.Exact, UndoHelpsAttacker: true, Targets: []resource.Type{resource.Role, resource.User, resource.Group},
			Reads: []string{
				"iam:GetGroup", "iam:GetPolicy", "iam:GetPolicyVersion", "iam:GetRole", "iam:GetUser", "iam:ListPolicyVersions",
				"iam:ListAttachedGroupPolicies", "iam:ListAttachedRolePolicies", "iam:ListAttachedUserPolicies",
			},
			Writes: []string{
				"iam:AttachGroupPolicy", "iam:AttachRolePolicy", "iam:AttachUserPolicy",
				"iam:DetachGroupPolicy", "iam:DetachRolePolicy", "iam:DetachUserPolicy",
			},
			Params: []action.Param{{Name: "policy", Text: "ARN of the policy", Required: true}},
		},
		Guard: notDenying, Send: sendAttachment,
		Look: func(ctx context.Context, cfg aws.Config, t effect.Target) (attachment, error) {
			return lookAttachment(ctx, cfg, t, func(who) string { return t.Params["policy"] })
		},
		Goal: func(t effect.Target, now attachment) (setting.Goal[attachment], error) {
			p := t.Params["policy"]
			return setting.Goal[attachment]{
				To: attachment{now.who, false}, Met: "the policy is not attached", Missing: "the policy is attached", Diff: "- " + p,
				Loses: []string{kind(t.Ref) + " " + t.Ref.ID + ": what " + p + " alone allows"}, Refused: serviceOwned(now.who),
			}, nil
		},
		Calls: func(t effect.Target, from, to attachment) ([]effect.Call, error) {
			return attachmentCalls(t, t.Params["policy"], from, to)
		},
	}
}

// quarantinePolicy is what AWS attaches itself to users whose keys it finds in public
// (docs.aws.amazon.com/aws-managed-policy/latest/reference/AWSCompromisedKeyQuarantineV3.html).
const quarantinePolicy = "AWSCompromisedKeyQuarantineV3"

func quarantineARN(w who) string {
	partition, _, _ := strings.Cut(strings.TrimPrefix(w.ARN, "arn:"), ":")
	return "arn:" + partition + ":iam::aws:policy/" + quarantinePolicy
}

// QuarantineUser attaches AWS's own policy for leaked keys to a user.
func QuarantineUser() setting.Of[attachment] {
	return setting.Of[attachment]{
		About: action.Info{
			ID: "iam.quarantine-user", Title: "Deny a user what thieves of keys do",
			Why: "AWS's own policy for leaked keys denies what they are stolen for, such as starting machines and making users, and lets the rest of the " +
				"user's work go on until somebody has looked. It has no condition on time, so that it holds for sessions that have begun too.",
			Risk: "What the policy denies stops, also what is meant. It does not keep anybody from reading: shut the user out where that matters. What AWS puts " +
				"into the policy changes with time.",
			Undo: effect.Exact, UndoHelpsAttacker: true, Targets: []resource.Type{resource.User},
			Reads:  []string{"iam:GetUser", "iam:ListAttachedUserPolicies"},
			Writes: []string{"iam:AttachUserPolicy", "iam:DetachUserPolicy"},
		},
		Guard: notOwn, Send: sendAttachment,
		Look: func(ctx context.Context, cfg aws.Config, t effect.Target) (attachment, error) {
			return lookAttachment(ctx, cfg, t, quarantineARN)
		},
		Goal: func(t effect.Target, now attachment) (setting.Goal[attachment], error) {
			return setting.Goal[attachment]{
				To: attachment{now.who, true}, Met: "the user is in quarantine", Missing: "the user is not in quarantine",
				Diff: "+ " + quarantineARN(now.who), Loses: []string{"user " + t.Ref.ID + ": what " + quarantinePolicy + " denies"},
			}, nil
		},
		Calls: func(t effect.Target, from, to attachment) ([]effect.Call, error) {
			return attachmentCalls(t, quarantineARN(from.who), from, to)
		},
	}
}

func lookAttachment(ctx context.Context, cfg aws.Config, t effect.Target, policy func(who) string) (a attachment, err error) {
	if a.who, err = whoIs(ctx, cfg, t.Ref); err == nil {
		a.Attached, err = attached(ctx, cfg, t.Ref, policy(a.who))
	}
	return a, err
}

func attachmentCalls(t effect.Target, policy string, from, to attachment) ([]effect.Call, error) {
	if from.Attached == to.Attached {
		return nil, nil
	}
	verb := "Attach"
	if !to.Attached {
		verb = "Detach"
	}
	whose := strings.TrimSuffix(nameOf(t.Ref), "Name")
	return setting.One("iam:"+verb+whose+"Policy", from.ARN, setting.In{nameOf(t.Ref): t.Ref.ID, "PolicyArn": policy})
}

func sendAttachment(ctx context.Context, cfg aws.Config, call effect.Call) error {
	c := iam.NewFromConfig(cfg)
	switch call.Permission {
	case "iam:AttachGroupPolicy":
		return setting.Send(ctx, call, c.AttachGroupPolicy)
	case "iam:AttachRolePolicy":
		return setting.Send(ctx, call, c.AttachRolePolicy)
	case "iam:AttachUserPolicy":
		return setting.Send(ctx, call, c.AttachUserPolicy)
	case "iam:DetachGroupPolicy":
		return setting.Send(ctx, call, c.DetachGroupPolicy)
	case "iam:DetachRolePolicy":
		return setting.Send(ctx, call, c.DetachRolePolicy)
	}
	return setting.Send(ctx, call, c.DetachUserPolicy)
}

// notDenying refuses a policy that protects, and what jobzero itself works as.
func notDenying(ctx context.Context, s action.Session, t effect.Target) (string, error) {
	if refused, err := notOwn(ctx, s, t); refused != "" || err != nil {
		return refused, err
	}
	v, err := lookAt(ctx, s.Reader, t.Params["policy"])
	if err == errNoPolicy { //nolint:errorlint // lookAt gives it as it is
		return "", nil // what does not exist is attached to nobody
	}
	if err != nil {
		return "", err
	}
	p, err := principal.ParsePolicy([]byte(v.Document))
	if err != nil {
		return "", err
	}
	for _, st := range p.Statements {
		if st.Effect != "Allow" {
			return "the policy denies something too: without it more would be allowed", nil
		}
	}
	return "", nil
}
