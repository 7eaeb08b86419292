package securityhub

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

// sample is a finding in ASFF, made up.
const sample = `{"SchemaVersion":"2018-10-08","Id":"arn:aws:securityhub:eu-west-1:111122223333:security-control/S3.1/finding/a1","ProductArn":"arn:aws:securityhub:eu-west-1::product/aws/securityhub",
 "Region":"eu-west-1","GeneratorId":"security-control/S3.1","AwsAccountId":"111122223333","Types":["Software and Configuration Checks/X"],
 "FirstObservedAt":"2026-02-01T10:00:00.000Z","CreatedAt":"2026-02-01T10:05:00.000Z","UpdatedAt":"2026-02-01T12:00:00.000Z","Severity":{"Label":"HIGH","Normalized":70},
 "Title":"Buckets should block public access","Description":"orders does not.","Resources":[{"Type":"AwsS3Bucket","Id":"arn:aws:s3:::orders","Partition":"aws","Region":"eu-west-1","Tags":{"team":"shop"}}],
 "Compliance":{"Status":"FAILED","SecurityControlId":"S3.1","RelatedRequirements":["PCI 1.2"],"AssociatedStandards":[{"StandardsId":"standards/fsbp/v/1.0.0"}]},
 "WorkflowState":"NEW","Workflow":{"Status":"NEW"},"RecordState":"ACTIVE"}`

func with(tb testing.TB, old, by string) []byte {
	tb.Helper()
	return claimtest.With(tb, sample, old, by)
}

func one(tb testing.TB, raw []byte) source.Claim {
	tb.Helper()
	return claimtest.One(tb, Parse, raw)
}

func TestASFF(t *testing.T) {
	const id = "aws/securityhub|eu-west-1|arn:aws:securityhub:eu-west-1:111122223333:security-control/S3.1/finding/a1"
	at := time.Date(2026, 2, 1, 12, 0, 0, 0, time.UTC)
	want := source.Claim{Finding: finding.Finding{
		Fingerprint: finding.Print(finding.Imported, "securityhub", "111122223333", id), Kind: finding.Imported, By: "securityhub/security-control/S3.1",
		Title: "Buckets should block public access", Why: "orders does not.", Severity: finding.High, Account: "111122223333", Region: "eu-west-1",
		Resource: &resource.Ref{Type: resource.Bucket, Account: "111122223333", Region: "eu-west-1", ID: "orders"}, ARN: "arn:aws:s3:::orders",
		Tags: map[string]string{"team": "shop"}, Occurred: at.Add(-2 * time.Hour), Detected: at, Sighting: id + "@2026-02-01T12:00:00Z",
		Evidence: []finding.Evidence{
			{Kind: "report", At: at, Text: "securityhub reports " + id + " as of 2026-02-01T12:00:00Z, from q#m", Data: json.RawMessage(sample)},
			ocsf.Compliance{Control: "S3.1", Standards: []string{"standards/fsbp/v/1.0.0"}, Requirements: []string{"PCI 1.2"}, Status: ocsf.Fail}.Evidence(at),
		},
	}}
	for name, raw := range map[string]string{
		"alone": sample, "event": `{"findings":[` + sample + `]}`, "request": `{"Findings":[` + sample + `]}`, "array": "\n[" + sample + "]",
		"action": `{"actionName":"x","actionDescription":"y","findings":[` + sample + `]}`,
	} {
		if d := cmp.Diff(want, one(t, []byte(raw))); d != "" {
			t.Errorf("%s (-want +got):\n%s", name, d)
		}
	}
}

func TestBatch(t *testing.T) {
	other := string(with(t, "finding/a1", "finding/a2"))
	r, err := Parse([]byte(`{"Findings":[`+sample+`,`+other+`]}`), event.Origin{})
	if err != nil || len(r.Claims) != 2 || r.Claims[0].Finding.Fingerprint == r.Claims[1].Finding.Fingerprint {
		t.Fatalf("%v: %+v", err, r)
	}
	if got := string(r.Claims[1].Finding.Evidence[0].Data); got != other {
		t.Errorf("the evidence of the second is %s", got)
	}
	bad := string(with(t, `"AwsAccountId":"111122223333"`, `"AwsAccountId":""`))
	claimtest.Refusal(t, Parse, []byte(`{"findings":[`+sample+`,`+bad+`]}`), "findings[1].AwsAccountId is missing")
}

