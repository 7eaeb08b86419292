package s3

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"jobzero/internal/action"
	"jobzero/internal/action/setting"
	"jobzero/internal/awsorg"
	"jobzero/internal/effect"
	"jobzero/internal/resource"
)

const loggingMay = "s3:PutBucketLogging"

// logging is where a bucket writes down who reads it, and where the bucket is that it is to write to.
type logging struct {
	To     *types.LoggingEnabled
	Target string // the region of the bucket that was named
}

// EnableLogging makes a bucket write down every request.
func EnableLogging() setting.Of[logging] {
	return setting.Of[logging]{
		About: action.Info{
			ID: "s3.enable-logging", Title: "Write down who reads and writes a bucket",
			Why: "Without access logs, and without data events of CloudTrail, nobody can say later what was taken. A bucket that logs already is left alone, wherever it logs to.",
			Risk: "The logs are stored and billed in the target bucket, whose policy has to let logging.s3.amazonaws.com write: S3 says nothing when " +
				"it may not. For a busy bucket set a lifecycle rule there.",
			Undo: effect.Exact, UndoHelpsAttacker: true, Targets: []resource.Type{resource.Bucket},
			Reads:  []string{"s3:GetBucketLocation", "s3:GetBucketLogging"},
			Writes: []string{loggingMay},
			Params: []action.Param{
				{Name: "target", Text: "the bucket that keeps the logs, of the same account and region", Required: true},
				{Name: "prefix", Text: "what the names of the logs begin with; without it the bucket's name and a slash"},
			},
		},
		Find: located, Look: lookLogging, Goal: logged, Calls: loggingCalls,
		Send: func(ctx context.Context, cfg aws.Config, call effect.Call) error {
			return setting.Send(ctx, call, s3.NewFromConfig(cfg).PutBucketLogging)
		},
	}
}

func lookLogging(ctx context.Context, cfg aws.Config, t effect.Target) (v logging, err error) {
	b := open(cfg, t.Ref)
	out, err := b.client.GetBucketLogging(ctx, &s3.GetBucketLoggingInput{Bucket: b.name, ExpectedBucketOwner: b.owner})
	if err != nil {
		return v, b.fault(err, "logging")
	}
	region, err := awsorg.BucketRegion(ctx, cfg, t.Params["target"], t.Ref.Account)
	if is(err, "NoSuchBucket") {
		region, err = "nowhere", nil
	}
	return logging{out.LoggingEnabled, region}, err
}

func logged(t effect.Target, now logging) (setting.Goal[logging], error) {
	if now.To != nil {
		return setting.Goal[logging]{To: now, Met: "it logs to " + aws.ToString(now.To.TargetBucket)}, nil
	}
	target, prefix := t.Params["target"], t.Params["prefix"]
	if prefix == "" {
		prefix = t.Ref.ID + "/"
	}
	g := setting.Goal[logging]{
		To: logging{&types.LoggingEnabled{TargetBucket: &target, TargetPrefix: &prefix}, now.Target}, Met: "it logs to " + target, Missing: "it does not log",
		Diff: "- Logging: none\n+ Logging: s3://" + target + "/" + prefix,
	}
	switch {
	case target == t.Ref.ID:
		g.Refused = "a bucket that logs to itself logs its logs: name another"
	case now.Target == "nowhere":
		g.Refused = "there is no bucket " + target
	case now.Target != t.Ref.Region:
		g.Refused = "bucket " + target + " is in " + now.Target + ", and S3 logs only within a region"
	}
	return g, nil
}

func loggingCalls(t effect.Target, from, to logging) ([]effect.Call, error) {
	if setting.Alike(from.To, to.To) {
		return nil, nil
	}
	status := setting.In{}
	if to.To != nil {
		enabled, err := setting.Lean(to.To)
		if err != nil {
			return nil, err
		}
		status["LoggingEnabled"] = enabled
	}
	return setting.One(loggingMay, arn(t.Ref), setting.In{"Bucket": t.Ref.ID, "ExpectedBucketOwner": t.Ref.Account, "BucketLoggingStatus": status})
}
