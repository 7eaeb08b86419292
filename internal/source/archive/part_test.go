package archive

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/google/go-cmp/cmp"

	"jobzero/internal/source/file"
	"jobzero/internal/testmoto"
)

// layout is an archive, its files, each with the part that has it; - is none.
func layout() map[string]string {
	all := map[string]string{
		"AWSLogs/o-abc/111122223333/CloudTrail-Digest/us-east-1/2026/03/01/d.json":                                         "-",
		"AWSLogs/o-abc/111122223333/Config/us-east-1/2026/03/01/c.json":                                                    "-",
		"AWSLogs/o-abc/111122223333/CloudTrail/us-east-1/late.json":                                                        " ",
		"AWSLogs/o-abc/111122223333/x.json":                                                                                " ",
		"own/2026/03/01/x.json":                                                                                            " ",
		"AWSLogs/o-abc/111122223333/vpcflowlogs/us-east-1/2026/03/01/f.log":                                                "111122223333 2026/03/01",
		"AWSLogs/o-abc/111122223333/WAFLogs/cloudfront/shop/2026/03/01/10/00/w.log":                                        "111122223333 2026/03/01",
		"AWSLogs/o-abc/444455556666/vpcdnsquerylogs/vpc-0a/2026/03/02/d.log":                                               "444455556666 2026/03/02",
		"AWSLogs/aws-account-id=444455556666/aws-service=vpcflowlogs/aws-region=us-east-1/year=2026/month=02/day=28/h.log": "444455556666 2026/02/28",
		"AWSLogs/o-abc/111122223333/CloudFront/E2EXAMPLE12345.2026-03-01-10.abcd1234.gz":                                   " ",
		"AWSLogs/o-abc/111122223333/ours/x.json":                                                                           " ",
		"2026-03-01-10-00-00-0123456789ABCDEF":                                                                             " ",
		"x.json":                                                                                                           " ",
	}
	for _, account := range []string{"111122223333", "444455556666"} {
		for _, day := range []string{"2026/02/28", "2026/03/01", "2026/03/02"} {
			for _, region := range []string{"eu-central-1", "us-east-1"} {
				all[fmt.Sprintf("AWSLogs/o-abc/%s/CloudTrail/%s/%s/x.json", account, region, day)] = account + " " + day
			}
		}
	}
	return all
}

// wants are the files of a part, sorted.
func wants(p Part) (out []string) {
	for name, in := range layout() {
		if in == p.Account+" "+p.Day {
			out = append(out, name)
		}
	}
	slices.Sort(out)
	return out
}

func everyPart() []Part {
	all := []Part{{}}
	for _, account := range []string{"111122223333", "444455556666"} {
		for _, day := range Days(day("2026-02-28T23:00:00Z"), day("2026-03-02T00:30:00Z")) {
			all = append(all, Part{account, day})
		}
	}
	return all
}

// Every file is in one part, on disk as in a bucket.
func TestPartsOfAFolder(t *testing.T) {
	dir := t.TempDir()
	for name := range layout() {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Symlink(dir, filepath.Join(dir, "own", "round")); err != nil {
		t.Fatal(err)
	}
	var accounts []string
	if err := Accounts(t.Context(), dir, func(a string) { accounts = append(accounts, a) }); err != nil {
		t.Fatal(err)
	}
	slices.Sort(accounts)
	if d := cmp.Diff([]string{"111122223333", "444455556666"}, slices.Compact(accounts)); d != "" {
		t.Errorf("accounts (-want +got)\n%s", d)
	}
	for _, p := range everyPart() {
		var got []string
		var walk func(path string)
		walk = func(path string) {
			entries, err := os.ReadDir(path)
			if err != nil {
				t.Fatal(err)
			}
			for _, e := range entries {
				next := filepath.Join(path, e.Name())
				switch name, _ := filepath.Rel(dir, next); {
				case p.Leaves(Window{})(next), e.Type()&os.ModeSymlink != 0:
				case e.IsDir():
					walk(next)
				default:
					got = append(got, filepath.ToSlash(name))
				}
			}
		}
		walk(dir)
		slices.Sort(got)
		if d := cmp.Diff(wants(p), got); d != "" {
			t.Errorf("%+v (-want +got)\n%s", p, d)
		}
	}
	if err := Accounts(t.Context(), filepath.Join(dir, "nowhere"), nil); err == nil {
		t.Error("a folder that is not there has accounts")
	}
}

func TestPartsOfABucket(t *testing.T) {
	cfg := testmoto.Shared(t).Config(testmoto.Account())
	client := s3.NewFromConfig(cfg)
	name := "parts-" + testmoto.Account()
	if _, err := client.CreateBucket(t.Context(), &s3.CreateBucketInput{Bucket: &name}); err != nil {
		t.Fatal(err)
	}
	for key := range layout() {
		if _, err := client.PutObject(t.Context(), &s3.PutObjectInput{Bucket: &name, Key: &key, Body: strings.NewReader(key)}); err != nil {
			t.Fatal(err)
		}
	}
	for prefix, want := range map[string]string{"": "111122223333 444455556666", "AWSLogs/o-abc/4444": "444455556666", "AWSLogs/o-abc/111122223333/": "111122223333", "own/": ""} {
		var accounts []string
		if err := (Bucket{name, prefix}).Accounts(t.Context(), Client(cfg), func(a string) { accounts = append(accounts, a) }); err != nil {
			t.Fatal(err)
		}
		slices.Sort(accounts)
		if got := strings.Join(slices.Compact(accounts), " "); got != want {
			t.Errorf("accounts below %q: %s, want %s", prefix, got, want)
		}
	}
	for _, p := range everyPart() {
		var got []string
		err := (Bucket{name, ""}).Part(Client(cfg), p, Window{})(t.Context(), func(x file.Stream) error {
			got = append(got, strings.TrimPrefix(x.Place, "s3://"+name+"/"))
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		slices.Sort(got)
		if d := cmp.Diff(wants(p), got); d != "" {
			t.Errorf("%+v (-want +got)\n%s", p, d)
		}
	}
}

// FuzzPart: every file that is wanted is in one part, and all folders on the way to it are entered by that part.
func FuzzPart(f *testing.F) {
	for name := range layout() {
		f.Add(name)
	}
	f.Fuzz(func(t *testing.T, path string) {
		if strings.Count(path, "AWSLogs") > 1 || strings.Contains(path, `\`) {
			t.Skip("a path with two folders AWSLogs or with a backslash, which nothing writes and which can be read in two ways")
		}
		at := Read(path)
		own := Part{at.Account, at.Day}
		if own.Account == "" || len(own.Day) < len(dayForm) {
			own = Part{}
		}
		other := Part{at.Account, "1999/12/31"}
		if own.Day != other.Day && other.Holds(path) || own != (Part{}) && (Part{}).Holds(path) {
			t.Errorf("%q is in two parts", path)
		}
		if wanted(at) != own.Holds(path) {
			t.Errorf("%q is in no part", path)
		}
		for i, c := range path {
			if c == '/' && own.Holds(path) && !own.Enters(path[:i+1]) {
				t.Errorf("%q of %+v is not come to: %q", path, own, path[:i+1])
			}
		}
	})
}
