package builtin_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	s3types "github.com/aws/aws-sdk-go-v2/service/s3/types"

	"jobzero/internal/action/actiontest"
	"jobzero/internal/effect"
	"jobzero/internal/testmoto"
)

func storageCases() map[string]actiontest.Case {
	return map[string]actiontest.Case{
		"s3.enable-versioning":   {Make: suspended, State: versioningState},
		"s3.remove-public-acl":   {Make: publicList, State: aclState, Disturb: otherACL},
		"s3.encrypt-by-default":  {Make: keyless, State: encryptionState, Disturb: otherEncryption},
		"s3.require-tls":         {Make: plainBucket, State: policyState, Disturb: otherPolicy},
		"s3.enable-logging":      {Make: unlogged, State: loggingState, Disturb: otherLogging},
		"s3.expire-old-versions": {Make: withRule, State: lifecycleState, Disturb: otherRule},
	}
}

// suspended is a bucket whose versioning was once on, as undoing leaves it: one that never had it cannot go back to that.
func suspended(t *testing.T, owner aws.Config, account string) effect.Target {
	to := openBucket(t, owner, account)
	to.Params = nil
	must[*s3.PutBucketVersioningOutput](t)(s3.NewFromConfig(owner).PutBucketVersioning(t.Context(), &s3.PutBucketVersioningInput{
		Bucket: &to.Ref.ID, VersioningConfiguration: &s3types.VersioningConfiguration{Status: s3types.BucketVersioningStatusSuspended},
	}))
	return to
}

func versioningState(t *testing.T, owner aws.Config, to effect.Target) string {
	return string(must[*s3.GetBucketVersioningOutput](t)(s3.NewFromConfig(owner).GetBucketVersioning(t.Context(), &s3.GetBucketVersioningInput{Bucket: &to.Ref.ID})).Status)
}

// publicList has a grant to everybody, one to any AWS user, and one to S3's log delivery, which has to stay.
func publicList(t *testing.T, owner aws.Config, account string) effect.Target {
	to := openBucket(t, owner, account)
	putACL(t, owner, to, "global/AllUsers READ", "global/AuthenticatedUsers WRITE", "s3/LogDelivery READ_ACP")
	return to
}

func putACL(t *testing.T, owner aws.Config, to effect.Target, grants ...string) {
	c := s3.NewFromConfig(owner)
	now := must[*s3.GetBucketAclOutput](t)(c.GetBucketAcl(t.Context(), &s3.GetBucketAclInput{Bucket: &to.Ref.ID}))
	list := &s3types.AccessControlPolicy{Owner: now.Owner, Grants: now.Grants[:1]}
	for _, g := range grants {
		who, may, _ := strings.Cut(g, " ")
		list.Grants = append(list.Grants, s3types.Grant{
			Grantee:    &s3types.Grantee{Type: s3types.TypeGroup, URI: aws.String("http://acs.amazonaws.com/groups/" + who)},
			Permission: s3types.Permission(may),
		})
	}
	must[*s3.PutBucketAclOutput](t)(c.PutBucketAcl(t.Context(), &s3.PutBucketAclInput{Bucket: &to.Ref.ID, AccessControlPolicy: list}))
}

func aclState(t *testing.T, owner aws.Config, to effect.Target) string {
	out := must[*s3.GetBucketAclOutput](t)(s3.NewFromConfig(owner).GetBucketAcl(t.Context(), &s3.GetBucketAclInput{Bucket: &to.Ref.ID}))
	var rows []string
	for _, g := range out.Grants {
		rows = append(rows, fmt.Sprint(g.Grantee.Type, aws.ToString(g.Grantee.ID), aws.ToString(g.Grantee.URI), g.Permission))
	}
	return strings.Join(rows, "\n")
}

func otherACL(t *testing.T, owner aws.Config, to effect.Target) {
	putACL(t, owner, to, "global/AllUsers WRITE")
}

const someKey = "arn:aws:kms:us-east-1:111122223333:key/1a2b3c4d-5e6f-4a1b-8c2d-3e4f5a6b7c8d"

