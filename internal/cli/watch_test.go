package cli_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"jobzero/internal/cli"
)

// call is a record of a made-up user.
func call(id int, at time.Time, user int, name, service, from, agent string) string {
	return fmt.Sprintf(`{"eventVersion":"1.09","userIdentity":{"type":"IAMUser","arn":"arn:aws:iam::111122223333:user/user-%d","accountId":"111122223333",`+
		`"userName":"user-%d","accessKeyId":"AKIA%016d"},"eventTime":"%s","eventSource":"%s.amazonaws.com","eventName":"%s","awsRegion":"eu-central-1",`+
		`"sourceIPAddress":"%s","userAgent":"%s","eventID":"e-%d","readOnly":true,"recipientAccountId":"111122223333"}`,
		user, user, user, at.UTC().Format(time.RFC3339), service, name, from, agent, id)
}

// weeks writes three weeks of five users, a file for each day, the newest first; the last day ends with an attack.
func weeks(t *testing.T, dir string) {
	t.Helper()
	began := time.Date(2026, 11, 2, 9, 0, 0, 0, time.UTC)
	id, days := 0, 21
	for day := range days {
		var lines []string
		at := began.AddDate(0, 0, day)
		for i := range 200 {
			id++
			lines = append(lines, call(id, at.Add(time.Duration(i)*2*time.Minute), i%5, []string{"GetObject", "ListBucket", "HeadObject"}[i/5%3], "s3", "198.51.100.7", "Boto3/1.26 Linux/5"))
		}
		if day == days-1 {
			for i, name := range []string{"GetCallerIdentity", "ListUsers", "ListRoles", "CreateUser", "CreateAccessKey", "AttachUserPolicy"} {
				id++
				lines = append(lines, call(id, at.Add(8*time.Hour+time.Duration(i)*time.Minute), 3, name, "iam", "203.0.113.9", "aws-cli/2.15 Linux/6-kali"))
			}
		}
		name := fmt.Sprintf("%02d-111122223333_CloudTrail_eu-central-1_%s_aB3dE6gH9jK2mN5p.jsonl", days-day, at.Format("20060102T1504Z"))
		if err := os.WriteFile(filepath.Join(dir, name), []byte(strings.Join(lines, "\n")), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// TestReplayBaselines: one principal behaves unlike itself, and replay tells its story; without being asked it does not.
func TestReplayBaselines(t *testing.T) {
	dir := t.TempDir()
	weeks(t, dir)
	run := func(args ...string) (string, string, int) {
		var out, bad bytes.Buffer
		code := cli.Main(t.Context(), append([]string{"replay"}, args...), strings.NewReader(""), &out, &bad)
		return out.String(), bad.String(), code
	}
	stories := map[string]int{}
	out, bad, code := run("--baselines", "--format", "json", dir)
	for line := range strings.Lines(out) {
		var v struct {
			ID  string `json:"rule_id"`
			Who string `json:"principal"`
			Why string `json:"why"`
		}
		if err := json.Unmarshal([]byte(line), &v); err != nil {
			t.Fatal(err)
		}
		if v.ID != "baseline.principal" {
			continue
		}
		stories[v.Who]++
		for _, want := range []string{"normal since 2026-11-02", "from 198.51.100.0/24", "network 203.0.113.0/24 is new to it", "kali"} {
			if !strings.Contains(v.Why, want) {
				t.Errorf("the story does not say %q:\n%s", want, v.Why)
			}
		}
	}
	if code != 0 || len(stories) != 1 || stories["arn:aws:iam::111122223333:user/user-3"] == 0 {
		t.Errorf("exit code %d, stories %v\n%s", code, stories, bad)
	}
	if out, _, _ = run("--baselines", dir); !strings.Contains(out, "\n    arn:aws:iam::111122223333:user/user-3: normal since") {
		t.Errorf("the table does not tell the story:\n%s", out)
	}
	if out, _, _ = run("--baselines", "--format", "ocsf", dir); !strings.Contains(out, "unlike itself") {
		t.Error("no finding in OCSF")
	}
	for _, args := range [][]string{{dir}, {"--baselines", "--learn-days", "30", dir}} {
		if out, _, _ = run(args...); strings.Contains(out, "unlike itself") {
			t.Errorf("%v tells a story", args)
		}
	}
	for said, args := range map[string][]string{
		"--learn-days 0: use a number": {"--baselines", "--learn-days", "0", dir},
		"--locations is about":         {"--locations", "x.mmdb", dir},
		"want a MaxMind database":      {"--baselines", "--locations", filepath.Join(dir, "01-111122223333_CloudTrail_eu-central-1_20261122T0900Z_aB3dE6gH9jK2mN5p.jsonl"), dir},
		"nowhere.mmdb does not exist":  {"--baselines", "--locations", "nowhere.mmdb", dir},
	} {
		if _, bad, code := run(args...); code != 2 || !strings.Contains(bad, said) {
			t.Errorf("%v: exit code %d, %s", args, code, bad)
		}
	}
}
