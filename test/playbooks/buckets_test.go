package playbooks_test

import (
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	s3types "github.com/aws/aws-sdk-go-v2/service/s3/types"

	"jobzero/internal/playbook"
	"jobzero/internal/resource"
)

// buckets are the scenes of what is about buckets.
func buckets() map[string][]scene {
	settledAlready := "the bucket is private by then"
	noStatement := "no statement lets everybody in"
	return map[string][]scene{
		"block-bucket-public-access": {{name: "nothing blocked", make: bucket}},
		"encrypt-bucket":             {{name: "no encryption of its own", make: unencrypted}},
		"keep-old-versions":          {{name: "never versioned", make: bucket}},
		"close-public-bucket": {
			{name: "by its policy", make: publicBucket, idle: map[string]string{"block-public-access": settledAlready}},
			{name: "by its access list", make: listedBucket, idle: map[string]string{"remove-public-statements": noStatement}},
		},
		"data-taken-from-bucket": {{name: "public, and the caller known", make: stolenFrom(publicBucket), ends: playbook.GaveUp}},
		"ransomware-on-bucket":   {{name: "one caller", make: stolenFrom(publicBucket), ends: playbook.GaveUp}},
		"public-bucket":          {{name: "by policy and access list", make: widePublic}},
		"ransomware-contain": {
			{name: "on a bucket", make: inOrganisation(stolenFrom(publicBucket)), idle: map[string]string{}},
			{name: "on a key", make: inOrganisation(stolenFrom(doomedKey)), idle: map[string]string{}},
		},
	}
}

func (w *town) name(kind string) string { return kind + "-" + w.account }

func (w *town) ref(kind resource.Type, id string) *resource.Ref {
	return &resource.Ref{Type: kind, Account: w.account, Region: "us-east-1", ID: id}
}

func bucket(w *town) met {
	name := w.name("shop")
	w.did(s3.NewFromConfig(w.owner).CreateBucket(w.Context(), &s3.CreateBucketInput{Bucket: &name}))
	return met{ref: &resource.Ref{Type: resource.Bucket, Account: w.account, Region: "us-east-1", ID: name}, arn: "arn:aws:s3:::" + name}
}

// unencrypted is a bucket from before S3 encrypted everything; the emulator's new ones are so too.
func unencrypted(w *town) met {
	m := bucket(w)
	w.did(s3.NewFromConfig(w.owner).DeleteBucketEncryption(w.Context(), &s3.DeleteBucketEncryptionInput{Bucket: &m.ref.ID}))
	return m
}

const openPolicy = `{"Version":"2012-10-17","Statement":[
  {"Sid":"Team","Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:root"},"Action":"s3:GetObject","Resource":"arn:aws:s3:::BUCKET/*"},
  {"Sid":"Open","Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::BUCKET/*"}]}`

func publicBucket(w *town) met {
	m := bucket(w)
	text := strings.ReplaceAll(openPolicy, "BUCKET", m.ref.ID)
	w.did(s3.NewFromConfig(w.owner).PutBucketPolicy(w.Context(), &s3.PutBucketPolicyInput{Bucket: &m.ref.ID, Policy: &text}))
	return m
}

func listedBucket(w *town) met {
	m := bucket(w)
	w.list(m)
	return m
}

// widePublic is public in both ways.
func widePublic(w *town) met {
	m := publicBucket(w)
	w.list(m)
	return m
}

// list lets everybody read by the access list.
func (w *town) list(m met) {
	w.Helper()
	c := s3.NewFromConfig(w.owner)
	now := must[*s3.GetBucketAclOutput](w)(c.GetBucketAcl(w.Context(), &s3.GetBucketAclInput{Bucket: &m.ref.ID}))
	all := s3types.Grant{
		Grantee:    &s3types.Grantee{Type: s3types.TypeGroup, URI: aws.String("http://acs.amazonaws.com/groups/global/AllUsers")},
		Permission: s3types.PermissionRead,
	}
	w.did(c.PutBucketAcl(w.Context(), &s3.PutBucketAclInput{
		Bucket: &m.ref.ID, AccessControlPolicy: &s3types.AccessControlPolicy{Owner: now.Owner, Grants: []s3types.Grant{now.Grants[0], all}},
	}))
}

func newKey(w *town) met {
	id := *must[*kms.CreateKeyOutput](w)(kms.NewFromConfig(w.owner).CreateKey(w.Context(), &kms.CreateKeyInput{})).KeyMetadata.KeyId
	return met{ref: w.ref(resource.Key, id)}
}

func doomedKey(w *town) met {
	m := newKey(w)
	w.did(kms.NewFromConfig(w.owner).ScheduleKeyDeletion(w.Context(), &kms.ScheduleKeyDeletionInput{KeyId: &m.ref.ID, PendingWindowInDays: aws.Int32(7)}))
	return m
}
