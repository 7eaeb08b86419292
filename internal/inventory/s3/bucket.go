package s3

import (
	"context"
	"encoding/json"
	"errors"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/smithy-go"

	"jobzero/internal/awsorg"
	"jobzero/internal/fault"
	"jobzero/internal/inventory"
	"jobzero/internal/resource"
)

// Buckets reads AWS::S3::Bucket. A public access block that is not configured is given as four times false, because that is
// what it does.
type Buckets struct{}

// Type is AWS::S3::Bucket.
func (Buckets) Type() resource.Type { return resource.Bucket }

// Needs lists what the reader calls.
func (Buckets) Needs() []string {
	return []string{
		"s3:GetAccountPublicAccessBlock",
		"s3:GetBucketAcl",
		"s3:GetEncryptionConfiguration",
		"s3:GetBucketLocation",
		"s3:GetBucketLogging",
		"s3:GetBucketOwnershipControls",
		"s3:GetBucketPolicy",
		"s3:GetBucketPublicAccessBlock",
		"s3:GetBucketTagging",
		"s3:GetBucketVersioning",
		"s3:GetBucketWebsite",
		"s3:ListAllMyBuckets",
	}
}

// Read reads a bucket, all its settings at the same time. Every call names the owner, so that a bucket of somebody else's
// account is never taken for one of ours.
func (b Buckets) Read(ctx context.Context, cfg aws.Config, ref resource.Ref) (resource.Resource, error) {
	return b.ReadOnly(ctx, cfg, ref, nil)
}

// ReadOnly makes one call to find the bucket and one for each part that is asked for.
func (Buckets) ReadOnly(ctx context.Context, cfg aws.Config, ref resource.Ref, only inventory.Only) (resource.Resource, error) {
	region, err := awsorg.BucketRegion(ctx, cfg, ref.ID, ref.Account)
	res := resource.Resource{Ref: ref, Properties: map[string]any{"BucketName": ref.ID}, Related: map[string]any{}}
	switch {
	case absent(err, "NoSuchBucket"):
		return resource.Resource{Ref: ref, Gone: true}, nil
	case err != nil && (!fault.Is(err, fault.Denied) || ref.Region == ""):
		return resource.Resource{}, err
	case err != nil: // where it is, the event has told
		region = ref.Region
	}
	cfg = cfg.Copy()
	cfg.Region = region
	res.Region = region
	res.ARN = "arn:" + awsorg.PartitionOf(region) + ":s3:::" + ref.ID
	b := bucket{client: s3.NewFromConfig(cfg), name: &ref.ID, owner: &ref.Account}
	parts := append(b.parts(), inventory.Part{Path: "related.account_public_access", Read: func(ctx context.Context) (inventory.Found, error) {
		return accountBlock(ctx, cfg, ref.Account)
	}})
	if inventory.Together(ctx, &res, only.Pick(&res, parts), func(err error) bool { return absent(err, "NoSuchBucket") }) {
		return resource.Resource{Ref: ref, Gone: true}, nil
	}
	return res, nil
}

// List gives the account's buckets in all regions.
func (Buckets) List(ctx context.Context, cfg aws.Config, account, _ string) ([]resource.Ref, error) {
	var out []resource.Ref
	pages := s3.NewListBucketsPaginator(s3.NewFromConfig(cfg), &s3.ListBucketsInput{})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, awsorg.Fault(err, "list buckets of %s", account)
		}
		for _, b := range page.Buckets {
			out = append(out, resource.Ref{Type: resource.Bucket, Account: account, Region: aws.ToString(b.BucketRegion), ID: aws.ToString(b.Name)})
		}
	}
	return out, nil
}

// bucket is one bucket to be read.
type bucket struct {
	client *s3.Client
	name   *string
	owner  *string
}

func (b bucket) parts() []inventory.Part {
	return []inventory.Part{
		{Path: "properties.PublicAccessBlockConfiguration", Read: b.block},
		{Path: "properties.OwnershipControls", Read: b.ownership},
		{Path: "properties.BucketEncryption", Read: b.encryption},
		{Path: "properties.VersioningConfiguration", Read: b.versioning},
		{Path: "properties.WebsiteConfiguration", Read: b.website},
		{Path: "properties.LoggingConfiguration", Read: b.logging},
		{Path: "tags", Read: b.tags},
		{Path: "related.policy", Read: b.policy},
		{Path: "related.acl", Read: b.acl},
	}
}

// policy gives the exact text beside the document; a text that is no JSON object has a nil document.
func (b bucket) policy(ctx context.Context) (inventory.Found, error) {
	out, err := b.client.GetBucketPolicy(ctx, &s3.GetBucketPolicyInput{Bucket: b.name, ExpectedBucketOwner: b.owner})
	if absent(err, "NoSuchBucketPolicy") {
		return inventory.Found{Absent: true}, nil
	}
	if err != nil || out.Policy == nil {
		return inventory.Found{}, err
	}
	var document map[string]any
	if err := json.Unmarshal([]byte(*out.Policy), &document); err != nil {
		return inventory.Found{}, fault.Wrap(fault.Invalid, err, "the policy of %s is no JSON object", *b.name)
	}
	return inventory.Found{Value: map[string]any{"PolicyDocument": document, "PolicyText": *out.Policy}}, nil
}

func (b bucket) acl(ctx context.Context) (inventory.Found, error) {
	out, err := b.client.GetBucketAcl(ctx, &s3.GetBucketAclInput{Bucket: b.name, ExpectedBucketOwner: b.owner})
	if err != nil || (out.Owner == nil && len(out.Grants) == 0) {
		return inventory.Found{}, err
	}
	grants := make([]any, 0, len(out.Grants))
	for _, g := range out.Grants {
		if g.Grantee == nil {
			return inventory.Found{}, fault.New(fault.Unavailable, "a grant without a grantee")
		}
		who := map[string]any{"Type": string(g.Grantee.Type)}
		set(who, "URI", g.Grantee.URI)
		set(who, "ID", g.Grantee.ID)
		set(who, "EmailAddress", g.Grantee.EmailAddress)
		grants = append(grants, map[string]any{"Grantee": who, "Permission": string(g.Permission)})
	}
	return inventory.Found{Value: map[string]any{"Grants": grants}}, nil
}

func (b bucket) tags(ctx context.Context) (inventory.Found, error) {
	out, err := b.client.GetBucketTagging(ctx, &s3.GetBucketTaggingInput{Bucket: b.name, ExpectedBucketOwner: b.owner})
	if absent(err, "NoSuchTagSet") {
		return inventory.Found{Value: map[string]string{}}, nil
	}
	if err != nil || out.TagSet == nil {
		return inventory.Found{}, err
	}
	tags := map[string]string{}
	for _, t := range out.TagSet {
		tags[aws.ToString(t.Key)] = aws.ToString(t.Value)
	}
	return inventory.Found{Value: tags}, nil
}

// absent reports whether the API named the thing that is missing. The exact code matters: that a policy does not exist says
// nothing about the bucket, and a 404 without a code says nothing at all.
func absent(err error, code string) bool {
	api, ok := errors.AsType[smithy.APIError](err)
	return ok && api.ErrorCode() == code
}

// set stores a text if there is one.
func set(m map[string]any, key string, value *string) {
	if value != nil && *value != "" {
		m[key] = *value
	}
}
