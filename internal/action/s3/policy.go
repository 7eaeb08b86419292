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
	"jobzero/internal/fault"
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
	return action.SameText(*s.Policy, *o) // AWS may write it in another way than it was put
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
	policy, err := parse(*text)
	if err != nil {
		// Nothing, not refused: what else the playbook has against public access must not be held up by a text.
		p.Nothing = fmt.Sprintf("the policy cannot be cut safely: %v", err)
		return p, nil
	}
	switch gone, unclear := public(policy); {
	case len(gone) > 0:
		return p, finish(&p, policy, text)
	case len(unclear) > 0:
		p.Nothing = "no statement surely lets everybody in, but it is not clear: " + strings.Join(unclear, "; ")
	default:
		p.Nothing = "no statement of the policy lets everybody in"
	}
	return p, nil
}

func parse(text string) (principal.Policy, error) {
	if !utf8.ValidString(text) {
		return principal.Policy{}, fault.New(fault.Invalid, "the policy is no UTF-8")
	}
	return principal.ParsePolicy([]byte(text))
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

// rest is what the cut leaves of a policy.
func rest(policy principal.Policy) (policyState, error) {
	gone, _ := public(policy)
	text, err := policy.Without(gone...)
	if err != nil || text == nil {
		return policyState{}, err
	}
	after := string(text)
	return policyState{&after}, nil
}

func finish(p *effect.Plan, policy principal.Policy, text *string) error {
	gone, _ := public(policy)
	after, err := rest(policy)
	if err != nil {
		return err
	}
	var lines []string
	for _, i := range gone {
		lines = append(lines, "- "+string(policy.Statements[i].Raw))
	}
	if after.Policy == nil {
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
	call, err := policyCall(p.Target.Ref, after.Policy)
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
	after, err := planned(p, before)
	if err != nil {
		return effect.Result{}, err
	}
	if err := still(ctx, s, p); err != nil {
		return effect.Result{}, err
	}
	return swap(ctx, s, p, change{from: before, to: after})
}

// planned works out once more what the cut leaves, and checks that the plan's call is that.
func planned(p effect.Plan, before policyState) (policyState, error) {
	if before.Policy == nil {
		return policyState{}, fault.New(fault.Invalid, "the plan of %s for %s has recorded no policy to cut", p.Action, p.Target.Ref)
	}
	policy, err := parse(*before.Policy)
	if err != nil {
		return policyState{}, err
	}
	after, err := rest(policy)
	if err != nil {
		return policyState{}, err
	}
	want, err := policyCall(p.Target.Ref, after.Policy)
	if err != nil {
		return policyState{}, err
	}
	_, err = action.Exactly(p, want)
	return after, err
}

// done is what the plan's call has left behind, as it was planned: a later version might cut in another way.
func done(p effect.Plan) (policyState, error) {
	call, err := action.Only(p)
	if err != nil {
		return policyState{}, err
	}
	var in policyInput
	err = action.ReadInput(call, &in)
	return policyState{in.Policy}, err
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
	after, err := done(p)
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
	policy, err := parse(*text)
	if err != nil {
		return effect.Check{Unknown: true, Text: err.Error()}, nil //nolint:nilerr // a policy that cannot be read is an answer: unknown
	}
	switch gone, unclear := public(policy); {
	case len(gone) > 0:
		return effect.Check{Text: "the policy lets everybody in"}, nil
	case len(unclear) > 0:
		return effect.Check{Unknown: true, Text: "whether the policy lets everybody in is not clear: " + strings.Join(unclear, "; ")}, nil
	}
	return effect.Check{Holds: true, Text: "no statement of the policy lets everybody in"}, nil
}