func keyless(t *testing.T, owner aws.Config, account string) effect.Target {
	to := openBucket(t, owner, account)
	to.Params = map[string]string{"key": someKey}
	putEncryption(t, owner, to, s3types.ServerSideEncryptionByDefault{SSEAlgorithm: s3types.ServerSideEncryptionAes256})
	return to
}

func putEncryption(t *testing.T, owner aws.Config, to effect.Target, by s3types.ServerSideEncryptionByDefault) {
	must[*s3.PutBucketEncryptionOutput](t)(s3.NewFromConfig(owner).PutBucketEncryption(t.Context(), &s3.PutBucketEncryptionInput{
		Bucket:                            &to.Ref.ID,
		ServerSideEncryptionConfiguration: &s3types.ServerSideEncryptionConfiguration{Rules: []s3types.ServerSideEncryptionRule{{ApplyServerSideEncryptionByDefault: &by}}},
	}))
}

func encryptionState(t *testing.T, owner aws.Config, to effect.Target) string {
	out, err := s3.NewFromConfig(owner).GetBucketEncryption(t.Context(), &s3.GetBucketEncryptionInput{Bucket: &to.Ref.ID})
	if err != nil {
		return err.Error()[strings.LastIndex(err.Error(), "api error"):]
	}
	return written(t, out.ServerSideEncryptionConfiguration)
}

func written(t *testing.T, v any) string { return string(must[[]byte](t)(json.Marshal(v))) }

func otherEncryption(t *testing.T, owner aws.Config, to effect.Target) {
	putEncryption(t, owner, to, s3types.ServerSideEncryptionByDefault{SSEAlgorithm: s3types.ServerSideEncryptionAwsKms, KMSMasterKeyID: aws.String(someKey + "9")})
}

func plainBucket(t *testing.T, owner aws.Config, account string) effect.Target {
	to := openBucket(t, owner, account)
	put(t, owner, to, `{ "Version":"2012-10-17", "Statement": {"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:root"},"Action":"s3:GetObject","Resource":"arn:aws:s3:::%s/<&>*"} }`)
	return to
}