// TestOver: what is over, and why; also in the words of before 2020.
func TestOver(t *testing.T) {
	const active = `"WorkflowState":"NEW","Workflow":{"Status":"NEW"},"RecordState":"ACTIVE"`
	first := one(t, []byte(sample))
	for by, want := range map[string]source.Over{
		`"Workflow":{"Status":"NOTIFIED"},"RecordState":"ACTIVE"`:     "",
		`"Workflow":{"Status":"RESOLVED"},"RecordState":"ACTIVE"`:     source.Resolved,
		`"Workflow":{"Status":"SUPPRESSED"},"RecordState":"ACTIVE"`:   source.Suppressed,
		`"Workflow":{"Status":"SUPPRESSED"},"RecordState":"ARCHIVED"`: source.Suppressed,
		`"Workflow":{"Status":"NEW"},"RecordState":"ARCHIVED"`:        source.Archived,
		`"WorkflowState":"RESOLVED"`:                                  source.Resolved,
		`"Note":{}`:                                                   "",
	} {
		if c := one(t, with(t, active, by)); c.Over != want || c.Finding.Fingerprint != first.Finding.Fingerprint {
			t.Errorf("%s: over %q, want %q", by, c.Over, want)
		}
	}
	for status, want := range map[string]struct {
		over    source.Over
		unknown bool
		id      int
	}{
		"FAILED": {"", false, 3}, "PASSED": {source.Resolved, false, 1}, "WARNING": {"", true, 2}, "NOT_AVAILABLE": {"", true, 2},
	} {
		c := one(t, with(t, `"FAILED"`, `"`+status+`"`))
		var object ocsf.Compliance
		if err := json.Unmarshal(c.Finding.Evidence[1].Data, &object); err != nil {
			t.Fatal(err)
		}
		if c.Over != want.over || c.Finding.Unknown != want.unknown || object.StatusID != want.id {
			t.Errorf("%s: over %q, unknown %v, status %d", status, c.Over, c.Finding.Unknown, object.StatusID)
		}
	}
}

func TestLabels(t *testing.T) {
	for by, want := range map[string]finding.Severity{
		`{"Label":"INFORMATIONAL"}`: finding.Informational, `{"Label":"LOW"}`: finding.Low, `{"Label":"MEDIUM"}`: finding.Medium, `{"Label":"CRITICAL"}`: finding.Critical,
		`{"Label":"LOW","Normalized":90}`: finding.Low, `{"Normalized":0}`: finding.Informational, `{"Normalized":1}`: finding.Low, `{"Normalized":39}`: finding.Low,
		`{"Normalized":40}`: finding.Medium, `{"Normalized":69}`: finding.Medium, `{"Normalized":70}`: finding.High, `{"Normalized":89}`: finding.High, `{"Normalized":90}`: finding.Critical,
	} {
		if got := one(t, with(t, `{"Label":"HIGH","Normalized":70}`, by)).Finding.Severity; got != want {
			t.Errorf("%s is %s, want %s", by, got, want)
		}
	}
}

// TestWhoseFinding: what other tools sent to Security Hub is theirs, by their own ID.
func TestWhoseFinding(t *testing.T) {
	const product, id = "product/aws/securityhub", "arn:aws:securityhub:eu-west-1:111122223333:security-control/S3.1/finding/a1"
	as := func(p, own string) finding.Finding {
		return one(t, []byte(strings.Replace(string(with(t, product, p)), id, own, 1))).Finding
	}
	for by, c := range map[string]struct {
		got  finding.Finding
		want finding.Fingerprint
	}{
		"guardduty/Software and Configuration Checks/X": {
			as("product/aws/guardduty", "arn:aws:guardduty:eu-west-1:111122223333:detector/d1/finding/0a1b"), finding.Print(finding.Imported, "guardduty", "111122223333", "0a1b"),
		},
		"inspector/Software and Configuration Checks/X": {
			as("product/aws/inspector", "arn:aws:inspector2:eu-west-1:111122223333:finding/f0"), finding.Print(finding.Imported, "inspector", "111122223333", "arn:aws:inspector2:eu-west-1:111122223333:finding/f0"),
		},
		"macie/Software and Configuration Checks/X": {as("product/aws/macie", "m-1"), finding.Print(finding.Imported, "macie", "111122223333", "m-1")},
		"securityhub/security-control/S3.1": {
			as("product/acme/scanner", "s-1"), finding.Print(finding.Imported, "securityhub", "111122223333", "acme/scanner|eu-west-1|s-1"),
		},
	} {
		if c.got.Fingerprint != c.want || c.got.By != by {
			t.Errorf("%s: %s by %s", by, c.got.Sighting, c.got.By)
		}
	}
}

func TestResources(t *testing.T) {
	const bucket = `{"Type":"AwsS3Bucket","Id":"arn:aws:s3:::orders","Partition":"aws","Region":"eu-west-1","Tags":{"team":"shop"}}`
	for by, want := range map[string]string{
		`{"Type":"AwsAccount","Id":"AWS::::Account:111122223333"}`:                                                                                              "AWS::Organizations::Account|111122223333||111122223333",
		`{"Type":"AwsIamAccessKey","Id":"AWS::IAM::AccessKey:AKIAEXAMPLE"}`:                                                                                     "AWS::IAM::AccessKey|111122223333||AKIAEXAMPLE",
		`{"Type":"AwsIamAccessKey","Id":"AWS::IAM::AccessKey:ASIAEXAMPLE","Details":{"AwsIamAccessKey":{"PrincipalType":"AssumedRole","PrincipalName":"ops"}}}`: "AWS::IAM::Role|111122223333||ops",
		`{"Type":"AwsIamAccessKey","Id":"AWS::IAM::AccessKey:ASIAEXAMPLE","Details":{"AwsIamAccessKey":{"UserName":"Root"}}}`:                                   "AWS::Organizations::Account|111122223333||111122223333",
		`{"Type":"Other","Id":"host-1"}`: "jobzero::Other|111122223333|eu-west-1|host-1",
	} {
		if got := one(t, with(t, bucket, by)).Finding.Subject(); got != want {
			t.Errorf("%s is about %s, want %s", by, got, want)
		}
	}
	bare := strings.Replace(string(with(t, `"Region":"eu-west-1","GeneratorId"`, `"GeneratorId"`)), `"Partition":"aws","Region":"eu-west-1"`, `"Partition":"aws"`, 1)
	if f := one(t, []byte(bare)).Finding; f.Region != "eu-west-1" {
		t.Errorf("without a region, the product's: %q", f.Region)
	}
}

