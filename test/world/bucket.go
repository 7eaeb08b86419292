package world

import (
	"context"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	s3types "github.com/aws/aws-sdk-go-v2/service/s3/types"

	"jobzero/internal/resource"
)

// Bucket is a bucket in an account, seen by its owner's client.
type Bucket struct {
	Account, Name string
	client        *s3.Client
}

// NewBucket makes a bucket as AWS makes them today, encrypted and private, and with old versions kept, so that playbooks have nothing to do
// with it but what a story is about.
func (w *World) NewBucket(ctx context.Context, account, name string) (*Bucket, error) {
	b := &Bucket{Account: account, Name: name, client: s3.NewFromConfig(w.AWS.Config(account))}
	if _, err := b.client.CreateBucket(ctx, &s3.CreateBucketInput{Bucket: &name}); err != nil {
		return nil, err
	}
	_, err := b.client.PutBucketEncryption(ctx, &s3.PutBucketEncryptionInput{Bucket: &name, ServerSideEncryptionConfiguration: &s3types.ServerSideEncryptionConfiguration{
		Rules: []s3types.ServerSideEncryptionRule{{ApplyServerSideEncryptionByDefault: &s3types.ServerSideEncryptionByDefault{SSEAlgorithm: s3types.ServerSideEncryptionAes256}}},
	}})
	if err != nil {
		return nil, err
	}
	_, err = b.client.PutBucketVersioning(ctx, &s3.PutBucketVersioningInput{Bucket: &name, VersioningConfiguration: &s3types.VersioningConfiguration{Status: s3types.BucketVersioningStatusEnabled}})
	return b, err
}

// PublicBucket makes a bucket and publishes it.
func (w *World) PublicBucket(ctx context.Context, account, name string) (Offence, error) {
	b, err := w.NewBucket(ctx, account, name)
	if err != nil {
		return Offence{}, err
	}
	return b.Publish(ctx)
}

// Subject names the bucket as tickets do.
func (b *Bucket) Subject() resource.Ref {
	return resource.Ref{Type: resource.Bucket, Account: b.Account, ID: b.Name}
}

// PublicPolicy grants reading the bucket to everybody, beside a grant to the house's own accounts that must stay. Its spaces are
// part of it.
func (b *Bucket) PublicPolicy() string {
	return fmt.Sprintf(`{"Version":"2012-10-17", "Statement":[`+
		`{"Sid":"Partner","Effect":"Allow","Principal":{"AWS":["arn:aws:iam::%[1]s:root","arn:aws:iam::%[3]s:root"]},"Action":"s3:GetObject","Resource":"arn:aws:s3:::%[2]s/*"},  `+
		`{"Sid":"Everybody","Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::%[2]s/*"}]}`, Sandbox, b.Name, b.Account)
}

// Publish takes the public access block off, as it has to be, and lets everybody in by the policy.
func (b *Bucket) Publish(ctx context.Context) (Offence, error) {
	if _, err := b.client.DeletePublicAccessBlock(ctx, &s3.DeletePublicAccessBlockInput{Bucket: &b.Name}); err != nil {
		return Offence{}, err
	}
	policy := b.PublicPolicy()
	if _, err := b.client.PutBucketPolicy(ctx, &s3.PutBucketPolicyInput{Bucket: &b.Name, Policy: &policy}); err != nil {
		return Offence{}, err
	}
	return Offence{
		Title:   "a bucket is made public: " + b.Name,
		Subject: b.Subject(),
		Record:  b.Told("PutBucketPolicy", map[string]any{"policy": "", "bucketPolicy": rawPolicy(policy)}),
		Effects: 2, // the policy, and the public access block
		Mended: func(ctx context.Context) (bool, string, error) {
			text, err := b.Policy(ctx)
			return err == nil && !strings.Contains(text, "Everybody") && strings.Contains(text, "Partner"), text, err
		},
	}, nil
}

// Told is what CloudTrail would say of a call on the bucket.
func (b *Bucket) Told(call string, request map[string]any) map[string]any {
	if request == nil {
		request = map[string]any{}
	}
	request["bucketName"] = b.Name
	return Call{Account: b.Account, Service: "s3", Name: call, User: "robin", Request: request}.Record()
}

// Policy is the text of the bucket's policy now.
func (b *Bucket) Policy(ctx context.Context) (string, error) {
	out, err := b.client.GetBucketPolicy(ctx, &s3.GetBucketPolicyInput{Bucket: &b.Name})
	if err != nil {
		return "", err
	}
	return aws.ToString(out.Policy), nil
}

// Tag puts a tag on the bucket, in place of all others.
func (b *Bucket) Tag(ctx context.Context, key, value string) error {
	_, err := b.client.PutBucketTagging(ctx, &s3.PutBucketTaggingInput{
		Bucket: &b.Name, Tagging: &s3types.Tagging{TagSet: []s3types.Tag{{Key: &key, Value: &value}}},
	})
	return err
}
