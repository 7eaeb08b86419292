package anchor

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"jobzero/internal/awsorg"
	"jobzero/internal/fault"
)

// largest is the size of an object that is read: a checkpoint of as many links as one lists is smaller.
const largest = 2 << 20

// Bucket keeps checkpoints. It belongs to another account, and what is in it stays until its time has come.
type Bucket struct {
	client *s3.Client
	name   string
	owner  *string
	prefix string
	retain time.Duration
}

// Options say which bucket.
type Options struct {
	Name   string
	Owner  string // account; empty: not checked
	Prefix string // of the objects' names
	Retain time.Duration
}

// Open gives a bucket.
func Open(cfg aws.Config, o Options) *Bucket {
	b := &Bucket{client: s3.NewFromConfig(cfg), name: o.Name, prefix: o.Prefix, retain: o.Retain}
	if o.Owner != "" {
		b.owner = &o.Owner
	}
	return b
}

// Locked reports nothing when the bucket keeps what is written into it.
func (b *Bucket) Locked(ctx context.Context) error {
	out, err := b.client.GetObjectLockConfiguration(ctx, &s3.GetObjectLockConfigurationInput{Bucket: &b.name, ExpectedBucketOwner: b.owner})
	if err != nil {
		if strings.Contains(err.Error(), "ObjectLockConfigurationNotFoundError") {
			return b.unlocked()
		}
		return awsorg.Fault(err, "read whether bucket %s has Object Lock", b.name)
	}
	if out.ObjectLockConfiguration == nil || out.ObjectLockConfiguration.ObjectLockEnabled != types.ObjectLockEnabledEnabled {
		return b.unlocked()
	}
	return nil
}

func (b *Bucket) unlocked() error {
	return fault.New(fault.Denied, "bucket %s has no Object Lock: a checkpoint there could be changed or taken away. Make a bucket with Object Lock in another account", b.name)
}

// Put writes a checkpoint, which nobody can change or take away before its time: not even the account's root user.
func (b *Bucket) Put(ctx context.Context, s Statement, text []byte, now time.Time) error {
	if err := b.Locked(ctx); err != nil {
		return err
	}
	key := b.nameOf(s.Chain, s.Seq)
	_, err := b.client.PutObject(ctx, &s3.PutObjectInput{
		Bucket: &b.name, Key: &key, ExpectedBucketOwner: b.owner, Body: bytes.NewReader(text), ContentType: aws.String("application/json"),
		ChecksumAlgorithm: types.ChecksumAlgorithmSha256, // which a retention asks for
		ObjectLockMode:    types.ObjectLockModeCompliance, ObjectLockRetainUntilDate: aws.Time(now.Add(b.retain)),
	})
	if err != nil {
		return awsorg.Fault(err, "write checkpoint %s to bucket %s", key, b.name)
	}
	return nil
}

// Fresh reports nothing when the bucket has no checkpoint yet: of a database that knows of none, each one there is of a log that is gone.
func (b *Bucket) Fresh(ctx context.Context) error {
	return b.List(ctx, func(o Object) error {
		return fault.New(fault.Conflict, "bucket %s has checkpoint %s, and this database knows of none: it is not the one that it was made of. "+
			"If that is so because it was made anew on purpose, give it another prefix", b.name, o)
	})
}

// Last reads the checkpoint of a chain at a link. That there is none is a conflict: nobody can have taken it away before its time.
func (b *Bucket) Last(ctx context.Context, key Key, chain string, seq int64) (Statement, error) {
	public, err := key.Public(ctx)
	if err != nil {
		return Statement{}, err
	}
	name := b.nameOf(chain, seq)
	at := *b
	at.prefix = name
	var (
		found Statement
		bad   error
	)
	err = at.List(ctx, func(o Object) error {
		text, err := at.Get(ctx, o)
		if err != nil {
			return err
		}
		s, err := Read(text, public)
		switch {
		case err != nil:
			bad = fault.Wrap(fault.CodeOf(err), err, "%s", o)
		case s.Chain == chain && s.Seq == seq:
			found = s
		}
		return nil
	})
	switch {
	case err != nil:
		return Statement{}, err
	case found.Seq > 0:
		return found, nil
	case bad != nil:
		return Statement{}, bad
	}
	return Statement{}, fault.New(fault.Conflict, "there is no checkpoint %s in bucket %s, and one was written", name, b.name)
}

func (b *Bucket) nameOf(chain string, seq int64) string {
	return b.folder(chain) + fmt.Sprintf("%020d.json", seq)
}

// folder is where the checkpoints of a chain are.
func (b *Bucket) folder(chain string) string { return b.prefix + chain[:min(len(chain), 16)] + "/" }

// Object is one version of an object in the bucket.
type Object struct {
	Key, Version string
	At           time.Time
}

// String names it.
func (o Object) String() string { return o.Key + " of " + o.At.UTC().Format(time.RFC3339) }

// List tells of every version of every object, in the order of their names: what was put over a checkpoint does not hide it.
func (b *Bucket) List(ctx context.Context, tell func(Object) error) error {
	in := &s3.ListObjectVersionsInput{Bucket: &b.name, ExpectedBucketOwner: b.owner, Prefix: &b.prefix}
	for {
		out, err := b.client.ListObjectVersions(ctx, in)
		if err != nil {
			return awsorg.Fault(err, "list the checkpoints in bucket %s", b.name)
		}
		for _, v := range out.Versions {
			if err := tell(Object{aws.ToString(v.Key), aws.ToString(v.VersionId), aws.ToTime(v.LastModified)}); err != nil {
				return err
			}
		}
		if !aws.ToBool(out.IsTruncated) {
			return nil
		}
		in.KeyMarker, in.VersionIdMarker = out.NextKeyMarker, out.NextVersionIdMarker
	}
}

// Get reads one version of an object.
func (b *Bucket) Get(ctx context.Context, o Object) ([]byte, error) {
	out, err := b.client.GetObject(ctx, &s3.GetObjectInput{Bucket: &b.name, Key: &o.Key, VersionId: &o.Version, ExpectedBucketOwner: b.owner})
	if err != nil {
		return nil, awsorg.Fault(err, "read checkpoint %s", o)
	}
	defer func() { _ = out.Body.Close() }()
	text, err := io.ReadAll(io.LimitReader(out.Body, largest+1))
	switch {
	case err != nil:
		return nil, awsorg.Fault(err, "read checkpoint %s", o)
	case len(text) > largest:
		return nil, fault.New(fault.Invalid, "checkpoint %s has more than %d bytes", o, largest)
	}
	return text, nil
}
