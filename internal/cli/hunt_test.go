package cli_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/s3"

	"jobzero/internal/cli"
	"jobzero/internal/testmoto"
)

// TestHuntInS3 hunts through a bucket with the credentials and the settings that a person has, and reads only what is asked for.
func TestHuntInS3(t *testing.T) {
	server := testmoto.Shared(t)
	client, bucket := s3.NewFromConfig(server.Config("")), "hunted-"+testmoto.Account()
	if _, err := client.CreateBucket(t.Context(), &s3.CreateBucketInput{Bucket: &bucket}); err != nil {
		t.Fatal(err)
	}
	for day := 1; day <= 9; day++ {
		for n := range 3 {
			key := fmt.Sprintf("AWSLogs/o-abc/111122223333/CloudTrail/eu-central-1/2026/03/%02d/%d.json", day, n)
			text := fmt.Sprintf(`{"Records":[{"eventVersion":"1.11","eventID":"e-%d-%d","eventTime":"2026-03-%02dT10:00:00Z","eventSource":"cloudtrail.amazonaws.com",`+
				`"eventName":"StopLogging","awsRegion":"eu-central-1","userIdentity":{"type":"Root"},"recipientAccountId":"111122223333"}]}`, day, n, day)
			if _, err := client.PutObject(t.Context(), &s3.PutObjectInput{Bucket: &bucket, Key: &key, Body: strings.NewReader(text)}); err != nil {
				t.Fatal(err)
			}
		}
	}
	settings := filepath.Join(t.TempDir(), "jobzero.yaml")
	if err := os.WriteFile(settings, []byte("aws: {endpoint: \""+server.Endpoint+"\"}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, k := range []string{"CONFIG", "DATABASE", "BUS", "DATA_DIR", "LISTEN"} {
		t.Setenv("JOBZERO_"+k, "")
	}
	t.Setenv("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "emulator-only")
	hunt := func(place string, more ...string) (int, string, string) {
		var out, errs bytes.Buffer
		args := append([]string{"hunt", "--config", settings, "--rule", "cloudtrail-stopped", "--format", "json", "--stats"}, more...)
		code := cli.Main(t.Context(), append(args, place), strings.NewReader(""), &out, &errs)
		return code, out.String(), errs.String()
	}
	code, out, errs := hunt("s3://"+bucket, "--since", "2026-03-03", "--until", "2026-03-05", "--account", "111122223333")
	if code != 0 || strings.Count(out, "\n") != 6 || !strings.Contains(out, `"file":"s3://`+bucket+"/AWSLogs/o-abc/") {
		t.Errorf("exit code %d:\n%s%s", code, out, errs)
	}
	// Days 2 to 5: an hour before the window and six hours behind it may hold its events. Nothing else was fetched.
	if !strings.Contains(errs, `"events":12,`) {
		t.Errorf("more or less was read than the window needs: %s", errs)
	}
	code, out, errs = hunt("s3://"+bucket+"/AWSLogs/", "--after", "s3://"+bucket+"/AWSLogs/o-abc/111122223333/CloudTrail/eu-central-1/2026/03/08/1.json")
	if code != 0 || strings.Count(out, "\n") != 4 {
		t.Errorf("behind a file: exit code %d:\n%s%s", code, out, errs)
	}
	if code, out, errs = hunt("s3://nobodys-" + bucket); code != 2 || out != "" || !strings.Contains(errs, "find bucket nobodys-") {
		t.Errorf("no bucket: exit code %d, %q, %q", code, out, errs)
	}
}
