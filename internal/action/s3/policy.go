package s3

import (
	"context"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"jobzero/internal/action"
	"jobzero/internal/action/setting"
	"jobzero/internal/effect"
	"jobzero/internal/fault"
	"jobzero/internal/principal"
	"jobzero/internal/resource"
)

const (
	putMay    = "s3:PutBucketPolicy"
	deleteMay = "s3:DeleteBucketPolicy"
)

// RemovePublicPolicy takes the statements that let everybody in out of a bucket's policy and leaves all others byte for byte.
func RemovePublicPolicy() setting.Of[policyState] {
	return setting.Of[policyState]{
		About: action.Info{
			ID: "s3.remove-public-policy", Title: "Remove the public statements of a bucket's policy",
			Why: "The smallest cut: only the Allow statements that let everybody in go. The others, and above all the Denies, protect " +
				"the bucket and stay byte for byte. When nothing else is in the policy, the policy goes.",
			Risk: "Callers that come in as the public lose access, and so do callers of the account itself that relied on the removed statement. A bucket that serves a website, or is declared public, is left alone.",
			Undo: effect.Exact, UndoHelpsAttacker: true, Targets: []resource.Type{resource.Bucket},
			Reads:  []string{"s3:GetBucketLocation", "s3:GetBucketWebsite", "s3:GetBucketPolicy"},
			Writes: []string{putMay, deleteMay},
			Params: []action.Param{declaredParam()},
		},
		Find: located, Guard: undeclared, Look: lookPolicy, Goal: cut, Calls: policyCalls, Send: sendPolicy, Same: policyState.same,
	}
}

// policyState is a bucket's policy; a nil text is none.
type policyState struct {
	Policy *string
}

// same compares what two policies say: AWS may write one in another way than it was put.
func (s policyState) same(o policyState) bool {
	if s.Policy == nil || o.Policy == nil {
		return s.Policy == o.Policy
	}
	return action.SameText(*s.Policy, *o.Policy)
}

// policyInput is the API's shape of both calls.
type policyInput struct {
	Bucket              string
	ExpectedBucketOwner string
	Policy              *string `json:",omitempty"`
}

func lookPolicy(ctx context.Context, cfg aws.Config, t effect.Target) (policyState, error) {
	text, err := open(cfg, t.Ref).policy(ctx)
	return policyState{text}, err
}

func parse(text string) (principal.Policy, error) {
	if !utf8.ValidString(text) {
		return principal.Policy{}, fault.New(fault.Invalid, "the policy is no UTF-8")
	}
	return principal.ParsePolicy([]byte(text))
}

// cut leaves what does not surely let everybody in. A text that cannot be read is unclear, not refused: what else the playbook has
// against public access must not be held up by it.
func cut(t effect.Target, now policyState) (setting.Goal[policyState], error) {
	g := setting.Goal[policyState]{To: now, Met: "the bucket has no policy", Missing: "the policy lets everybody in"}
	if now.Policy == nil {
		return g, nil
	}
	policy, err := parse(*now.Policy)
	if err != nil {
		g.Unclear = fmt.Sprintf("the policy cannot be cut safely: %v", err)
		return g, nil
	}
	g.Met = "no statement of the policy lets everybody in"
	gone, unclear := public(policy)
	if len(gone) == 0 {
		if len(unclear) > 0 {
			g.Unclear = "no statement surely lets everybody in, but it is not clear: " + strings.Join(unclear, "; ")
		}
		return g, nil
	}
	rest, err := policy.Without(gone...)
	if err != nil {
		return g, err
	}
	var lines []string
	for _, i := range gone {
		lines = append(lines, "- "+string(policy.Statements[i].Raw))
	}
	g.To = policyState{}
	if rest == nil {
		lines = append(lines, "- (the policy itself: nothing would be left in it)")
	} else {
		g.To.Policy = aws.String(string(rest))
	}
	g.Diff, g.Loses = strings.Join(lines, "\n"), cutOff(policy, t.Ref)
	return g, nil
}

// public gives the statements that surely let everybody in: those go. What only may is for a person, in words.
func public(policy principal.Policy) (gone []int, unclear []string) {
	for _, f := range policy.Public(principal.Scope{Service: "s3"}) {
		if f.Verdict == principal.Yes {
			gone = append(gone, f.Index)
			continue
		}
		unclear = append(unclear, fmt.Sprintf("statement %d%s: %s", f.Index+1, quoted(f.Sid), f.Why))
	}
	return gone, unclear
}

// cutOff names who loses access by the cut.
func cutOff(policy principal.Policy, ref resource.Ref) (out []string) {
	for _, l := range losers(policy, policy.Public(principal.Scope{Service: "s3"})) {
		if strings.HasPrefix(l, "everybody") {
			out = append(out, l)
		}
	}
	return append(out, "callers of account "+ref.Account+" that have no other permission than the removed statements")
}

// policyCalls puts a policy, or deletes the one there is.
func policyCalls(t effect.Target, from, to policyState) ([]effect.Call, error) {
	if from.same(to) {
		return nil, nil
	}
	may := putMay
	if to.Policy == nil {
		may = deleteMay
	}
	call, err := action.NewCall(may, arn(t.Ref), policyInput{t.Ref.ID, t.Ref.Account, to.Policy})
	return []effect.Call{call}, err
}

func sendPolicy(ctx context.Context, cfg aws.Config, call effect.Call) error {
	if call.Permission == deleteMay {
		return setting.Send(ctx, call, s3.NewFromConfig(cfg).DeleteBucketPolicy)
	}
	return setting.Send(ctx, call, s3.NewFromConfig(cfg).PutBucketPolicy)
}
