package kms

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/kms/types"
	"github.com/aws/smithy-go"

	"jobzero/internal/awsorg"
	"jobzero/internal/fault"
	"jobzero/internal/inventory"
	"jobzero/internal/resource"
)

// Keys reads AWS::KMS::Key. Beside CloudFormation's it has KeyState and, of a key that is to be deleted, DeletionDate.
type Keys struct{}

// Type is AWS::KMS::Key.
func (Keys) Type() resource.Type { return resource.Key }

// Needs lists what the reader calls.
func (Keys) Needs() []string {
	return []string{"kms:DescribeKey", "kms:GetKeyPolicy", "kms:GetKeyRotationStatus", "kms:ListAliases", "kms:ListKeys", "kms:ListResourceTags"}
}

// Read reads a key. One that is to be deleted is there until it is.
func (Keys) Read(ctx context.Context, cfg aws.Config, ref resource.Ref) (resource.Resource, error) {
	client := kms.NewFromConfig(cfg)
	out, err := client.DescribeKey(ctx, &kms.DescribeKeyInput{KeyId: &ref.ID})
	switch {
	case gone(err):
		return resource.Resource{Ref: ref, Gone: true}, nil
	case err != nil:
		return resource.Resource{}, awsorg.Fault(err, "read %s", ref)
	case out.KeyMetadata == nil:
		return resource.Resource{}, fault.New(fault.Unavailable, "read %s: the API answered without a key", ref)
	}
	m := out.KeyMetadata
	ref.Region = cfg.Region
	res := resource.Resource{Ref: ref, ARN: aws.ToString(m.Arn), Properties: properties(m), Related: map[string]any{}}
	k := reading{client: client, key: m}
	if inventory.Together(ctx, &res, []inventory.Part{
		{Path: "properties.KeyPolicy", Read: k.policy},
		{Path: "properties.EnableKeyRotation", Read: k.rotation},
		{Path: "properties.RotationPeriodInDays", Read: k.period},
		{Path: "related.aliases", Read: k.aliases},
		{Path: "tags", Read: k.tags},
	}, gone) {
		return resource.Resource{Ref: ref, Gone: true}, nil
	}
	inventory.Complete(&res)
	return res, nil
}

// List gives the region's keys that are not AWS's own: those have an alias that begins with alias/aws/ and nobody can change them.
func (Keys) List(ctx context.Context, cfg aws.Config, account, region string) ([]resource.Ref, error) {
	client := kms.NewFromConfig(cfg)
	theirs := map[string]bool{}
	aliases := kms.NewListAliasesPaginator(client, &kms.ListAliasesInput{})
	for aliases.HasMorePages() {
		page, err := aliases.NextPage(ctx)
		if err != nil {
			return nil, awsorg.Fault(err, "list key aliases of %s in %s", account, region)
		}
		for _, a := range page.Aliases {
			if strings.HasPrefix(aws.ToString(a.AliasName), "alias/aws/") {
				theirs[aws.ToString(a.TargetKeyId)] = true
			}
		}
	}
	var out []resource.Ref
	pages := kms.NewListKeysPaginator(client, &kms.ListKeysInput{})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, awsorg.Fault(err, "list keys of %s in %s", account, region)
		}
		for _, k := range page.Keys {
			if id := aws.ToString(k.KeyId); !theirs[id] {
				out = append(out, resource.Ref{Type: resource.Key, Account: account, Region: region, ID: id})
			}
		}
	}
	return out, nil
}

func gone(err error) bool {
	api, ok := errors.AsType[smithy.APIError](err)
	return ok && api.ErrorCode() == "NotFoundException"
}

func properties(m *types.KeyMetadata) map[string]any {
	p := map[string]any{
		"KeyId": aws.ToString(m.KeyId), "Arn": aws.ToString(m.Arn), "Description": aws.ToString(m.Description), "Enabled": m.Enabled,
		"MultiRegion": aws.ToBool(m.MultiRegion), "KeyState": string(m.KeyState),
	}
	for name, v := range map[string]string{"KeySpec": string(m.KeySpec), "KeyUsage": string(m.KeyUsage), "Origin": string(m.Origin)} {
		if v != "" {
			p[name] = v
		}
	}
	if m.DeletionDate != nil {
		p["DeletionDate"] = m.DeletionDate.UTC().Format(time.RFC3339)
	}
	return p
}

// reading is one key that is being read.
type reading struct {
	client *kms.Client
	key    *types.KeyMetadata
}

func (k reading) policy(ctx context.Context) (inventory.Found, error) {
	out, err := k.client.GetKeyPolicy(ctx, &kms.GetKeyPolicyInput{KeyId: k.key.KeyId, PolicyName: aws.String("default")})
	if err != nil || out.Policy == nil {
		return inventory.Found{}, err
	}
	var document map[string]any
	if err := json.Unmarshal([]byte(*out.Policy), &document); err != nil {
		return inventory.Found{}, fault.Wrap(fault.Unavailable, err, "the policy of key %s is no JSON object", aws.ToString(k.key.KeyId))
	}
	return inventory.Found{Value: document}, nil
}

// turns reports whether KMS can rotate the key at all: material of its own, in a symmetric key.
func (k reading) turns() bool {
	return k.key.KeySpec == types.KeySpecSymmetricDefault && k.key.Origin == types.OriginTypeAwsKms
}

func (k reading) rotation(ctx context.Context) (inventory.Found, error) {
	if !k.turns() {
		return inventory.Found{Absent: true}, nil
	}
	out, err := k.client.GetKeyRotationStatus(ctx, &kms.GetKeyRotationStatusInput{KeyId: k.key.KeyId})
	if err != nil {
		return inventory.Found{}, err
	}
	return inventory.Found{Value: out.KeyRotationEnabled}, nil
}

func (k reading) period(ctx context.Context) (inventory.Found, error) {
	if !k.turns() {
		return inventory.Found{Absent: true}, nil
	}
	out, err := k.client.GetKeyRotationStatus(ctx, &kms.GetKeyRotationStatusInput{KeyId: k.key.KeyId})
	if err != nil || out.RotationPeriodInDays == nil {
		return inventory.Found{Absent: err == nil}, err
	}
	return inventory.Found{Value: int64(*out.RotationPeriodInDays)}, nil
}

func (k reading) aliases(ctx context.Context) (inventory.Found, error) {
	out := []any{}
	pages := kms.NewListAliasesPaginator(k.client, &kms.ListAliasesInput{KeyId: k.key.KeyId})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return inventory.Found{}, err
		}
		for _, a := range page.Aliases {
			out = append(out, map[string]any{"AliasName": aws.ToString(a.AliasName), "TargetKeyId": aws.ToString(a.TargetKeyId)})
		}
	}
	return inventory.Found{Value: out}, nil
}

func (k reading) tags(ctx context.Context) (inventory.Found, error) {
	tags := map[string]string{}
	pages := kms.NewListResourceTagsPaginator(k.client, &kms.ListResourceTagsInput{KeyId: k.key.KeyId})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return inventory.Found{}, err
		}
		for _, t := range page.Tags {
			tags[aws.ToString(t.TagKey)] = aws.ToString(t.TagValue)
		}
	}
	return inventory.Found{Value: tags}, nil
}
