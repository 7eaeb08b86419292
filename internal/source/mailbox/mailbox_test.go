package mailbox_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/s3"

	"jobzero/internal/fault"
	"jobzero/internal/source/mailbox"
	"jobzero/internal/testmoto"
)

func none(context.Context, string) (bool, error) { return false, nil }

// TestBucket lists what Amazon SES has put there, a page after the other, and leaves it.
func TestBucket(t *testing.T) {
	cfg := testmoto.Shared(t).Config(testmoto.Account())
	client, name := s3.NewFromConfig(cfg), "mail-"+testmoto.Account()
	if _, err := client.CreateBucket(t.Context(), &s3.CreateBucketInput{Bucket: &name}); err != nil {
		t.Fatal(err)
	}
	for _, key := range []string{"report/a", "report/b", "report/c", "report/AMAZON_SES_SETUP_NOTIFICATION", "other/d"} {
		if _, err := client.PutObject(t.Context(), &s3.PutObjectInput{Bucket: &name, Key: &key, Body: strings.NewReader("mail " + key)}); err != nil {
			t.Fatal(err)
		}
	}
	b := mailbox.Bucket{API: paged{mailbox.Client(cfg)}, Bucket: name, Prefix: "report/"}
	known := func(_ context.Context, key string) (bool, error) { return key == "report/b", nil }
	got, err := b.List(t.Context(), 10, known)
	if err != nil || !slices.Equal(got, []string{"report/a", "report/c"}) {
		t.Errorf("%q, %v", got, err)
	}
	if got, err := b.List(t.Context(), 1, known); err != nil || len(got) != 1 {
		t.Errorf("one: %q, %v", got, err)
	}
	body, size, err := b.Open(t.Context(), "report/a")
	if err != nil {
		t.Fatal(err)
	}
	defer body.Close()
	text, err := io.ReadAll(body)
	if err != nil || string(text) != "mail report/a" || size != int64(len(text)) {
		t.Errorf("%q of %d, %v", text, size, err)
	}
	if _, _, err := b.Open(t.Context(), "report/none"); !fault.Is(err, fault.NotFound) {
		t.Errorf("what is not there: %v", err)
	}
	b.Bucket = "no-such-bucket-" + testmoto.Account()
	if _, err := b.List(t.Context(), 1, none); err == nil {
		t.Error("a bucket that is not there is empty")
	}
}

// paged gives two names at once.
type paged struct{ mailbox.API }

func (p paged) ListObjectsV2(ctx context.Context, in *s3.ListObjectsV2Input, o ...func(*s3.Options)) (*s3.ListObjectsV2Output, error) {
	two := int32(2)
	in.MaxKeys = &two
	return p.API.ListObjectsV2(ctx, in, o...)
}

// TestMaildir lists what is new and nothing else, leads nowhere out, and puts away what was taken.
func TestMaildir(t *testing.T) {
	dir := t.TempDir()
	m := mailbox.Maildir{Dir: dir}
	if _, err := m.List(t.Context(), 1, none); !fault.Is(err, fault.NotFound) || !strings.Contains(err.Error(), "Maildir") {
		t.Errorf("no Maildir: %v", err)
	}
	for _, d := range []string{"new", "cur", "tmp"} {
		if err := os.Mkdir(filepath.Join(dir, d), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	for i := range 300 {
		if err := os.WriteFile(filepath.Join(dir, "new", fmt.Sprintf("%03d", i)), []byte("mail"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Symlink("/etc/hostname", filepath.Join(dir, "new", "link")); err != nil {
		t.Fatal(err)
	}
	got, err := m.List(t.Context(), 1000, func(_ context.Context, name string) (bool, error) { return name == "007", nil })
	if err != nil || len(got) != 299 || slices.Contains(got, "007") || slices.Contains(got, "link") {
		t.Errorf("%d names, %v", len(got), err)
	}
	if _, err := os.Stat(filepath.Join(dir, "cur", "007:2,S")); err != nil {
		t.Errorf("what was taken before: %v", err)
	}
	if got, err := m.List(t.Context(), 3, none); err != nil || len(got) != 3 {
		t.Errorf("some: %q, %v", got, err)
	}
	for _, name := range []string{"link", "../../../../etc/hostname"} {
		if f, _, err := m.Open(t.Context(), name); err == nil {
			_ = f.Close()
			t.Errorf("%s leads out of the folder", name)
		}
	}
	if err := errors.Join(m.Taken(t.Context(), "001"), m.Taken(t.Context(), "001")); err != nil {
		t.Errorf("put away twice: %v", err)
	}
}
