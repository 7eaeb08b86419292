package s3

import (
	"context"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/aws/aws-sdk-go-v2/service/s3"

	"jobzero/internal/action"
	"jobzero/internal/awsorg"
	"jobzero/internal/effect"
	"jobzero/internal/principal"
	"jobzero/internal/resource"
)

const (
	policyID  = "s3.remove-public-policy"
	putMay    = "s3:PutBucketPolicy"
	deleteMay = "s3:DeleteBucketPolicy"
)

// RemovePublicPolicy takes the statements that let everybody in out of a bucket's policy and leaves all others byte for byte.
type RemovePublicPolicy struct{}

// Info describes the action.
func (RemovePublicPolicy) Info() action.Info {
	return action.Info{
		ID: policyID, Title: "Remove the public statements of a bucket's policy",
		Why: "The smallest cut: only the Allow statements that let everybody in go. The others, and above all the Denies, protect " +
			"the bucket and stay byte for byte. When nothing else is in the policy, the policy goes.",
		Risk: "Callers that come in as the public lose access, and so do callers of the account itself that relied on the removed statement. A bucket that serves a website, or is declared public, is left alone.",
		Undo: effect.Exact, Targets: []resource.Type{resource.Bucket},
		Reads:  []string{"s3:GetBucketLocation", "s3:GetBucketWebsite", "s3:GetBucketPolicy"},
		Writes: []string{putMay, deleteMay},
		Params: []action.Param{declaredParam()},
	}
}

// policyState is a bucket's policy; a nil text is none.
type policyState struct {
	Policy *string
}

func (s policyState) same(o *string) bool {
	if s.Policy == nil || o == nil {
		return s.Policy == o
	}
	return *s.Policy == *o
}

// policyInput is the API's shape of both calls.
type policyInput struct {
	Bucket              string
	ExpectedBucketOwner string
	Policy              *string `json:",omitempty"`
}

// Plan finds the public statements. What only may be public is for a person.
func (RemovePublicPolicy) Plan(ctx context.Context, s action.Session, t effect.Target) (effect.Plan, error) {
	p, b, err := begin(ctx, policyID, s, t)
	if err != nil || ended(p) {
		return p, err
	}
	text, err := b.policy(ctx)
	if err != nil {
		return p, err
	}
	if text == nil {
		p.Nothing = "the bucket has no policy"
		return p, nil
	}
	policy, err := principal.ParsePolicy([]byte(*text))
	if err != nil || !utf8.ValidString(*text) {
		p.Refused = fmt.Sprintf("the policy cannot be cut safely: %v", err)
		return p, nil
	}
	cut(&p, policy)
	if ended(p) {
		return p, nil
	}
	return p, finish(&p, policy, text)
}

// cut decides which statements go.
func cut(p *effect.Plan, policy principal.Policy) {
	found := policy.Public(principal.Scope{Service: "s3"})
	var unclear []string
	yes := 0
	for _, f := range found {
		if f.Verdict == principal.Yes {
			yes++
			continue
		}
		unclear = append(unclear, fmt.Sprintf("statement %d%s: %s", f.Index+1, quoted(f.Sid), f.Why))
	}
	switch {
	case yes == 0 && len(unclear) > 0:
		p.Refused = "whether the policy is public is not clear: " + strings.Join(unclear, "; ")
	case yes == 0:
		p.Nothing = "no statement of the policy lets everybody in"
	}
}

// publicIndexes gives the statements that surely are public.
func publicIndexes(policy principal.Policy) []int {
	var out []int
	for _, f := range policy.Public(principal.Scope{Service: "s3"}) {
		if f.Verdict == principal.Yes {
			out = append(out, f.Index)
		}
	}
	return out
}

func finish(p *effect.Plan, policy principal.Policy, text *string) error {
	gone := publicIndexes(policy)
	rest, err := policy.Without(gone...)
	if err != nil {
		return err
	}
	var after *string
	if rest != nil {
		t := string(rest)
		after = &t
	}
	var lines []string
	for _, i := range gone {
		lines = append(lines, "- "+string(policy.Statements[i].Raw))
	}
	if after == nil {
		lines = append(lines, "- (the policy itself: nothing would be left in it)")
	}
	p.Diff = strings.Join(lines, "\n")
	for _, l := range losers(policy, policy.Public(principal.Scope{Service: "s3"})) {
		if strings.HasPrefix(l, "everybody") {
			p.Loses = append(p.Loses, l)
		}
	}
	p.Loses = append(p.Loses, "callers of account "+p.Target.Ref.Account+" that have no other permission than the removed statements")
	if p.Before, err = action.Text(policyState{text}); err != nil {
		return err
	}
	call, err := policyCall(p.Target.Ref, after)
	p.Calls = []effect.Call{call}
	return err
}

