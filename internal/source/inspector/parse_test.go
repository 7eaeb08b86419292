package inspector

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"jobzero/internal/event"
	"jobzero/internal/finding"
	"jobzero/internal/finding/ocsf"
	"jobzero/internal/resource"
	"jobzero/internal/source"
	"jobzero/internal/source/claim/claimtest"
)

// sample is a finding, made up.
const sample = `{"awsAccountId":"111122223333","findingArn":"arn:aws:inspector2:eu-west-1:111122223333:finding/f0","type":"PACKAGE_VULNERABILITY",
 "title":"CVE-2026-0001 - shoplib","description":"\n shoplib reads too far.","severity":"HIGH","status":"ACTIVE","inspectorScore":8.1,"exploitAvailable":"YES","fixAvailable":"YES",
 "firstObservedAt":"Wed Feb 04 10:00:00.250 UTC 2026","lastObservedAt":"Wed Feb 04 11:00:00.000 UTC 2026","updatedAt":"Wed Feb 04 12:00:00.000 UTC 2026",
 "packageVulnerabilityDetails":{"vulnerabilityId":"CVE-2026-0001","source":"NVD","referenceUrls":["https://example.com/1"],
  "cvss":[{"baseScore":8.1,"scoringVector":"CVSS:3.1/AV:N","source":"NVD","version":"3.1"}],
  "vulnerablePackages":[{"name":"shoplib","version":"1.0","fixedInVersion":"1.1","packageManager":"OS","filePath":"lib/shop"}]},
 "resources":[{"id":"i-0abc","type":"AWS_EC2_INSTANCE","partition":"aws","region":"eu-west-1","tags":{"team":"shop"},"details":{}}]}`

func with(tb testing.TB, old, by string) []byte {
	tb.Helper()
	return claimtest.With(tb, sample, old, by)
}

func one(tb testing.TB, raw []byte) source.Claim {
	tb.Helper()
	return claimtest.One(tb, Parse, raw)
}