// TestWeakness: a finding of a scanner is a Vulnerability Finding, whatever else it says.
func TestWeakness(t *testing.T) {
	f := one(t, with(t, `"WorkflowState":"NEW",`, `"Vulnerabilities":[{"Id":"CVE-2026-1","FixAvailable":"YES","ExploitAvailable":"NO","Vendor":{"Name":"NVD"},"ReferenceUrls":["https://example.com"],
	 "Cvss":[{"BaseScore":7.5,"Version":"3.1","BaseVector":"CVSS:3.1/AV:N"}],"VulnerablePackages":[{"Name":"shoplib","Version":"1","FixedInVersion":"2","PackageManager":"OS","FilePath":"lib"}]}],`)).Finding
	v := ocsf.Imported(f, "v1")
	want := `{"cve":{"uid":"CVE-2026-1","cvss":[{"base_score":7.5,"version":"3.1","vector_string":"CVSS:3.1/AV:N"}]},"vendor_name":"NVD","references":["https://example.com"],` +
		`"affected_packages":[{"name":"shoplib","version":"1","fixed_in_version":"2","package_manager":"OS","path":"lib"}],"is_fix_available":true}`
	if v.ClassUID != 2002 || len(v.Vulnerabilities) != 1 || string(v.Vulnerabilities[0]) != want {
		t.Errorf("class %d: %s", v.ClassUID, v.Vulnerabilities)
	}
	if v := ocsf.Imported(one(t, []byte(sample)).Finding, "v1"); v.ClassUID != 2003 {
		t.Errorf("a check of a control is of class %d", v.ClassUID)
	}
	if v := ocsf.Imported(one(t, with(t, `"Compliance":`, `"Other":`)).Finding, "v1"); v.ClassUID != 2004 {
		t.Errorf("what is neither is of class %d", v.ClassUID)
	}
}

func TestRefusals(t *testing.T) {
	for name, c := range map[string]struct {
		raw  []byte
		want string
	}{
		"no JSON":        {[]byte("hello"), "broken record"},
		"nothing":        {nil, "broken record"},
		"empty array":    {[]byte(`[]`), "the list is empty"},
		"empty list":     {[]byte(`{"findings":[]}`), "findings is empty"},
		"list of texts":  {[]byte(`{"findings":["x"]}`), "findings[0] is of type string, want object"},
		"list no list":   {[]byte(`{"findings":{}}`), "findings is of type object, want array"},
		"no product":     {with(t, `"ProductArn"`, `"Product"`), "ProductArn is missing"},
		"no id":          {with(t, `"Id":"arn:aws:securityhub`, `"I":"`), "Id is missing"},
		"no generator":   {with(t, `"GeneratorId"`, `"G"`), "GeneratorId is missing"},
		"account":        {with(t, `"AwsAccountId":"111122223333"`, `"AwsAccountId":"x"`), `AwsAccountId "x" is no twelve-digit account`},
		"no severity":    {with(t, `"Severity":{`, `"S":{`), "Severity.Label is missing, and so is Normalized"},
		"label":          {with(t, `"HIGH"`, `"TERRIBLE"`), `Severity.Label "TERRIBLE" is none of`},
		"normalized":     {with(t, `{"Label":"HIGH","Normalized":70}`, `{"Normalized":101}`), "Severity.Normalized 101 is not between 0 and 100"},
		"no update":      {with(t, `"UpdatedAt"`, `"U"`), "UpdatedAt is missing"},
		"no resources":   {with(t, `"Resources"`, `"R"`), "Resources[0].Type is missing"},
		"resource id":    {with(t, `"Id":"arn:aws:s3:::orders"`, `"Id":null`), "Resources[0].Id is missing"},
		"resource a lot": {with(t, `"Tags":{"team":"shop"}`, `"Tags":["x"]`), "Resources[0].Tags[0] is of type string"},
		"in an array":    {[]byte(`[{"ProductArn":1}]`), "[0].ProductArn is of type number, want string"},
		"workflow":       {with(t, `"Workflow":{"Status":"NEW"}`, `"Workflow":"NEW"`), "Workflow is of type string, want object"},
	} {
		t.Run(name, func(t *testing.T) { claimtest.Refusal(t, Parse, c.raw, c.want) })
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{sample, native, `[` + sample + `,` + native + `]`, `{"findings":[` + native + `]}`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		r, err := Parse(raw, event.Origin{})
		claimtest.Hold(t, r, err)
	})
}