func policyCall(ref resource.Ref, to *string) (effect.Call, error) {
	may := putMay
	if to == nil {
		may = deleteMay
	}
	return action.NewCall(may, arn(ref), policyInput{ref.ID, ref.Account, to})
}

// Do puts the cut policy, or deletes it.
func (RemovePublicPolicy) Do(ctx context.Context, s action.Session, p effect.Plan) (effect.Result, error) {
	var before policyState
	if err := action.ReadBefore(p, &before); err != nil {
		return effect.Result{}, err
	}
	call, err := action.Only(p)
	if err != nil {
		return effect.Result{}, err
	}
	after, err := target(p, call)
	if err != nil {
		return effect.Result{}, err
	}
	return swap(ctx, s, p, change{from: before, to: after})
}

// target is what the plan's call leaves behind.
func target(p effect.Plan, call effect.Call) (policyState, error) {
	var in s3.PutBucketPolicyInput
	if err := action.ReadInput(call, &in); err != nil {
		return policyState{}, err
	}
	return policyState{in.Policy}, sameTarget(p, in.Bucket, in.ExpectedBucketOwner)
}

// Inverse is the call that puts the old text back.
func (RemovePublicPolicy) Inverse(p effect.Plan) ([]effect.Call, error) {
	var before policyState
	if err := action.ReadBefore(p, &before); err != nil {
		return nil, err
	}
	call, err := policyCall(p.Target.Ref, before.Policy)
	return []effect.Call{call}, err
}

// Undo puts the exact old text back.
func (RemovePublicPolicy) Undo(ctx context.Context, s action.Session, p effect.Plan) (effect.Result, error) {
	var before policyState
	if err := action.ReadBefore(p, &before); err != nil {
		return effect.Result{}, err
	}
	call, err := action.Only(p)
	if err != nil {
		return effect.Result{}, err
	}
	after, err := target(p, call)
	if err != nil {
		return effect.Result{}, err
	}
	return swap(ctx, s, p, change{from: after, to: before})
}

// change leads from one policy to another.
type change struct {
	from, to policyState
}

func swap(ctx context.Context, s action.Session, p effect.Plan, c change) (effect.Result, error) {
	now, err := open(s.Reader, p.Target.Ref).policy(ctx)
	switch {
	case is(err, "NoSuchBucket"):
		return effect.Result{}, action.Moved(p)
	case err != nil:
		return effect.Result{}, err
	case c.to.same(now):
		return effect.Result{Already: true}, nil
	case !c.from.same(now):
		return effect.Result{}, action.Moved(p)
	}
	b := open(s.Responder, p.Target.Ref)
	if c.to.Policy == nil {
		_, err = b.client.DeleteBucketPolicy(ctx, &s3.DeleteBucketPolicyInput{Bucket: b.name, ExpectedBucketOwner: b.owner})
	} else {
		_, err = b.client.PutBucketPolicy(ctx, &s3.PutBucketPolicyInput{Bucket: b.name, ExpectedBucketOwner: b.owner, Policy: c.to.Policy})
	}
	if err != nil {
		return effect.Result{}, awsorg.Fault(err, "change the policy of %s", p.Target.Ref)
	}
	after, err := action.Text(c.to)
	return effect.Result{Calls: 1, After: after}, err
}

// Verify looks whether a statement lets everybody in. What only may is unknown.
func (RemovePublicPolicy) Verify(ctx context.Context, s action.Session, p effect.Plan) (effect.Check, error) {
	text, err := open(s.Reader, p.Target.Ref).policy(ctx)
	if err != nil {
		return goneCheck(err)
	}
	if text == nil {
		return effect.Check{Holds: true, Text: "the bucket has no policy"}, nil
	}
	policy, err := principal.ParsePolicy([]byte(*text))
	if err != nil {
		return effect.Check{Unknown: true, Text: err.Error()}, nil
	}
	again := effect.Plan{}
	cut(&again, policy)
	switch {
	case again.Nothing != "":
		return effect.Check{Holds: true, Text: again.Nothing}, nil
	case again.Refused != "":
		return effect.Check{Unknown: true, Text: again.Refused}, nil
	}
	return effect.Check{Text: "the policy lets everybody in"}, nil
}