const letLog = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"logging.s3.amazonaws.com"},"Action":"s3:PutObject","Resource":"arn:aws:s3:::%s/*"}]}`

func unlogged(t *testing.T, owner aws.Config, account string) effect.Target {
	to, logs := openBucket(t, owner, account), "logs-"+account
	must[*s3.CreateBucketOutput](t)(s3.NewFromConfig(owner).CreateBucket(t.Context(), &s3.CreateBucketInput{Bucket: &logs}))
	sink := to
	sink.Ref.ID = logs
	put(t, owner, sink, letLog)
	to.Params = map[string]string{"target": logs}
	return to
}

func loggingState(t *testing.T, owner aws.Config, to effect.Target) string {
	return written(t, must[*s3.GetBucketLoggingOutput](t)(s3.NewFromConfig(owner).GetBucketLogging(t.Context(), &s3.GetBucketLoggingInput{Bucket: &to.Ref.ID})).LoggingEnabled)
}

func otherLogging(t *testing.T, owner aws.Config, to effect.Target) {
	must[*s3.PutBucketLoggingOutput](t)(s3.NewFromConfig(owner).PutBucketLogging(t.Context(), &s3.PutBucketLoggingInput{
		Bucket: &to.Ref.ID, BucketLoggingStatus: &s3types.BucketLoggingStatus{LoggingEnabled: &s3types.LoggingEnabled{TargetBucket: aws.String(to.Params["target"]), TargetPrefix: aws.String("mine/")}},
	}))
}

func withRule(t *testing.T, owner aws.Config, account string) effect.Target {
	to := openBucket(t, owner, account)
	to.Params = nil
	putRule(t, owner, to, "archive/")
	return to
}

func putRule(t *testing.T, owner aws.Config, to effect.Target, prefix string) {
	must[*s3.PutBucketLifecycleConfigurationOutput](t)(s3.NewFromConfig(owner).PutBucketLifecycleConfiguration(t.Context(), &s3.PutBucketLifecycleConfigurationInput{
		Bucket: &to.Ref.ID, LifecycleConfiguration: &s3types.BucketLifecycleConfiguration{Rules: []s3types.LifecycleRule{{
			ID: aws.String("team"), Status: s3types.ExpirationStatusEnabled, Filter: &s3types.LifecycleRuleFilter{Prefix: &prefix},
			NoncurrentVersionExpiration: &s3types.NoncurrentVersionExpiration{NoncurrentDays: aws.Int32(7)},
			Transitions:                 []s3types.Transition{{Days: aws.Int32(40), StorageClass: s3types.TransitionStorageClassGlacier}},
		}}},
	}))
}

func lifecycleState(t *testing.T, owner aws.Config, to effect.Target) string {
	return written(t, must[*s3.GetBucketLifecycleConfigurationOutput](t)(s3.NewFromConfig(owner).GetBucketLifecycleConfiguration(t.Context(), &s3.GetBucketLifecycleConfigurationInput{Bucket: &to.Ref.ID})).Rules)
}

func otherRule(t *testing.T, owner aws.Config, to effect.Target) { putRule(t, owner, to, "other/") }

// TestPlanOfStorage: what the actions on buckets refuse, what they find nothing in, and how they change.
func TestPlanOfStorage(t *testing.T) {
	cat, _, server := catalogue(t)
	none := func(*testing.T, aws.Config, *effect.Target) {}
	param := func(pairs ...string) func(*testing.T, aws.Config, *effect.Target) {
		return func(_ *testing.T, _ aws.Config, to *effect.Target) {
			for i := 0; i < len(pairs); i += 2 {
				to.Params[pairs[i]] = pairs[i+1]
			}
		}
	}
	for name, c := range map[string]struct {
		from     func(*testing.T, aws.Config, string) effect.Target
		turn     func(*testing.T, aws.Config, *effect.Target)
		id, want string
	}{
		"log delivery stays": {publicList, none, "s3.remove-public-acl", `s3/LogDelivery`},
		"who loses":          {publicList, none, "s3.remove-public-acl", "everybody with any AWS account, by the bucket's access list: WRITE"},
		"a website's list":   {publicList, website, "s3.remove-public-acl", "refused: the bucket serves a website"},
		"no public grant":    {openBucket, none, "s3.remove-public-acl", "nothing: no grant lets everybody in"},
		"encrypted already":  {keyless, param("key", ""), "s3.encrypt-by-default", "nothing: new objects are encrypted by AES256"},
		"the bucket key":     {keyless, none, "s3.encrypt-by-default", `"BucketKeyEnabled":true`},
		"TLS already":        {openBucket, none, "s3.require-tls", "call: s3:PutBucketPolicy"}, // its Deny is for objects only
		"a website over TLS": {plainBucket, website, "s3.require-tls", "refused: the bucket serves a website"},
		"its own logs":       {unlogged, func(_ *testing.T, _ aws.Config, to *effect.Target) { to.Params["target"] = to.Ref.ID }, "s3.enable-logging", "refused: a bucket that logs to itself"},
		"logs to nowhere":    {unlogged, param("target", "there-is-none-of-that-name"), "s3.enable-logging", "refused: there is no bucket"},
		"logs already":       {unlogged, func(t *testing.T, o aws.Config, to *effect.Target) { otherLogging(t, o, *to) }, "s3.enable-logging", "nothing: it logs to logs-"},
		"ends already":       {withRule, func(t *testing.T, o aws.Config, to *effect.Target) { putRule(t, o, *to, "") }, "s3.expire-old-versions", "nothing: a rule ends old versions"},
		"the rules stay":     {withRule, none, "s3.expire-old-versions", `"Prefix":"archive/"`},
	} {
		t.Run(name, func(t *testing.T) {
			account := testmoto.Account()
			owner := server.Config(account)
			to := c.from(t, owner, account)
			c.turn(t, owner, &to)
			p := must[effect.Plan](t)(cat.Plan(t.Context(), c.id, to))
			if got := said(p); !strings.Contains(got, c.want) {
				t.Errorf("got %s\nwant %s", got, c.want)
			}
		})
	}
}
