package disk_test

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"jobzero/internal/fault"
	"jobzero/internal/source/digest"
	"jobzero/internal/source/digest/digesttest"
	"jobzero/internal/source/digest/disk"
)

func put(t *testing.T, name, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func find(t *testing.T, paths ...string) []*disk.Copy {
	t.Helper()
	all, err := disk.Find(t.Context(), paths)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := disk.Close(all); err != nil {
			t.Error(err)
		}
	})
	return all
}

// below lists everything under the folders, by the path on disk.
func below(t *testing.T, all []*disk.Copy) []string {
	t.Helper()
	found := []string{}
	for _, f := range all {
		if err := f.Below(t.Context(), "AWSLogs/", func(o digest.Object) error { found = append(found, filepath.ToSlash(f.Path(o.Key))); return nil }); err != nil {
			t.Fatal(err)
		}
	}
	return found
}

const (
	one   = "AWSLogs/111122223333/CloudTrail/eu-west-1/a"
	two   = "AWSLogs/444455556666/CloudTrail/eu-west-1/b"
	three = "AWSLogs/o-abc123/777788889999/CloudTrail/eu-west-1/c"
)

func TestFind(t *testing.T) {
	t.Chdir(t.TempDir())
	for _, key := range []string{one, two, three} {
		put(t, "x/bucket/"+key, "")
	}
	put(t, "y/prefix/deep/"+one, "")
	if err := os.Symlink("bucket", "x/link"); err != nil {
		t.Fatal(err)
	}
	all := func(root string) []string { return []string{root + one, root + two, root + three} }
	here, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct{ paths, want []string }{
		"above":                 {[]string{"x"}, all("x/bucket/")},
		"two above":             {[]string{"y", "x"}, append([]string{"y/prefix/deep/" + one}, all("x/bucket/")...)},
		"beside":                {[]string{"./x/bucket/"}, all("x/bucket/")},
		"itself":                {[]string{"x/bucket/AWSLogs"}, all("x/bucket/")},
		"account":               {[]string{"x/bucket/AWSLogs/111122223333"}, []string{"x/bucket/" + one}},
		"organisation":          {[]string{"x/bucket/AWSLogs/o-abc123/"}, []string{"x/bucket/" + three}},
		"member":                {[]string{"x/bucket/AWSLogs/o-abc123/777788889999"}, []string{"x/bucket/" + three}},
		"two accounts":          {[]string{"x/bucket/AWSLogs/111122223333", "x/bucket/AWSLogs/444455556666"}, []string{"x/bucket/" + one, "x/bucket/" + two}},
		"one in the other":      {[]string{"x/bucket/AWSLogs/111122223333", "x/bucket"}, all("x/bucket/")},
		"in another way":        {[]string{"x/bucket/AWSLogs/111122223333", filepath.Join(here, "x/bucket")}, all("x/bucket/")},
		"from the root":         {[]string{filepath.Join(here, "y")}, []string{filepath.ToSlash(here) + "/y/prefix/deep/" + one}},
		"a link to it":          {[]string{"x/link"}, all("x/bucket/")},
		"up and down again":     {[]string{"x/bucket/../bucket/AWSLogs/../AWSLogs"}, all("x/bucket/")},
		"from inside is tested": {[]string{"x"}, all("x/bucket/")},
	} {
		if d := cmp.Diff(c.want, below(t, find(t, c.paths...))); d != "" {
			t.Errorf("%s (-want +got)\n%s", name, d)
		}
	}
	t.Chdir("x/bucket/AWSLogs/111122223333")
	if d := cmp.Diff([]string{"../../" + one}, below(t, find(t, "."))); d != "" {
		t.Errorf("from inside (-want +got)\n%s", d)
	}
	if d := cmp.Diff(all("../../"), below(t, find(t, ".."))); d != "" {
		t.Errorf("from inside, above (-want +got)\n%s", d)
	}
}

