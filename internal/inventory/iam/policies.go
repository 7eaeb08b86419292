package iam

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"jobzero/internal/fault"
	"jobzero/internal/inventory"
)

// document reads a policy as IAM gives it: JSON, percent-encoded as RFC 3986 says, unless it is plain already.
func document(text *string) (map[string]any, error) {
	plain := aws.ToString(text)
	if !strings.HasPrefix(plain, "{") {
		var err error
		if plain, err = url.PathUnescape(plain); err != nil {
			return nil, fault.Wrap(fault.Unavailable, err, "a policy that is not encoded as IAM encodes")
		}
	}
	var out map[string]any
	if err := json.Unmarshal([]byte(plain), &out); err != nil || out == nil {
		return nil, fault.New(fault.Unavailable, "a policy that is no JSON object")
	}
	return out, nil
}

// inline is a policy that stands within who it is for.
func inline(name, text *string) (map[string]any, error) {
	d, err := document(text)
	if err != nil {
		return nil, err
	}
	return map[string]any{"PolicyName": aws.ToString(name), "PolicyDocument": d}, nil
}

// managed gives the document of a managed policy's default version.
func managed(ctx context.Context, client *iam.Client, arn *string) (map[string]any, error) {
	p, err := client.GetPolicy(ctx, &iam.GetPolicyInput{PolicyArn: arn})
	if err != nil || p.Policy == nil {
		return nil, err
	}
	v, err := client.GetPolicyVersion(ctx, &iam.GetPolicyVersionInput{PolicyArn: arn, VersionId: p.Policy.DefaultVersionId})
	if err != nil || v.PolicyVersion == nil {
		return nil, err
	}
	return document(v.PolicyVersion.Document)
}

// holdings are the policies of a role or user, each call made once for the properties and for what is related.
type holdings struct {
	client   *iam.Client
	inline   func(ctx context.Context) ([]any, error)
	attached func(ctx context.Context) ([]types.AttachedPolicy, error)
}

// parts are what they make of a resource: its own policies, the names of managed ones, and the documents of both.
func (h holdings) parts() []inventory.Part {
	return []inventory.Part{
		{Path: "properties.Policies", Read: func(ctx context.Context) (inventory.Found, error) {
			list, err := h.inline(ctx)
			return inventory.Found{Value: list, Absent: err == nil && len(list) == 0}, err
		}},
		{Path: "properties.ManagedPolicyArns", Read: func(ctx context.Context) (inventory.Found, error) {
			list, err := h.attached(ctx)
			arns := []any{}
			for _, p := range list {
				arns = append(arns, aws.ToString(p.PolicyArn))
			}
			return inventory.Found{Value: arns, Absent: err == nil && len(arns) == 0}, err
		}},
		{Path: "related.policies", Read: h.documents},
	}
}

func (h holdings) documents(ctx context.Context) (inventory.Found, error) {
	out := []any{}
	own, err := h.inline(ctx)
	if err != nil {
		return inventory.Found{}, err
	}
	for _, p := range own {
		if m, ok := p.(map[string]any); ok {
			out = append(out, m["PolicyDocument"])
		}
	}
	attached, err := h.attached(ctx)
	if err != nil {
		return inventory.Found{}, err
	}
	for _, p := range attached {
		d, err := managed(ctx, h.client, p.PolicyArn)
		if err != nil {
			return inventory.Found{}, fmt.Errorf("read policy %s: %w", aws.ToString(p.PolicyArn), err)
		}
		if d == nil {
			return inventory.Found{}, nil
		}
		out = append(out, d)
	}
	return inventory.Found{Value: out}, nil
}

// tagged are IAM's tags as those of a resource.
func tagged(list []types.Tag) (tags map[string]string, property []any) {
	tags, property = map[string]string{}, []any{}
	for _, t := range list {
		tags[aws.ToString(t.Key)] = aws.ToString(t.Value)
		property = append(property, map[string]any{"Key": aws.ToString(t.Key), "Value": aws.ToString(t.Value)})
	}
	return tags, property
}

// set stores a text if there is one.
func set(m map[string]any, key string, value *string) {
	if value != nil && *value != "" {
		m[key] = *value
	}
}
