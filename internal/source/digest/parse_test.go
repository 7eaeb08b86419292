package digest

import (
	"encoding/json"
	"io/fs"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"jobzero/internal/fault"
)

// sample is the example of the guide, its two signatures and its fingerprint shortened.
const sample = `{
  "awsAccountId": "111122223333",
  "digestStartTime": "2015-08-17T14:01:31Z",
  "digestEndTime": "2015-08-17T15:01:31Z",
  "digestS3Bucket": "S3-bucket-name",
  "digestS3Object": "AWSLogs/111122223333/CloudTrail-Digest/us-east-2/2015/08/17/111122223333_CloudTrail-Digest_us-east-2_your-trail-name_us-east-2_20150817T150131Z.json.gz",
  "digestPublicKeyFingerprint": "31E8b543",
  "digestSignatureAlgorithm": "SHA256withRSA",
  "newestEventTime": "2015-08-17T14:52:27Z",
  "oldestEventTime": "2015-08-17T14:42:27Z",
  "previousDigestS3Bucket": "S3-bucket-name",
  "previousDigestS3Object": "AWSLogs/111122223333/CloudTrail-Digest/us-east-2/2015/08/17/111122223333_CloudTrail-Digest_us-east-2_your-trail-name_us-east-2_20150817T140131Z.json.gz",
  "previousDigestHashValue": "97FB791c",
  "previousDigestHashAlgorithm": "SHA-256",
  "previousDigestSignature": "50887ccf",
  "logFiles": [
    {
      "s3Bucket": "S3-bucket-name",
      "s3Object": "AWSLogs/111122223333/CloudTrail/us-east-2/2015/08/17/111122223333_CloudTrail_us-east-2_20150817T1445Z_9nYN7gp2eWAJHIfT.json.gz",
      "hashValue": "9bb6196f",
      "hashAlgorithm": "SHA-256",
      "newestEventTime": "2015-08-17T14:52:27Z",
      "oldestEventTime": "2015-08-17T14:42:27Z"
    }
  ]
}`

func TestParse(t *testing.T) {
	got, err := Parse([]byte(sample))
	if err != nil {
		t.Fatal(err)
	}
	const folder = "AWSLogs/111122223333/CloudTrail-Digest/us-east-2/2015/08/17/111122223333_CloudTrail-Digest_us-east-2_your-trail-name_us-east-2_"
	want := &Digest{
		Start: time.Date(2015, 8, 17, 14, 1, 31, 0, time.UTC), End: time.Date(2015, 8, 17, 15, 1, 31, 0, time.UTC), Bucket: "S3-bucket-name",
		Object: folder + "20150817T150131Z.json.gz", Fingerprint: "31e8b543", Algorithm: "SHA256withRSA", end: "2015-08-17T15:01:31Z",
		Previous: &Link{Bucket: "S3-bucket-name", Object: folder + "20150817T140131Z.json.gz", Hash: "97fb791c", Signature: "50887ccf"},
		Logs: []Log{{
			Bucket: "S3-bucket-name", Object: "AWSLogs/111122223333/CloudTrail/us-east-2/2015/08/17/111122223333_CloudTrail_us-east-2_20150817T1445Z_9nYN7gp2eWAJHIfT.json.gz",
			Algorithm: "SHA-256", Hash: "9bb6196f",
		}},
	}
	if d := cmp.Diff(want, got, cmp.AllowUnexported(Digest{}), cmpopts.EquateEmpty()); d != "" {
		t.Errorf("(-want +got)\n%s", d)
	}
	if want := "2015-08-17T15:01:31Z\nS3-bucket-name/" + folder + "20150817T150131Z.json.gz\nhash\n50887ccf"; string(got.signed("hash")) != want {
		t.Errorf("signed is %q", got.signed("hash"))
	}
	got.Previous = nil
	if !strings.HasSuffix(string(got.signed("hash")), "\nhash\nnull") {
		t.Errorf("of a starting digest signed is %q", got.signed("hash"))
	}
}

