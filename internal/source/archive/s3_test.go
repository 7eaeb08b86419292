package archive

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/smithy-go"
	"github.com/google/go-cmp/cmp"

	"jobzero/internal/event"
	"jobzero/internal/fault"
	"jobzero/internal/source/file"
	"jobzero/internal/testmoto"
)

// counted is an API with pages of two keys that remembers what it was asked to list.
type counted struct {
	API
	asked []string
	fail  error
}

func (c *counted) ListObjectsV2(ctx context.Context, in *s3.ListObjectsV2Input, o ...func(*s3.Options)) (*s3.ListObjectsV2Output, error) {
	if c.fail != nil {
		return nil, c.fail
	}
	in.MaxKeys = aws.Int32(2)
	if in.ContinuationToken == nil {
		c.asked = append(c.asked, aws.ToString(in.Prefix))
	}
	return c.API.ListObjectsV2(ctx, in, o...)
}

func list(t *testing.T, s file.Streams) (places []string) {
	t.Helper()
	err := s(t.Context(), func(x file.Stream) error {
		places = append(places, x.Place)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return places
}

// A bucket of two organisations' accounts, three regions and a year, of which a window is listed without asking for the rest.
func TestStreams(t *testing.T) {
	cfg := testmoto.Shared(t).Config(testmoto.Account())
	client := s3.NewFromConfig(cfg)
	name := "trail-" + testmoto.Account()
	if _, err := client.CreateBucket(t.Context(), &s3.CreateBucketInput{Bucket: &name}); err != nil {
		t.Fatal(err)
	}
	put := func(key string) {
		if _, err := client.PutObject(t.Context(), &s3.PutObjectInput{Bucket: &name, Key: &key, Body: strings.NewReader(key)}); err != nil {
			t.Fatal(err)
		}
	}
	const base = "p/AWSLogs/o-abc/"
	for _, account := range []string{"111122223333", "444455556666"} {
		for _, region := range []string{"eu-central-1", "us-east-1"} {
			for _, date := range []string{"2025/12/31", "2026/02/28", "2026/03/01", "2026/03/02", "2026/04/01"} {
				for n := range 2 {
					put(fmt.Sprintf("%s%s/CloudTrail/%s/%s/%d.json.gz", base, account, region, date, n))
				}
			}
		}
		put(base + account + "/CloudTrail-Digest/us-east-1/2026/03/01/d.json.gz")
		put(base + account + "/Config/us-east-1/2026/03/01/c.json.gz")
	}
	put("p/readme.txt")
	put("p/own/2026/x.json")
	api := &counted{API: Client(cfg)}
	w := Window{Accounts: []string{"444455556666"}, Regions: []string{"us-east-1"}, Since: day("2026-03-01T08:00:00Z"), Until: day("2026-03-01T20:00:00Z"), Logs: []event.Log{event.CloudTrail}}
	got := list(t, Bucket{name, "p/AWSLogs/"}.Streams(api, w))
	var want []string
	for _, d := range []string{"01/0", "01/1", "02/0", "02/1"} {
		want = append(want, "s3://"+name+"/"+base+"444455556666/CloudTrail/us-east-1/2026/03/"+d+".json.gz")
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("(-want +got)\n%s", d)
	}
	asked := []string{"p/AWSLogs/", base, base + "444455556666/", base + "444455556666/CloudTrail/", base + "444455556666/CloudTrail/us-east-1/"}
	if d := cmp.Diff(asked, api.asked); d != "" {
		t.Errorf("asked (-want +got)\n%s", d)
	}
	for prefix, n := range map[string]int{
		"":       42, // digests and Config are not entered
		"p/own/": 1,
		base + "111122223333/CloudTrail/us-east-1/2026/03/":   4,
		base + "111122223333/CloudTrail/us-east-1/2026/03/01": 2,
		base + "111122223333/CloudTrail/us":                   10,
		"nowhere/":                                            0,
	} {
		all := list(t, Bucket{name, prefix}.Streams(Client(cfg), Window{Logs: []event.Log{event.CloudTrail}}))
		slices.Sort(all)
		if len(slices.Compact(all)) != n {
			t.Errorf("%q: %d objects, want %d: %v", prefix, len(all), n, all)
		}
	}
	if all := list(t, Bucket{name, base}.Streams(Client(cfg), Window{})); len(all) != 44 {
		t.Errorf("all kinds: %d", len(all))
	}
	t.Run("open", func(t *testing.T) { opens(t, Bucket{name, "p/"}, cfg) })
}

func opens(t *testing.T, b Bucket, cfg aws.Config) {
	err := b.Streams(Client(cfg), Window{})(t.Context(), func(x file.Stream) error {
		in, err := x.Open(t.Context())
		if err != nil {
			return err
		}
		defer in.Close()
		text, err := io.ReadAll(in)
		if want := strings.TrimPrefix(x.Place, "s3://"+b.Name+"/"); string(text) != want || x.Size != int64(len(want)) {
			t.Errorf("%s holds %q of %d bytes", x.Place, text, x.Size)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	gone := Bucket{"no-such-bucket-" + testmoto.Account(), ""}.Streams(Client(cfg), Window{})
	if err := gone(t.Context(), func(file.Stream) error { return nil }); !fault.Is(err, fault.NotFound) {
		t.Errorf("no bucket: %v", err)
	}
	full := errors.New("enough")
	if err := b.Streams(Client(cfg), Window{})(t.Context(), func(file.Stream) error { return full }); !errors.Is(err, full) {
		t.Errorf("the finder's own error: %v", err)
	}
}

func TestErrors(t *testing.T) {
	denied := &counted{fail: &smithy.GenericAPIError{Code: "AccessDenied"}}
	if err := (Bucket{"b", ""}).Streams(denied, Window{})(t.Context(), nil); !fault.Is(err, fault.Denied) || !strings.Contains(err.Error(), "list s3://b/") {
		t.Errorf("%v", err)
	}
	for code, want := range map[string]fault.Code{"NoSuchKey": fault.NotFound, "InvalidObjectState": fault.NotFound, "AccessDenied": fault.Denied, "SlowDown": fault.Unavailable} {
		if err := opening(&smithy.GenericAPIError{Code: code}, "s3://b/k"); !fault.Is(err, want) {
			t.Errorf("%s: %v", code, err)
		}
	}
}

func TestParseBucket(t *testing.T) {
	for text, want := range map[string]Bucket{
		"s3://logs": {"logs", ""}, "s3://logs/": {"logs", ""}, "s3://logs/AWSLogs/o-a/": {"logs", "AWSLogs/o-a/"},
	} {
		if got, err := ParseBucket(text); err != nil || got != want {
			t.Errorf("%s: %+v, %v", text, got, err)
		}
	}
	for _, text := range []string{"", "s3:/", "s3://", "s3:///x", "logs", "https://logs", "s3://lo gs"} {
		if _, err := ParseBucket(text); !fault.Is(err, fault.Invalid) {
			t.Errorf("%q: %v", text, err)
		}
	}
}