func TestFindRefuses(t *testing.T) {
	t.Chdir(t.TempDir())
	put(t, "b/"+one, "")
	put(t, "empty/x", "")
	for path, want := range map[string]string{
		"nowhere":                           "nowhere does not exist",
		"empty":                             "empty holds no folder AWSLogs: copy the bucket with its folders, as `aws s3 sync s3://BUCKET empty` does",
		"empty/x":                           "is a file: name the folder AWSLogs that it is in",
		"b/" + one:                          "is a file",
		"b/AWSLogs/111122223333/CloudTrail": "is no account's folder: digests and log files go together",
	} {
		all, err := disk.Find(t.Context(), []string{"b", path})
		if err == nil || !strings.Contains(err.Error(), want) || all != nil {
			t.Errorf("%s: %v, %v; want %q", path, all, err, want)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := disk.Find(ctx, []string{"b"}); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
}

// TestNoWayOut: neither keys nor links lead out of the copy, and what is no file is not opened.
func TestNoWayOut(t *testing.T) {
	dir := t.TempDir()
	put(t, filepath.Join(dir, "secret"), "secret")
	put(t, filepath.Join(dir, "b", one), "")
	put(t, filepath.Join(dir, "b", "beside"), "")
	logs := filepath.Join(dir, "b/AWSLogs/111122223333/CloudTrail/eu-west-1")
	if err := errors.Join(
		os.Symlink(filepath.Join(dir, "secret"), filepath.Join(logs, "link")), os.Symlink("a", filepath.Join(logs, "near")),
		os.Symlink(dir, filepath.Join(logs, "out")), syscall.Mkfifo(filepath.Join(logs, "pipe"), 0o600),
	); err != nil {
		t.Fatal(err)
	}
	f := find(t, filepath.Join(dir, "b"))[0]
	for _, key := range []string{
		"../secret", "AWSLogs/../../secret", "/etc/passwd", "", "AWSLogs/111122223333/CloudTrail/eu-west-1/out/secret", "AWSLogs",
		"AWSLogs/111122223333/CloudTrail/eu-west-1/link", "AWSLogs/111122223333/CloudTrail/eu-west-1/near", "AWSLogs/111122223333/CloudTrail/eu-west-1/pipe",
		"AWSLogs/\x00",
	} {
		c, err := f.Open(t.Context(), key)
		if err == nil {
			_ = c.Close()
			t.Errorf("%q was opened", key)
		}
		if errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%q: %v: it would be told as missing", key, err)
		}
	}
	if _, err := f.Open(t.Context(), "AWSLogs/none"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("%v", err)
	}
	if got := len(below(t, []*disk.Copy{f})); got != 5 { // they are there, and shall be told
		t.Errorf("%d objects listed", got)
	}
}

const aDigest = "AWSLogs/111122223333/CloudTrail-Digest/eu-west-1/2026/03/01/x.json.gz"

// TestBeside: where the signature is looked for.
func TestBeside(t *testing.T) {
	for name, c := range map[string]struct{ signature, metadata, want, err string }{
		"nothing":              {},
		"signature":            {signature: " abCD12\n", want: "abCD12"},
		"head-object":          {metadata: `{"ContentLength": 7, "Metadata": {"signature": "ab12", "signature-algorithm": "SHA256withRSA"}}`, want: "ab12"},
		"both":                 {signature: "AB12", metadata: `{"Metadata": {"Signature": "ab12"}}`, want: "AB12"},
		"both, not the same":   {signature: "ab13", metadata: `{"Metadata": {"signature": "ab12"}}`, err: ".signature and .metadata.json hold different signatures"},
		"no hexadecimal":       {signature: "xyz", err: "not in hexadecimal, or empty"},
		"empty":                {signature: "\n", err: "not in hexadecimal, or empty"},
		"metadata without one": {metadata: `{"Metadata": {}}`, err: ".metadata.json: the signature is not in hexadecimal, or empty"},
		"no metadata":          {metadata: `{"Metadata": 7}`, err: "not in hexadecimal, or empty"},
		"no JSON":              {metadata: `Not found`, err: ".metadata.json: want an object at byte 0"},
		"too large":            {signature: strings.Repeat("ab", 1<<20), err: "is larger than 1048576 bytes"},
	} {
		dir := t.TempDir()
		put(t, filepath.Join(dir, aDigest), "text")
		if c.signature != "" {
			put(t, filepath.Join(dir, aDigest)+".signature", c.signature)
		}
		if c.metadata != "" {
			put(t, filepath.Join(dir, aDigest)+".metadata.json", c.metadata)
		}
		f := find(t, dir)[0]
		got, err := f.Open(t.Context(), aDigest)
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(got)
		if err != nil || string(text) != "text" || got.Close() != nil {
			t.Errorf("%s: %q, %v", name, text, err)
		}
		if got.Metadata.Signature != c.want || (c.err == "") != (got.Metadata.Error == "") || !strings.Contains(got.Metadata.Error, c.err) {
			t.Errorf("%s: %+v", name, got.Metadata)
		}
		if n := len(below(t, []*disk.Copy{f})); n != 1 {
			t.Errorf("%s: %d objects, what is beside a digest is none", name, n)
		}
	}
}

// TestVerify: from bytes on disk to a report. The same without the file beside the newest digest leaves that unknown.
func TestVerify(t *testing.T) {
	dir := t.TempDir()
	b := digesttest.New("trails")
	trail := &digesttest.Trail{Bucket: b, Account: "111122223333", Region: "eu-west-1", Name: "main", Key: digesttest.Key()}
	start := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	trail.Hour(start, "{}")
	last, _ := trail.Hour(start.Add(time.Hour), "{}", `{"x":1}`)
	if err := b.Write(dir); err != nil {
		t.Fatal(err)
	}
	k := digest.Keys{}
	if err := k.Read("key", digesttest.PEM(digesttest.Key())); err != nil {
		t.Fatal(err)
	}
	verify := func() (got *digest.Report) {
		if err := digest.Verify(t.Context(), find(t, dir)[0], digest.Options{Keys: k}, func(r *digest.Report) error { got = r; return nil }); err != nil {
			t.Fatal(err)
		}
		return got
	}
	if r := verify(); r.Digests.Signed != 1 || r.Digests.Unknown != 1 || r.Logs.Verified != 1 || r.Logs.Unknown != 2 {
		t.Errorf("without: %+v", r)
	}
	put(t, filepath.Join(dir, last+".signature"), b.Signatures[last])
	if r := verify(); r.Digests.Signed != 2 || r.Logs.Verified != 3 || r.Wrong+r.Unknown > 0 {
		t.Errorf("with: %+v", r)
	}
	if err := os.Chmod(filepath.Join(dir, last), 0); err != nil {
		t.Fatal(err)
	}
	if r := verify(); os.Geteuid() != 0 && (r.Digests.Unknown != 2 || r.Wrong > 0) {
		t.Errorf("not readable: %+v", r)
	}
}

func FuzzSignature(f *testing.F) {
	f.Add([]byte(`{"Metadata": {"signature": "ab12"}}`))
	f.Add([]byte(`{"Metadata": {"Signature": null, "signature": "\u0061b"}, "Metadata": []}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		got, err := disk.Signature(text)
		if err != nil && !fault.Is(err, fault.Invalid) || err == nil && (got == "" || strings.Trim(strings.ToLower(got), "0123456789abcdef") != "") {
			t.Errorf("%q, %v", got, err)
		}
	})
}
