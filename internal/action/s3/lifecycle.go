package s3

import (
	"context"
	"fmt"
	"slices"
	"strconv"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"jobzero/internal/action"
	"jobzero/internal/action/setting"
	"jobzero/internal/effect"
	"jobzero/internal/fault"
	"jobzero/internal/resource"
)

const (
	lifecycleMay = "s3:PutLifecycleConfiguration" // IAM asks for it for the deletion too
	expiryRule   = "jobzero-expire-old-versions"
	usualDays    = 90
	fewestDays   = 30   // what was overwritten by a mistake or by ransomware must be found before it is gone
	mostRules    = 1000 // that S3 takes (docs.aws.amazon.com/AmazonS3/latest/userguide/how-to-set-lifecycle-configuration-intro.html)
)

// lifecycle is what a bucket does with objects by their age.
type lifecycle struct {
	Rules   []types.LifecycleRule
	Minimum string // size below which objects are not moved: a setting beside the rules that would be lost
}

// ExpireOldVersions adds one rule that ends the versions that were overwritten or deleted.
func ExpireOldVersions() setting.Of[lifecycle] {
	return setting.Of[lifecycle]{
		About: action.Info{
			ID: "s3.expire-old-versions", Title: "End old versions of a bucket's objects",
			Why:  "A versioned bucket keeps everything that was ever in it, also what people believe to be deleted. One rule ends what has been old for long enough; all other rules stay.",
			Risk: "What has expired cannot be brought back, and undoing only stops what has not. Versions under Object Lock stay until their time.",
			Undo: effect.Compensating, Targets: []resource.Type{resource.Bucket},
			Reads:  []string{"s3:GetBucketLocation", "s3:GetLifecycleConfiguration"},
			Writes: []string{lifecycleMay},
			Params: []action.Param{{Name: "days", Text: fmt.Sprintf("how long a version stays after it was overwritten or deleted, at least %d; without it %d", fewestDays, usualDays)}},
		},
		Find: located, Look: lookLifecycle, Goal: expiring, Calls: lifecycleCalls,
		Send: func(ctx context.Context, cfg aws.Config, call effect.Call) error {
			if !setting.Has(call, "LifecycleConfiguration") {
				return setting.Send(ctx, call, s3.NewFromConfig(cfg).DeleteBucketLifecycle)
			}
			return setting.Send(ctx, call, s3.NewFromConfig(cfg).PutBucketLifecycleConfiguration)
		},
	}
}

func lookLifecycle(ctx context.Context, cfg aws.Config, t effect.Target) (v lifecycle, err error) {
	b := open(cfg, t.Ref)
	out, err := b.client.GetBucketLifecycleConfiguration(ctx, &s3.GetBucketLifecycleConfigurationInput{Bucket: b.name, ExpectedBucketOwner: b.owner})
	if is(err, "NoSuchLifecycleConfiguration") {
		return v, nil
	}
	if err != nil {
		return v, b.fault(err, "lifecycle rules")
	}
	return lifecycle{out.Rules, string(out.TransitionDefaultMinimumObjectSize)}, nil
}

// ends reports whether a rule ends old versions of all objects.
func ends(r types.LifecycleRule) bool {
	all := aws.ToString(r.Prefix) == "" //nolint:staticcheck // rules that are older than filters have it still
	if f := r.Filter; f != nil {
		all = f.And == nil && f.Tag == nil && f.ObjectSizeGreaterThan == nil && f.ObjectSizeLessThan == nil && aws.ToString(f.Prefix) == ""
	}
	e := r.NoncurrentVersionExpiration
	return all && r.Status == types.ExpirationStatusEnabled && e != nil && aws.ToInt32(e.NoncurrentDays) > 0
}

func expiring(t effect.Target, now lifecycle) (setting.Goal[lifecycle], error) {
	g := setting.Goal[lifecycle]{To: now, Met: "a rule ends old versions of all objects", Missing: "no rule ends old versions of all objects"}
	days := int64(usualDays)
	if text := t.Params["days"]; text != "" {
		var err error
		if days, err = strconv.ParseInt(text, 10, 32); err != nil || days < fewestDays {
			return g, fault.New(fault.Invalid, "days is %q, want a number from %d", text, fewestDays)
		}
	}
	switch {
	case slices.ContainsFunc(now.Rules, ends):
		return g, nil
	case len(now.Rules) >= mostRules:
		g.Refused = fmt.Sprintf("the bucket has %d rules, and S3 takes no more", len(now.Rules))
		return g, nil
	case slices.ContainsFunc(now.Rules, func(r types.LifecycleRule) bool { return aws.ToString(r.ID) == expiryRule }):
		g.Refused = "somebody has changed or switched off the rule " + expiryRule
		return g, nil
	}
	g.To.Rules = append(slices.Clone(now.Rules), types.LifecycleRule{
		ID: aws.String(expiryRule), Status: types.ExpirationStatusEnabled, Filter: &types.LifecycleRuleFilter{Prefix: aws.String("")},
		NoncurrentVersionExpiration: &types.NoncurrentVersionExpiration{NoncurrentDays: aws.Int32(int32(days))},
	})
	g.Diff = fmt.Sprintf("+ %s: versions end %d days after they were overwritten or deleted", expiryRule, days)
	g.Loses = []string{fmt.Sprintf("whoever wants a version back after %d days", days)}
	return g, nil
}

func lifecycleCalls(t effect.Target, from, to lifecycle) ([]effect.Call, error) {
	if setting.Alike(from, to) {
		return nil, nil
	}
	in := setting.In{"Bucket": t.Ref.ID, "ExpectedBucketOwner": t.Ref.Account}
	if len(to.Rules) > 0 {
		rules, err := setting.Lean(to.Rules)
		if err != nil {
			return nil, err
		}
		in["LifecycleConfiguration"] = setting.In{"Rules": rules}
		if to.Minimum != "" {
			in["TransitionDefaultMinimumObjectSize"] = to.Minimum
		}
	}
	return setting.One(lifecycleMay, arn(t.Ref), in)
}
