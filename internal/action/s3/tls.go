package s3

import (
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"

	"jobzero/internal/action"
	"jobzero/internal/action/cut"
	"jobzero/internal/action/setting"
	"jobzero/internal/effect"
	"jobzero/internal/principal"
	"jobzero/internal/resource"
)

// The longest bucket policy that S3 takes (docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-policies.html).
const longestPolicy = 20 << 10

// RequireTLS adds the one statement to a bucket's policy that refuses calls without encryption.
func RequireTLS() setting.Of[policyState] {
	return setting.Of[policyState]{
		About: action.Info{
			ID: "s3.require-tls", Title: "Refuse calls to a bucket that are not encrypted",
			Why: "S3 answers over plain HTTP too, and whoever sits on the way reads along. One Deny for the bucket and its objects ends that; " +
				"all other statements stay byte for byte.",
			Risk: "Callers over plain HTTP are refused. A bucket that serves a website, which S3 serves over plain HTTP only, is left alone unless it is declared private.",
			Undo: effect.Exact, UndoHelpsAttacker: true, Targets: []resource.Type{resource.Bucket},
			Reads:  []string{"s3:GetBucketLocation", "s3:GetBucketWebsite", "s3:GetBucketPolicy"},
			Writes: []string{putMay, deleteMay},
			Params: []action.Param{declaredParam()},
		},
		Find: located, Guard: undeclared, Look: lookPolicy, Goal: withTLS, Calls: policyCalls, Send: sendPolicy, Same: policyState.same,
	}
}

func withTLS(t effect.Target, now policyState) (setting.Goal[policyState], error) {
	g := setting.Goal[policyState]{To: now, Met: "calls that are not encrypted are refused", Missing: "calls that are not encrypted are not refused"}
	bucket := arn(t.Ref)
	deny := fmt.Sprintf(`{"Sid":"JobzeroRequireTLS","Effect":"Deny","Principal":"*","Action":"s3:*","Resource":["%s","%s/*"],"Condition":{"Bool":{"aws:SecureTransport":"false"}}}`, bucket, bucket)
	g.Diff, g.Loses = "+ "+deny, []string{"whoever calls over plain HTTP"}
	if now.Policy == nil {
		g.To.Policy = aws.String(`{"Version":"2012-10-17","Statement":[` + deny + `]}`)
		return g, nil
	}
	policy, err := cut.Parse(*now.Policy)
	if err != nil {
		g.Unclear = fmt.Sprintf("the policy cannot be added to safely: %v", err)
		return g, nil
	}
	switch plain, doubtful := policy.Plain(principal.Probes("s3")); {
	case len(plain)+len(doubtful) == 0:
		return g, nil
	case len(plain) == 0:
		g.Unclear = "whether the policy refuses calls that are not encrypted is not clear"
		return g, nil
	}
	more, err := policy.With([]byte(deny))
	if err != nil {
		return g, err
	}
	if len(more) > longestPolicy {
		g.Refused = fmt.Sprintf("the policy would have %d bytes, and S3 takes %d: shorten it first", len(more), longestPolicy)
		return g, nil
	}
	g.To.Policy = aws.String(string(more))
	return g, nil
}
