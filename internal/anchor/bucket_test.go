package anchor_test

import (
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	kmstypes "github.com/aws/aws-sdk-go-v2/service/kms/types"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"jobzero/internal/anchor"
	"jobzero/internal/fault"
	"jobzero/internal/testmoto"
)

// vault makes a bucket in an account of its own.
func vault(t *testing.T, locked bool) (cfg aws.Config, account, name string) {
	t.Helper()
	server, account := testmoto.Shared(t), testmoto.Account()
	cfg, name = server.Config(account), "checkpoints-"+strconv.FormatInt(time.Now().UnixNano(), 36)
	_, err := s3.NewFromConfig(cfg).CreateBucket(t.Context(), &s3.CreateBucketInput{Bucket: &name, ObjectLockEnabledForBucket: aws.Bool(locked)})
	if err != nil {
		t.Fatal(err)
	}
	return cfg, account, name
}

// TestBucket: what is put stays, with the retention that was asked for; a second version does not hide the first.
func TestBucket(t *testing.T) {
	cfg, account, name := vault(t, true)
	b := anchor.Open(cfg, anchor.Options{Name: name, Owner: account, Prefix: "hub/", Retain: 48 * time.Hour})
	if err := b.Fresh(t.Context()); err != nil {
		t.Fatal(err)
	}
	k, public := fileKey(t)
	links, now := chain(5, "a"), time.Now()
	text := signed(t, k, links, 0)
	s, err := anchor.Read(text, public)
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := b.Put(t.Context(), s, text, now); err != nil {
			t.Fatal(err)
		}
	}
	if got, err := b.Last(t.Context(), k, links[0].Hash, 5); err != nil || got.Hash != links[4].Hash {
		t.Errorf("the last one: %+v %v", got, err)
	}
	if err := b.Fresh(t.Context()); !fault.Is(err, fault.Conflict) {
		t.Errorf("a bucket with checkpoints is fresh: %v", err)
	}
	if _, err := b.Last(t.Context(), k, links[0].Hash, 4); !fault.Is(err, fault.Conflict) {
		t.Errorf("one that there is not: %v", err)
	}
	client := s3.NewFromConfig(cfg)
	seen := 0
	err = b.List(t.Context(), func(o anchor.Object) error {
		seen++
		kept, err := client.HeadObject(t.Context(), &s3.HeadObjectInput{Bucket: &name, Key: &o.Key, VersionId: &o.Version})
		if err != nil {
			return err
		}
		if kept.ObjectLockMode != types.ObjectLockModeCompliance || aws.ToTime(kept.ObjectLockRetainUntilDate).Before(now.Add(47*time.Hour)) {
			t.Errorf("%s is kept as %+v", o, kept)
		}
		if _, err := client.DeleteObject(t.Context(), &s3.DeleteObjectInput{Bucket: &name, Key: &o.Key, VersionId: &o.Version}); err == nil {
			t.Errorf("%s can be deleted", o)
		}
		got, err := b.Get(t.Context(), o)
		if string(got) != string(text) || !strings.HasPrefix(o.Key, "hub/"+links[0].Hash[:16]+"/") {
			t.Errorf("%s is %q", o, got)
		}
		return err
	})
	if err != nil || seen != 2 {
		t.Errorf("%d versions: %v", seen, err)
	}
}

// TestBucketWithoutLock: nothing is written where it could be taken away.
func TestBucketWithoutLock(t *testing.T) {
	cfg, account, name := vault(t, false)
	b := anchor.Open(cfg, anchor.Options{Name: name, Owner: account, Retain: 48 * time.Hour})
	k, public := fileKey(t)
	text := signed(t, k, chain(1, "a"), 0)
	s, err := anchor.Read(text, public)
	if err != nil {
		t.Fatal(err)
	}
	if err := b.Put(t.Context(), s, text, time.Now()); !fault.Is(err, fault.Denied) || !strings.Contains(err.Error(), "no Object Lock") {
		t.Errorf("a bucket without Object Lock: %v", err)
	}
	if err := b.Fresh(t.Context()); err != nil {
		t.Errorf("something was written: %v", err)
	}
}

// TestKMS: keys of both kinds sign what anybody can verify; a key that cannot is refused.
func TestKMS(t *testing.T) {
	server, account := testmoto.Shared(t), testmoto.Account()
	cfg := server.Config(account)
	client := kms.NewFromConfig(cfg)
	for spec, good := range map[kmstypes.KeySpec]bool{kmstypes.KeySpecEccNistP256: true, kmstypes.KeySpecRsa2048: true, kmstypes.KeySpecEccNistP384: false} {
		t.Run(string(spec), func(t *testing.T) {
			out, err := client.CreateKey(t.Context(), &kms.CreateKeyInput{KeySpec: spec, KeyUsage: kmstypes.KeyUsageTypeSignVerify})
			if err != nil {
				t.Fatal(err)
			}
			k := anchor.KMS(cfg, aws.ToString(out.KeyMetadata.Arn))
			links := chain(3, "a")
			s, err := anchor.State(links[0].Hash, 0, links, nil, noon)
			if err != nil {
				t.Fatal(err)
			}
			text, err := anchor.Sign(t.Context(), k, s)
			if !good {
				if !fault.Is(err, fault.Invalid) {
					t.Errorf("signed with a key that cannot: %v", err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			public, err := k.Public(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if got, err := anchor.Read(text, public); err != nil || got.Hash != links[2].Hash {
				t.Errorf("%+v %v", got, err)
			}
		})
	}
	if _, err := anchor.KMS(cfg, "alias/none").Public(t.Context()); err == nil {
		t.Error("a key that there is not has a public key")
	}
}
