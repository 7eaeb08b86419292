package s3

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"jobzero/internal/action"
	"jobzero/internal/awsorg"
	"jobzero/internal/effect"
	"jobzero/internal/fault"
	"jobzero/internal/principal"
	"jobzero/internal/resource"
)

const (
	blockID   = "s3.block-public-access"
	blockMay  = "s3:PutBucketPublicAccessBlock" // IAM asks for it for the deletion too
	everybody = "http://acs.amazonaws.com/groups/global/AllUsers"
	anyUser   = "http://acs.amazonaws.com/groups/global/AuthenticatedUsers"
)

// BlockPublicAccess switches the four switches of a bucket's own public access block on.
type BlockPublicAccess struct{}

// Info describes the action.
func (BlockPublicAccess) Info() action.Info {
	return action.Info{
		ID: blockID, Title: "Block public access to a bucket",
		Why: "A bucket that nobody has declared public must not be readable or writable by everybody, whatever its policy and its " +
			"access lists say. The block keeps both as they are and takes away only their effect on the public.",
		Risk: "Callers that come in as the public lose access, and so do other accounts while the policy is public. A bucket that serves a website, or is declared public, is left alone.",
		Undo: effect.Exact, Targets: []resource.Type{resource.Bucket},
		Reads:  []string{"s3:GetBucketLocation", "s3:GetBucketPublicAccessBlock", "s3:GetBucketWebsite", "s3:GetBucketPolicy", "s3:GetBucketAcl"},
		Writes: []string{blockMay},
		Params: []action.Param{declaredParam()},
	}
}

// block is the state of a bucket's own block. Not configured and four times false do the same but are not the same.
type block struct {
	Configured            bool
	BlockPublicAcls       bool
	IgnorePublicAcls      bool
	BlockPublicPolicy     bool
	RestrictPublicBuckets bool
}

func closed() block { return block{true, true, true, true, true} }

// blockInput is the API's shape of the call.
type blockInput struct {
	Bucket                         string
	ExpectedBucketOwner            string
	PublicAccessBlockConfiguration *switches `json:",omitempty"`
}

type switches struct {
	BlockPublicAcls, IgnorePublicAcls, BlockPublicPolicy, RestrictPublicBuckets bool
}

func (b block) switches() *switches {
	if !b.Configured {
		return nil
	}
	return &switches{b.BlockPublicAcls, b.IgnorePublicAcls, b.BlockPublicPolicy, b.RestrictPublicBuckets}
}

// Plan reads the block and who comes in as the public.
func (BlockPublicAccess) Plan(ctx context.Context, s action.Session, t effect.Target) (effect.Plan, error) {
	p, b, err := begin(ctx, blockID, s, t)
	if err != nil || ended(p) {
		return p, err
	}
	before, err := b.block(ctx)
	if err != nil {
		return p, err
	}
	if before == closed() {
		p.Nothing = "all four switches are on already"
		return p, nil
	}
	if p.Loses, err = b.publicCallers(ctx); err != nil {
		return p, err
	}
	p.Diff = diff(before, closed())
	if p.Before, err = action.Text(before); err != nil {
		return p, err
	}
	call, err := blockCall(p.Target.Ref, closed())
	p.Calls = []effect.Call{call}
	return p, err
}

func blockCall(ref resource.Ref, to block) (effect.Call, error) {
	return action.NewCall(blockMay, arn(ref), blockInput{ref.ID, ref.Account, to.switches()})
}

// Do switches the block on.
func (BlockPublicAccess) Do(ctx context.Context, s action.Session, p effect.Plan) (effect.Result, error) {
	call, err := blockCall(p.Target.Ref, closed())
	if err != nil {
		return effect.Result{}, err
	}
	if call, err = action.Exactly(p, call); err != nil {
		return effect.Result{}, err
	}
	if err := still(ctx, s, p); err != nil {
		return effect.Result{}, err
	}
	return turn(ctx, s, p, step{from: func(planned block) block { return planned }, to: func(block) block { return closed() }, call: call})
}

// Inverse is the call that puts the block back, or takes it away where there was none.
func (BlockPublicAccess) Inverse(p effect.Plan) ([]effect.Call, error) {
	var before block
	if err := action.ReadBefore(p, &before); err != nil {
		return nil, err
	}
	call, err := blockCall(p.Target.Ref, before)
	return []effect.Call{call}, err
}

// Undo puts the block back exactly as it was.
func (a BlockPublicAccess) Undo(ctx context.Context, s action.Session, p effect.Plan) (effect.Result, error) {
	calls, err := a.Inverse(p)
	if err != nil {
		return effect.Result{}, err
	}
	return turn(ctx, s, p, step{from: func(block) block { return closed() }, to: func(planned block) block { return planned }, call: calls[0]})
}

// step leads from one state to another, both worked out from what was planned.
type step struct {
	from, to func(planned block) block
	call     effect.Call
}

func turn(ctx context.Context, s action.Session, p effect.Plan, st step) (effect.Result, error) {
	var before block
	if err := action.ReadBefore(p, &before); err != nil {
		return effect.Result{}, err
	}
	now, err := open(s.Reader, p.Target.Ref).block(ctx)
	switch {
	case is(err, "NoSuchBucket"):
		return effect.Result{}, action.Moved(p)
	case err != nil:
		return effect.Result{}, err
	case now == st.to(before):
		return effect.Result{Already: true}, nil
	case now != st.from(before):
		return effect.Result{}, action.Moved(p)
	}
	if err := putBlock(ctx, open(s.Responder, p.Target.Ref), p, st.call); err != nil {
		return effect.Result{}, err
	}
	after, err := action.Text(st.to(before))
	return effect.Result{Calls: 1, After: after}, err
}

