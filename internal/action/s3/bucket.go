package s3

import (
	"context"
	"errors"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/smithy-go"

	"jobzero/internal/action"
	"jobzero/internal/awsorg"
	"jobzero/internal/effect"
	"jobzero/internal/fault"
	"jobzero/internal/principal"
	"jobzero/internal/resource"
)

// declaredParam says what people have said about the bucket.
func declaredParam() action.Param {
	return action.Param{Name: "declared", Text: "public or private, as the file of intent says; a bucket declared public is left alone, and so is a website unless it is declared private"}
}

// bucket is one bucket through one session. Every call names the owner: a bucket that has come into other hands answers with
// a denial.
type bucket struct {
	client *s3.Client
	name   *string
	owner  *string
}

func open(cfg aws.Config, ref resource.Ref) bucket {
	if ref.Region != "" {
		cfg = cfg.Copy()
		cfg.Region = ref.Region
	}
	return bucket{client: s3.NewFromConfig(cfg), name: aws.String(ref.ID), owner: aws.String(ref.Account)}
}

// arn is what a responder is narrowed to.
func arn(ref resource.Ref) string {
	return principal.ARN{Partition: awsorg.PartitionOf(ref.Region), Service: "s3", Resource: ref.ID}.String()
}

// begin starts a plan: it finds the bucket and refuses what is declared public or serves a website.
func begin(ctx context.Context, id string, s action.Session, t effect.Target) (effect.Plan, bucket, error) {
	p := effect.Plan{Action: id, Target: t, Undo: effect.Exact}
	switch d := t.Params["declared"]; d {
	case "", "private":
	case "public":
		p.Refused = "the bucket is declared public"
		return p, bucket{}, nil
	default:
		return p, bucket{}, fault.New(fault.Invalid, "%s: declared is %q, want public or private", id, d)
	}
	region, err := awsorg.BucketRegion(ctx, s.Reader, t.Ref.ID, t.Ref.Account)
	if is(err, "NoSuchBucket") {
		p.Nothing = "the bucket does not exist any more"
		return p, bucket{}, nil
	}
	if err != nil {
		return p, bucket{}, err
	}
	p.Target.Ref.Region = region
	b := open(s.Reader, p.Target.Ref)
	site, err := b.site(ctx, t)
	if site {
		p.Refused = "the bucket serves a website: declare it private in the file of intent, or take the website away"
	}
	return p, b, err
}

func ended(p effect.Plan) bool { return p.Refused != "" || p.Nothing != "" }

// site reports whether the bucket is a website that nobody has declared private.
func (b bucket) site(ctx context.Context, t effect.Target) (bool, error) {
	if t.Params["declared"] == "private" {
		return false, nil
	}
	site, err := b.website(ctx)
	return site, awsorg.Fault(err, "see whether %s is a website", t.Ref)
}

// still refuses to go on when the bucket has become a website since the plan was made: a plan may have waited for hours.
func still(ctx context.Context, s action.Session, p effect.Plan) error {
	site, err := open(s.Reader, p.Target.Ref).site(ctx, p.Target)
	if is(err, "NoSuchBucket") || site {
		return action.Moved(p)
	}
	return err
}

func (b bucket) website(ctx context.Context) (bool, error) {
	_, err := b.client.GetBucketWebsite(ctx, &s3.GetBucketWebsiteInput{Bucket: b.name, ExpectedBucketOwner: b.owner})
	if is(err, "NoSuchWebsiteConfiguration") {
		return false, nil
	}
	return err == nil, err
}

// policy gives the exact text; there is none when it is nil.
func (b bucket) policy(ctx context.Context) (*string, error) {
	out, err := b.client.GetBucketPolicy(ctx, &s3.GetBucketPolicyInput{Bucket: b.name, ExpectedBucketOwner: b.owner})
	if is(err, "NoSuchBucketPolicy") {
		return nil, nil
	}
	if err != nil {
		return nil, awsorg.Fault(err, "read the policy of bucket %s", *b.name)
	}
	if out.Policy == nil {
		return nil, fault.New(fault.Unavailable, "read the policy of bucket %s: the API answered without one", *b.name)
	}
	return out.Policy, nil
}

// is reports whether the API named exactly this fault.
func is(err error, code string) bool {
	api, ok := errors.AsType[smithy.APIError](err)
	return ok && api.ErrorCode() == code
}

// goneCheck is the check of a bucket that is no more: nobody gets in.
func goneCheck(err error) (effect.Check, error) {
	if is(err, "NoSuchBucket") {
		return effect.Check{Holds: true, Text: "the bucket does not exist any more"}, nil
	}
	return action.Unseen(err), nil
}

// losers names who a policy lets in as the public, for the plan.
func losers(p principal.Policy, found []principal.Public) []string {
	var out []string
	for _, f := range found {
		s := p.Statements[f.Index]
		what := s.Actions
		if len(what) == 0 {
			what = append([]string{"everything but"}, s.NotActions...)
		}
		sure := "everybody"
		if f.Verdict == principal.Maybe {
			sure = "perhaps everybody"
		}
		out = append(out, fmt.Sprintf("%s, by statement %d%s: %v on %v", sure, f.Index+1, quoted(f.Sid), what, s.Resources))
	}
	return out
}

func quoted(sid string) string {
	if sid == "" {
		return ""
	}
	return fmt.Sprintf(" %q", sid)
}
