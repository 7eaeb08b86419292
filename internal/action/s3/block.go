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
	"jobzero/internal/action/setting"
	"jobzero/internal/awsorg"
	"jobzero/internal/effect"
	"jobzero/internal/fault"
	"jobzero/internal/principal"
	"jobzero/internal/resource"
)

const (
	blockMay  = "s3:PutBucketPublicAccessBlock" // IAM asks for it for the deletion too
	everybody = "http://acs.amazonaws.com/groups/global/AllUsers"
	anyUser   = "http://acs.amazonaws.com/groups/global/AuthenticatedUsers"
)

// BlockPublicAccess switches the four switches of a bucket's own public access block on.
func BlockPublicAccess() setting.Of[block] {
	return setting.Of[block]{
		About: action.Info{
			ID: "s3.block-public-access", Title: "Block public access to a bucket",
			Why: "A bucket that nobody has declared public must not be readable or writable by everybody, whatever its policy and its " +
				"access lists say. The block keeps both as they are and takes away only their effect on the public.",
			Risk: "Callers that come in as the public lose access, and so do other accounts while the policy is public. A bucket that serves a website, or is declared public, is left alone.",
			Undo: effect.Exact, UndoHelpsAttacker: true, Targets: []resource.Type{resource.Bucket},
			Reads:  []string{"s3:GetBucketLocation", "s3:GetBucketPublicAccessBlock", "s3:GetBucketWebsite", "s3:GetBucketPolicy", "s3:GetBucketAcl"},
			Writes: []string{blockMay},
			Params: []action.Param{declaredParam()},
		},
		Find: located, Guard: undeclared, Look: lookBlock, Goal: blocked, Calls: blockCalls, Send: sendBlock,
		Loses: func(ctx context.Context, cfg aws.Config, t effect.Target, _ block) ([]string, error) {
			return open(cfg, t.Ref).publicCallers(ctx)
		},
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

func blocked(_ effect.Target, now block) (setting.Goal[block], error) {
	d := diff(now, closed())
	return setting.Goal[block]{To: closed(), Met: "all four switches are on", Missing: "not all four switches are on:\n" + d, Diff: d}, nil
}

func blockCalls(t effect.Target, from, to block) ([]effect.Call, error) {
	if from == to {
		return nil, nil
	}
	call, err := action.NewCall(blockMay, arn(t.Ref), blockInput{t.Ref.ID, t.Ref.Account, to.switches()})
	return []effect.Call{call}, err
}

func sendBlock(ctx context.Context, cfg aws.Config, call effect.Call) error {
	var in blockInput
	if err := action.ReadInput(call, &in); err != nil {
		return err
	}
	if in.PublicAccessBlockConfiguration == nil {
		return setting.Send(ctx, call, s3.NewFromConfig(cfg).DeletePublicAccessBlock)
	}
	return setting.Send(ctx, call, s3.NewFromConfig(cfg).PutPublicAccessBlock)
}

// lookBlock reads the state; a switch that the answer leaves out is an error, not false.
func lookBlock(ctx context.Context, cfg aws.Config, t effect.Target) (block, error) {
	b := open(cfg, t.Ref)
	out, err := b.client.GetPublicAccessBlock(ctx, &s3.GetPublicAccessBlockInput{Bucket: b.name, ExpectedBucketOwner: b.owner})
	if is(err, "NoSuchPublicAccessBlockConfiguration") {
		return block{}, nil
	}
	if err != nil {
		return block{}, b.fault(err, "public access block")
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