// TestParseRefuses: each change makes it no digest, and the error says why.
func TestParseRefuses(t *testing.T) {
	for name, c := range map[string]struct{ from, to, want string }{
		"no JSON":               {`{`, `[`, "no digest"},
		"deep":                  {`"111122223333"`, strings.Repeat("[", 201) + strings.Repeat("]", 201), "nested deeper than 200 levels"},
		"deeper":                {`"111122223333"`, strings.Repeat("[", 1<<20), "nested deeper than 200 levels"},
		"no UTF-8":              {`"111122223333"`, "\"\xff\"", "invalid UTF-8"},
		"number":                {`"S3-bucket-name",`, `1e999999999,`, "is a number, want a string"},
		"twice":                 {`"awsAccountId"`, `"logFiles"`, `"logFiles" is there twice`},
		"escaped twice":         {`"awsAccountId"`, `"logF\u0069les"`, `"logFiles" is there twice`},
		"no end":                {`"digestEndTime"`, `"x"`, "digestEndTime is missing"},
		"time":                  {`2015-08-17T15:01:31Z`, `99999-08-17T15:01:31Z`, "digestEndTime: parsing time"},
		"two lines":             {`"S3-bucket-name",`, `"a\nb",`, "digestS3Bucket is missing, empty or has more than one line"},
		"ends first":            {`"2015-08-17T15:01:31Z"`, `"2014-08-17T15:01:31Z"`, "digestEndTime lies before digestStartTime"},
		"half a link":           {`"previousDigestS3Object"`, `"x"`, "previousDigestS3Object is missing"},
		"link without a bucket": {`"previousDigestS3Bucket"`, `"x"`, "previousDigestS3Bucket is missing"},
		"no logs":               {`"logFiles"`, `"x"`, "logFiles is a nothing, want an array"},
		"logs of texts":         {"[\n    {", `["x",{`, "logFiles holds a string"},
		"log twice":             {`"s3Bucket"`, `"s3Object":"","s3Bucket"`, `"s3Object" is there twice`},
		"log without a hash":    {`"hashValue"`, `"x"`, "hashValue is missing"},
		"a way up":              {`AWSLogs/111122223333/CloudTrail/us-east-2/2015`, `AWSLogs/../../etc`, "is not below AWSLogs/"},
		"an absolute path":      {`"AWSLogs/111122223333/CloudTrail/`, `"/etc/`, "is not below AWSLogs/"},
		"an empty step":         {`AWSLogs/111122223333/CloudTrail/us-east-2/2015`, `AWSLogs//x`, "is not below AWSLogs/"},
	} {
		text := strings.Replace(sample, c.from, c.to, 1)
		if text == sample {
			t.Errorf("%s: the change hits nothing", name)
		}
		if _, err := Parse([]byte(text)); !fault.Is(err, fault.Invalid) || !strings.Contains(err.Error(), c.want) || len(err.Error()) > 1000 {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
	}
}

func TestPlace(t *testing.T) {
	for object, want := range map[string]string{
		"AWSLogs/1/x": "AWSLogs/1/x", "a/b/AWSLogs/1/x": "AWSLogs/1/x", "xAWSLogs/1": "", "AWSLogs/../x": "", "AWSLogs/": "", "": "", "/AWSLogs/x": "AWSLogs/x",
		"AWSLogs/a//b": "", "AWSLogs/./b": "",
	} {
		if got := place(object); got != want {
			t.Errorf("%q: %q, want %q", object, got, want)
		}
	}
}

func TestDigestName(t *testing.T) {
	a := area{account: "111122223333", region: "us-east-2"}
	const folder = "AWSLogs/111122223333/CloudTrail-Digest/us-east-2/2015/08/17/"
	for key, want := range map[string]name{
		folder + "111122223333_CloudTrail-Digest_us-east-2_my_own_trail_eu-west-1_20150817T150131Z.json.gz":             {trail: "my_own_trail of eu-west-1"},
		folder + "111122223333_CloudTrail-Digest_us-east-2_t_eu-west-1_20150817T150131Z_backfill.json.gz":               {trail: "t of eu-west-1", backfill: true},
		folder + "111122223333_CloudTrail-Digest_us-east-1_t_eu-west-1_20150817T150131Z.json.gz":                        {}, // another region
		folder + "111122223334_CloudTrail-Digest_us-east-2_t_eu-west-1_20150817T150131Z.json.gz":                        {}, // another account
		folder + "111122223333_CloudTrail-Digest_us-east-2_t_eu-west-1_20151317T150131Z.json.gz":                        {}, // the 13th month
		"AWSLogs/o-abc/" + folder[8:] + "111122223333_CloudTrail-Digest_us-east-2_t_eu-west-1_20150817T150131Z.json.gz": {},
	} {
		got, ok := a.digestName(key)
		if ok != (want.trail != "") || got.trail != want.trail || got.backfill != want.backfill {
			t.Errorf("%s: %+v, %v", key, got, ok)
		}
	}
}

// FuzzParse: whatever a digest says, its parts lie below AWSLogs, what is signed of it has four lines, and it says the same when
// the standard library writes it anew.
func FuzzParse(f *testing.F) {
	f.Add([]byte(sample))
	f.Add([]byte(strings.Replace(sample, `"SHA-256",`+"\n  \"previous", `null,"previous`, 1)))
	f.Add([]byte(`{"digestStartTime":"2015-08-17T14:01:31Z","digestEndTime":"2015-08-17T15:01:31.5+01:30","digestS3Bucket":"b","digestS3Object":"\u0041WSLogs/x","digestPublicKeyFingerprint":"A","digestSignatureAlgorithm":"a","previousDigestS3Object":null,"logFiles":[]}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		d, err := Parse(text)
		if err != nil {
			if d != nil || !fault.Is(err, fault.Invalid) {
				t.Errorf("%v, %v", d, err)
			}
			return
		}
		if d.End.Before(d.Start) || strings.Count(string(d.signed("")), "\n") != 3 {
			t.Errorf("%+v", d)
		}
		for _, l := range d.Logs {
			if p := place(l.Object); !fs.ValidPath(p) || !strings.HasPrefix(p, top) || !strings.HasSuffix(l.Object, p) {
				t.Errorf("%q is at %q", l.Object, p)
			}
		}
		var all map[string]json.RawMessage
		if err := json.Unmarshal(text, &all); err != nil {
			t.Fatalf("%v, and it was read", err)
		}
		again, err := json.Marshal(all)
		if err != nil {
			t.Fatal(err)
		}
		same, err := Parse(again)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(d, same, cmp.AllowUnexported(Digest{})); diff != "" {
			t.Error(diff)
		}
	})
}