func TestParse(t *testing.T) {
	const id = "arn:aws:inspector2:eu-west-1:111122223333:finding/f0"
	at := time.Date(2026, 2, 4, 12, 0, 0, 0, time.UTC)
	weak := ocsf.Weakness("CVE-2026-0001", []ocsf.CVSS{{Score: 8.1, Version: "3.1", Vector: "CVSS:3.1/AV:N", Vendor: "NVD"}})
	weak.Title, weak.Severity, weak.Vendor, weak.References, weak.Exploit, weak.Fix = "CVE-2026-0001 - shoplib", "HIGH", "NVD", []string{"https://example.com/1"}, true, true
	weak.Packages = []ocsf.Package{{Name: "shoplib", Version: "1.0", Fixed: "1.1", Manager: "OS", Path: "lib/shop"}}
	want := source.Claim{Finding: finding.Finding{
		Fingerprint: finding.Print(finding.Imported, "inspector", "111122223333", id), Kind: finding.Imported, By: "inspector/PACKAGE_VULNERABILITY",
		Title: "CVE-2026-0001 - shoplib", Why: "shoplib reads too far.", Severity: finding.High, Account: "111122223333", Region: "eu-west-1",
		Resource: &resource.Ref{Type: "AWS::EC2::Instance", Account: "111122223333", Region: "eu-west-1", ID: "i-0abc"}, Tags: map[string]string{"team": "shop"},
		Occurred: at.Add(-2*time.Hour + 250*time.Millisecond), Detected: at, Sighting: id + "@2026-02-04T12:00:00Z",
		Evidence: []finding.Evidence{
			{Kind: "report", At: at, Text: "inspector reports " + id + " as of 2026-02-04T12:00:00Z, from q#m", Data: json.RawMessage(sample)},
			weak.Evidence(at),
		},
	}}
	if d := cmp.Diff(want, one(t, []byte(sample))); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

func TestUpdates(t *testing.T) {
	first := one(t, []byte(sample))
	for status, want := range map[string]source.Over{"ACTIVE": "", "CLOSED": source.Resolved, "SUPPRESSED": source.Suppressed} {
		raw := strings.Replace(string(with(t, `"ACTIVE"`, `"`+status+`"`)), "12:00:00.000", "13:00:00.000", 1)
		c := one(t, []byte(raw))
		if c.Over != want || c.Finding.Fingerprint != first.Finding.Fingerprint || c.Finding.Sighting == first.Finding.Sighting {
			t.Errorf("%s: over %q, %s", status, c.Over, c.Finding.Sighting)
		}
	}
}

func TestSeverity(t *testing.T) {
	for word, want := range map[string]finding.Severity{
		"INFORMATIONAL": finding.Informational, "LOW": finding.Low, "MEDIUM": finding.Medium, "HIGH": finding.High, "CRITICAL": finding.Critical, "UNTRIAGED": finding.Medium,
	} {
		if got := one(t, with(t, `"HIGH"`, `"`+word+`"`)).Finding.Severity; got != want {
			t.Errorf("%s is %s, want %s", word, got, want)
		}
	}
}

// TestTypes: what a finding is about, and of which class it is.
func TestTypes(t *testing.T) {
	const instance = `{"id":"i-0abc","type":"AWS_EC2_INSTANCE"`
	for by, want := range map[string]string{
		`{"id":"arn:aws:ecr:eu-west-1:111122223333:repository/shop/sha256:0a","type":"AWS_ECR_CONTAINER_IMAGE"`: "AWS::ECR::Repository|111122223333|eu-west-1|shop",
		`{"id":"arn:aws:lambda:eu-west-1:111122223333:function:pay:$LATEST","type":"AWS_LAMBDA_FUNCTION"`:       "AWS::Lambda::Function|111122223333|eu-west-1|pay",
		`{"id":"repo-1","type":"CODE_REPOSITORY"`:                                                               "jobzero::CODE_REPOSITORY|111122223333|eu-west-1|repo-1",
	} {
		f := one(t, with(t, instance, by)).Finding
		if f.Subject() != want || (f.ARN != "") != strings.Contains(by, "arn:") {
			t.Errorf("%s, ARN %q, want %s", f.Subject(), f.ARN, want)
		}
	}
	for name, c := range map[string]struct {
		raw   []byte
		class int
		text  string
	}{
		"package":  {[]byte(sample), 2002, "CVE-2026-0001 in shoplib 1.0 (fixed in 1.1); an exploit is known"},
		"advisory": {with(t, `"vulnerabilityId":"CVE-2026-0001"`, `"vulnerabilityId":"GHSA-x"`), 2002, "GHSA-x in"},
		"code":     {[]byte(strings.Replace(string(with(t, `"packageVulnerabilityDetails":{`, `"x":{`)), `"inspectorScore":8.1`, `"codeVulnerabilityDetails":{"cwes":["CWE-798"]}`, 1)), 2002, "CWE-798"},
		"no CWE":   {[]byte(strings.Replace(string(with(t, `"packageVulnerabilityDetails":{`, `"x":{`)), `"inspectorScore":8.1`, `"codeVulnerabilityDetails":{"cwes":[]}`, 1)), 2004, ""},
		"network":  {with(t, `"packageVulnerabilityDetails":{`, `"networkReachabilityDetails":{`), 2004, ""},
	} {
		f := one(t, c.raw).Finding
		if v := ocsf.Imported(f, "v1"); v.ClassUID != c.class {
			t.Errorf("%s: class %d, want %d", name, v.ClassUID, c.class)
		}
		if c.text != "" && !strings.HasPrefix(f.Evidence[len(f.Evidence)-1].Text, c.text) {
			t.Errorf("%s: %q", name, f.Evidence[len(f.Evidence)-1].Text)
		}
	}
}

func TestRefusals(t *testing.T) {
	for name, c := range map[string]struct {
		raw  []byte
		want string
	}{
		"no JSON":      {[]byte("["), "broken record"},
		"no ARN":       {with(t, `"findingArn"`, `"arn"`), "findingArn is missing"},
		"no type":      {with(t, `"type":"PACKAGE_VULNERABILITY"`, `"t":1`), "type is missing"},
		"account":      {with(t, `"awsAccountId":"111122223333"`, `"awsAccountId":"1"`), `awsAccountId "1" is no twelve-digit account`},
		"severity":     {with(t, `"HIGH","status"`, `"BAD","status"`), `severity "BAD" is none of`},
		"no severity":  {with(t, `"severity":"HIGH",`, ``), "severity is missing"},
		"status":       {with(t, `"ACTIVE"`, `"OPEN"`), `status "OPEN" is none of`},
		"no resources": {with(t, `"resources":[`, `"resource":[`), "resources[0].id is missing"},
		"no time":      {[]byte(strings.Replace(string(with(t, `"updatedAt"`, `"u"`)), `"lastObservedAt"`, `"l"`, 1)), "updatedAt is missing, and so is lastObservedAt"},
		"time":         {with(t, `Wed Feb 04 12:00:00.000 UTC 2026`, `Wed Feb 04 12:00:00.000 XYZ 2026`), "updatedAt"},
		"CVE":          {with(t, `"vulnerabilityId":"CVE-2026-0001"`, `"vulnerabilityId":1`), "packageVulnerabilityDetails.vulnerabilityId is of type number"},
		"score":        {with(t, `"baseScore":8.1`, `"baseScore":"8"`), "packageVulnerabilityDetails.cvss[0].baseScore is of type string"},
		"region":       {with(t, `"region":"eu-west-1"`, `"region":"x y"`), `resources[0].region "x y" is no region`},
	} {
		t.Run(name, func(t *testing.T) { claimtest.Refusal(t, Parse, c.raw, c.want) })
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(sample))
	f.Add([]byte(`{"awsAccountId":"111122223333","findingArn":"x","type":"t","severity":"UNTRIAGED","status":"CLOSED","lastObservedAt":"Feb 4, 2026, 3:04:05 PM","resources":[{"id":"r","type":"a|b"}]}`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		r, err := Parse(raw, event.Origin{})
		claimtest.Hold(t, r, err)
	})
}
