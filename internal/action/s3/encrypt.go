package s3

import (
	"cmp"
	"context"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"jobzero/internal/action"
	"jobzero/internal/action/setting"
	"jobzero/internal/effect"
	"jobzero/internal/fault"
	"jobzero/internal/resource"
)

const encryptionMay = "s3:PutEncryptionConfiguration" // IAM asks for it for the deletion too

// encryption is how a bucket encrypts what comes without saying how; no rules where nothing was ever set.
type encryption struct {
	Rules []types.ServerSideEncryptionRule
}

// EncryptByDefault makes a bucket encrypt what comes without saying how.
func EncryptByDefault() setting.Of[encryption] {
	return setting.Of[encryption]{
		About: action.Info{
			ID: "s3.encrypt-by-default", Title: "Encrypt a bucket's new objects by default",
			Why: "With a KMS key whoever reads an object needs the key too, and each use of it is on record. Without one S3 uses its own keys, " +
				"which keeps whoever gets hold of the disks out.",
			Risk: "With a key: who may not use it can neither read nor write new objects, and KMS bills for requests (fewer by the bucket key, which is switched on). What is stored already stays as it is.",
			Undo: effect.Exact, UndoHelpsAttacker: true, Targets: []resource.Type{resource.Bucket},
			Reads:  []string{"s3:GetBucketLocation", "s3:GetEncryptionConfiguration"},
			Writes: []string{encryptionMay},
			Params: []action.Param{{Name: "key", Text: "ARN of the KMS key; without it S3's own keys, and a bucket that uses KMS already is left alone"}},
		},
		Find: located, Look: lookEncryption, Goal: encrypted, Calls: encryptionCalls,
		Send: func(ctx context.Context, cfg aws.Config, call effect.Call) error {
			if !setting.Has(call, "ServerSideEncryptionConfiguration") {
				return setting.Send(ctx, call, s3.NewFromConfig(cfg).DeleteBucketEncryption)
			}
			return setting.Send(ctx, call, s3.NewFromConfig(cfg).PutBucketEncryption)
		},
	}
}

func lookEncryption(ctx context.Context, cfg aws.Config, t effect.Target) (v encryption, err error) {
	b := open(cfg, t.Ref)
	out, err := b.client.GetBucketEncryption(ctx, &s3.GetBucketEncryptionInput{Bucket: b.name, ExpectedBucketOwner: b.owner})
	if is(err, "ServerSideEncryptionConfigurationNotFoundError") {
		return v, nil
	}
	if err != nil {
		return v, b.fault(err, "encryption")
	}
	if out.ServerSideEncryptionConfiguration == nil {
		return v, fault.New(fault.Unavailable, "read the encryption of bucket %s: the API answered without it", *b.name)
	}
	return encryption{out.ServerSideEncryptionConfiguration.Rules}, nil
}

// by names the algorithm and the key that a bucket encrypts with; the first rule is the only one that S3 takes.
func (e encryption) by() (algorithm, key string) {
	if len(e.Rules) == 0 || e.Rules[0].ApplyServerSideEncryptionByDefault == nil {
		return "", ""
	}
	d := e.Rules[0].ApplyServerSideEncryptionByDefault
	return string(d.SSEAlgorithm), aws.ToString(d.KMSMasterKeyID)
}

func encrypted(t effect.Target, now encryption) (setting.Goal[encryption], error) {
	key := t.Params["key"]
	algorithm, used := now.by()
	g := setting.Goal[encryption]{To: now, Met: "new objects are encrypted by " + cmp.Or(used, algorithm)}
	if key != "" && !strings.HasPrefix(key, "arn:") {
		return g, fault.New(fault.Invalid, "key is %q, want the ARN of a KMS key", key)
	}
	if key == used && algorithm != "" || key == "" && algorithm != "" {
		return g, nil
	}
	rule := types.ServerSideEncryptionRule{ApplyServerSideEncryptionByDefault: &types.ServerSideEncryptionByDefault{SSEAlgorithm: types.ServerSideEncryptionAes256}}
	if len(now.Rules) > 0 { // what S3 refuses besides stays
		rule.BlockedEncryptionTypes = now.Rules[0].BlockedEncryptionTypes
	}
	if key != "" {
		rule.ApplyServerSideEncryptionByDefault = &types.ServerSideEncryptionByDefault{SSEAlgorithm: types.ServerSideEncryptionAwsKms, KMSMasterKeyID: &key}
		rule.BucketKeyEnabled = aws.Bool(true)
		g.Loses = []string{"of new objects: whoever may not use " + key}
	}
	want := cmp.Or(key, string(types.ServerSideEncryptionAes256))
	g.To = encryption{[]types.ServerSideEncryptionRule{rule}}
	g.Met, g.Missing = "new objects are encrypted by "+want, "new objects are not encrypted by "+want
	g.Diff = "- Encryption: " + cmp.Or(used, algorithm, "none of its own") + "\n+ Encryption: " + want
	return g, nil
}

func encryptionCalls(t effect.Target, from, to encryption) ([]effect.Call, error) {
	if setting.Alike(from, to) {
		return nil, nil
	}
	in := setting.In{"Bucket": t.Ref.ID, "ExpectedBucketOwner": t.Ref.Account}
	if len(to.Rules) > 0 {
		rules, err := setting.Lean(to.Rules)
		if err != nil {
			return nil, err
		}
		in["ServerSideEncryptionConfiguration"] = setting.In{"Rules": rules}
	}
	return setting.One(encryptionMay, arn(t.Ref), in)
}