func putBlock(ctx context.Context, b bucket, p effect.Plan, call effect.Call) error {
	var in s3.PutPublicAccessBlockInput
	if err := action.ReadInput(call, &in); err != nil {
		return err
	}
	var err error
	if in.PublicAccessBlockConfiguration == nil {
		_, err = b.client.DeletePublicAccessBlock(ctx, &s3.DeletePublicAccessBlockInput{Bucket: b.name, ExpectedBucketOwner: b.owner})
	} else {
		_, err = b.client.PutPublicAccessBlock(ctx, &in)
	}
	return awsorg.Fault(err, "set the public access block of %s", p.Target.Ref)
}

// Verify looks whether all four switches are on.
func (BlockPublicAccess) Verify(ctx context.Context, s action.Session, p effect.Plan) (effect.Check, error) {
	now, err := open(s.Reader, p.Target.Ref).block(ctx)
	if err != nil {
		return goneCheck(err)
	}
	if now == closed() {
		return effect.Check{Holds: true, Text: "all four switches are on"}, nil
	}
	return effect.Check{Text: "not all four switches are on:\n" + diff(now, closed())}, nil
}

// block reads the state; a switch that the answer leaves out is an error, not false.
func (b bucket) block(ctx context.Context) (block, error) {
	out, err := b.client.GetPublicAccessBlock(ctx, &s3.GetPublicAccessBlockInput{Bucket: b.name, ExpectedBucketOwner: b.owner})
	if is(err, "NoSuchPublicAccessBlockConfiguration") {
		return block{}, nil
	}
	if err != nil {
		return block{}, awsorg.Fault(err, "read the public access block of bucket %s", *b.name)
	}
	c := out.PublicAccessBlockConfiguration
	if c == nil || c.BlockPublicAcls == nil || c.IgnorePublicAcls == nil || c.BlockPublicPolicy == nil || c.RestrictPublicBuckets == nil {
		return block{}, fault.New(fault.Unavailable, "read the public access block of bucket %s: the API answered without all of it", *b.name)
	}
	return block{true, *c.BlockPublicAcls, *c.IgnorePublicAcls, *c.BlockPublicPolicy, *c.RestrictPublicBuckets}, nil
}

func diff(from, to block) string {
	var lines []string
	row := func(name string, a, b bool) {
		if a != b {
			lines = append(lines, fmt.Sprintf("- %s: %t", name, a), fmt.Sprintf("+ %s: %t", name, b))
		}
	}
	row("configured", from.Configured, to.Configured)
	row("BlockPublicAcls", from.BlockPublicAcls, to.BlockPublicAcls)
	row("IgnorePublicAcls", from.IgnorePublicAcls, to.IgnorePublicAcls)
	row("BlockPublicPolicy", from.BlockPublicPolicy, to.BlockPublicPolicy)
	row("RestrictPublicBuckets", from.RestrictPublicBuckets, to.RestrictPublicBuckets)
	return strings.Join(lines, "\n")
}

// publicCallers names who comes in as the public, by policy and by access list.
func (b bucket) publicCallers(ctx context.Context) ([]string, error) {
	var out []string
	text, err := b.policy(ctx)
	if err != nil {
		return nil, err
	}
	if text != nil {
		if p, err := principal.ParsePolicy([]byte(*text)); err != nil {
			out = append(out, "perhaps others: "+err.Error())
		} else if found := p.Public(principal.Scope{Service: "s3"}); len(found) > 0 {
			out = append(append(out, losers(p, found)...), strangers(p, *b.owner)...)
		}
	}
	acl, err := b.client.GetBucketAcl(ctx, &s3.GetBucketAclInput{Bucket: b.name, ExpectedBucketOwner: b.owner})
	if err != nil {
		return nil, awsorg.Fault(err, "read the access list of bucket %s", *b.name)
	}
	return append(out, publicGrants(acl.Grants)...), nil
}

// strangers names the other accounts that a policy lets in: as long as it is public, the block keeps them out too.
func strangers(p principal.Policy, owner string) []string {
	var out []string
	for _, s := range p.Statements {
		for _, g := range s.Principals {
			if s.Effect != "Allow" || g.Kind != "AWS" || g.Name == "*" || g.Name == owner || strings.Contains(g.Name, ":"+owner+":") {
				continue
			}
			if text := g.Name + ", while the policy is public"; !slices.Contains(out, text) {
				out = append(out, text)
			}
		}
	}
	return out
}

func publicGrants(grants []types.Grant) []string {
	var out []string
	for _, g := range grants {
		if g.Grantee == nil {
			continue
		}
		switch aws.ToString(g.Grantee.URI) {
		case everybody:
			out = append(out, fmt.Sprintf("everybody, by the bucket's access list: %s", g.Permission))
		case anyUser:
			out = append(out, fmt.Sprintf("everybody with any AWS account, by the bucket's access list: %s", g.Permission))
		}
	}
	return out
}
