package securityhub

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"jobzero/internal/finding"
	schema "jobzero/internal/finding/ocsf"
	"jobzero/internal/resource"
	"jobzero/internal/source"
	"jobzero/internal/source/claim/claimtest"
)

// native is a finding in OCSF, made up: the same one as sample, as the new Security Hub writes it.
const native = `{"activity_id":2,"activity_name":"Update","category_uid":2,"class_uid":2003,"class_name":"Compliance Finding","type_uid":200302,
 "cloud":{"account":{"uid":"111122223333"},"provider":"AWS","region":"eu-west-1"},"severity_id":4,"severity":"High","status_id":1,"status":"New","time":1769947200000,
 "compliance":{"control":"S3.1","standards":["standards/fsbp/v/1.0.0"],"status":"Fail","status_id":3},
 "finding_info":{"title":"Buckets should block public access","desc":"orders does not.","types":["Posture Management"],"uid":"arn:aws:securityhub:eu-west-1:111122223333:security-control/S3.1/finding/a1",
  "created_time_dt":"2026-02-01T10:05:00.000Z","first_seen_time_dt":"2026-02-01T10:00:00.000Z","modified_time_dt":"2026-02-01T12:00:00.000Z"},
 "metadata":{"product":{"name":"Security Hub","uid":"arn:aws:securityhub:eu-west-1::productv2/aws/securityhub","vendor_name":"AWS"},"version":"1.6.0"},
 "resources":[{"type":"AWS::S3::Bucket","uid":"orders","uid_alt":"arn:aws:s3:::orders","region":"eu-west-1","tags":[{"name":"team","value":"shop"}]}]}`

func nativeWith(tb testing.TB, old, by string) []byte {
	tb.Helper()
	return claimtest.With(tb, native, old, by)
}

// TestOneFinding: the old and the new Security Hub may both be on; what both say is one belief.
func TestOneFinding(t *testing.T) {
	asff, ocsf := one(t, []byte(sample)).Finding, one(t, []byte(`{"findings":[`+native+`]}`)).Finding
	asff.Evidence, ocsf.Evidence = nil, nil
	asff.By, ocsf.By = "", "" // a generator and a control
	if d := cmp.Diff(asff, ocsf); d != "" {
		t.Errorf("(-ASFF +OCSF):\n%s", d)
	}
}

func TestOCSF(t *testing.T) {
	at := time.Date(2026, 2, 1, 12, 0, 0, 0, time.UTC)
	f := one(t, []byte(native)).Finding
	if f.By != "securityhub/S3.1" || !f.Detected.Equal(at) || f.ARN != "arn:aws:s3:::orders" || f.Tags["team"] != "shop" {
		t.Errorf("%+v", f)
	}
	if v := schema.Imported(f, "v1"); v.ClassUID != 2003 || !strings.Contains(string(v.Compliance), `"control":"S3.1"`) {
		t.Errorf("class %d: %s", v.ClassUID, v.Compliance)
	}
	for name, c := range map[string]struct {
		raw  []byte
		want func(finding.Finding) bool
	}{
		"seconds":       {nativeWith(t, `"modified_time_dt":"2026-02-01T12:00:00.000Z"`, `"modified_time":1769947200`), func(f finding.Finding) bool { return f.Detected.Equal(at) }},
		"dotted name":   {nativeWith(t, `"modified_time_dt"`, `"finding.info.modified_time_dt"`), func(f finding.Finding) bool { return f.Detected.Equal(at) }},
		"event's time":  {nativeWith(t, `"modified_time_dt"`, `"x"`), func(f finding.Finding) bool { return f.Detected.Equal(at) }},
		"number counts": {nativeWith(t, `"modified_time_dt":"2026-02-01T12:00:00.000Z"`, `"modified_time":1769947200000,"modified_time_dt":"2026-02-01T13:00:00"`), func(f finding.Finding) bool { return f.Detected.Equal(at) }},
		"bare resource": {nativeWith(t, `,"uid_alt":"arn:aws:s3:::orders"`, ``), func(f finding.Finding) bool {
			return f.Subject() == "AWS::S3::Bucket|111122223333||orders" && f.ARN == ""
		}},
		"no resources": {nativeWith(t, `"resources"`, `"x"`), func(f finding.Finding) bool { return f.Resource.ID == "111122223333" && f.Region == "eu-west-1" }},
		"session's key": {nativeWith(t, `"type":"AWS::S3::Bucket","uid":"orders","uid_alt":"arn:aws:s3:::orders"`, `"type":"AWS::IAM::AccessKey","uid":"ASIAEXAMPLE","data":{"user_name":"ops","user_type":"AssumedRole"}`), func(f finding.Finding) bool {
			return *f.Resource == resource.Ref{Type: "AWS::IAM::Role", Account: "111122223333", ID: "ops"} && f.Principal == "ops"
		}},
		"GuardDuty's": {
			[]byte(strings.Replace(string(nativeWith(t, "productv2/aws/securityhub", "productv2/aws/guardduty")), "arn:aws:securityhub:eu-west-1:111122223333:security-control/S3.1/finding/a1", "arn:aws:guardduty:eu-west-1:111122223333:detector/d/finding/0a1b", 1)),
			func(f finding.Finding) bool {
				return f.Fingerprint == finding.Print(finding.Imported, "guardduty", "111122223333", "0a1b")
			},
		},
		"another tool": {nativeWith(t, `"uid":"arn:aws:securityhub:eu-west-1::productv2/aws/securityhub",`, ``), func(f finding.Finding) bool { return strings.HasPrefix(f.Sighting, "Security Hub|eu-west-1|") }},
	} {
		if f := one(t, c.raw).Finding; !c.want(f) {
			t.Errorf("%s: %+v", name, f)
		}
	}
}

func TestOverOCSF(t *testing.T) {
	for by, want := range map[string]struct {
		over    source.Over
		unknown bool
	}{
		`"status_id":1`: {"", false}, `"status_id":2`: {"", false}, `"status_id":3`: {source.Suppressed, false}, `"status_id":4`: {source.Resolved, false},
		`"status_id":5`: {source.Archived, false}, `"status_id":6`: {source.Archived, false},
		`"status_id":1,"status_code":"PASS"`: {source.Resolved, false}, `"status_id":1,"status_code":"FAIL"`: {"", false}, `"status_id":1,"status_code":"MANUAL"`: {"", true},
	} {
		if c := one(t, nativeWith(t, `"status_id":1,"status":"New"`, by)); c.Over != want.over || c.Finding.Unknown != want.unknown {
			t.Errorf("%s: over %q, unknown %v", by, c.Over, c.Finding.Unknown)
		}
	}
	if c := one(t, nativeWith(t, `"activity_id":2`, `"activity_id":3`)); c.Over != source.Resolved {
		t.Errorf("closed: over %q", c.Over)
	}
	if c := one(t, nativeWith(t, `"status":"Fail","status_id":3`, `"status":"Pass","status_id":1`)); c.Over != source.Resolved {
		t.Errorf("passed: over %q", c.Over)
	}
	if c := one(t, nativeWith(t, `"status":"Fail","status_id":3`, `"status":"Warning","status_id":2`)); c.Over != "" || !c.Finding.Unknown {
		t.Errorf("warning: over %q, unknown %v", c.Over, c.Finding.Unknown)
	}
}

func TestSeverityOCSF(t *testing.T) {
	for id, want := range map[string]finding.Severity{
		"0": finding.Medium, "1": finding.Informational, "2": finding.Low, "3": finding.Medium, "4": finding.High, "5": finding.Critical, "6": finding.Critical, "99": finding.Medium,
	} {
		if got := one(t, nativeWith(t, `"severity_id":4`, `"severity_id":`+id)).Finding.Severity; got != want {
			t.Errorf("%s is %s, want %s", id, got, want)
		}
	}
}

func TestClassesOCSF(t *testing.T) {
	const compliance = `"compliance":{"control":"S3.1","standards":["standards/fsbp/v/1.0.0"],"status":"Fail","status_id":3},`
	for name, c := range map[string]struct {
		class, more string
		want        int
		text        string
	}{
		"detection":     {"2004", ``, 2004, ""},
		"exposure":      {"2007", ``, 2004, ""},
		"vulnerability": {"2002", `"vulnerabilities":[{"cve":{"uid":"CVE-2026-1","cvss":[{"base_score":9,"version":"3.1"}]},"affected_packages":[{"name":"shoplib","version":"1"}],"is_exploit_available":true}],`, 2002, "CVE-2026-1 in shoplib 1; an exploit is known"},
		"nameless":      {"2002", `"vulnerabilities":[{"desc":"x"}],`, 2004, ""},
		"data":          {"2006", `"databucket":{"file":{"data_classifications":[{"category":"Financial","category_id":3,"discovery_details":[{"count":2,"type":"CREDIT_CARD_NUMBER"}]}]}},`, 2006, "financial data: CREDIT_CARD_NUMBER"},
		"data unnamed":  {"2006", ``, 2006, "other data: Posture Management"},
	} {
		raw := strings.Replace(string(nativeWith(t, compliance, c.more)), `"class_uid":2003`, `"class_uid":`+c.class, 1)
		f := one(t, []byte(raw)).Finding
		if v := schema.Imported(f, "v1"); v.ClassUID != c.want || c.text != "" && f.Evidence[1].Text != c.text {
			t.Errorf("%s: class %d, %+v", name, v.ClassUID, f.Evidence[1:])
		}
	}
}

func TestRefusalsOCSF(t *testing.T) {
	for name, c := range map[string]struct {
		raw  []byte
		want string
	}{
		"class":       {nativeWith(t, `"class_uid":2003`, `"class_uid":6003`), "class_uid 6003 is none of the findings 2002 to 2008"},
		"old class":   {nativeWith(t, `"class_uid":2003`, `"class_uid":2001`), "class_uid 2001 is none of"},
		"no uid":      {nativeWith(t, `"uid":"arn:aws:securityhub:eu-west-1:1111`, `"id":"arn:aws:securityhub:eu-west-1:1111`), "finding_info.uid is missing"},
		"no account":  {nativeWith(t, `"cloud":{"account":{"uid":"111122223333"},`, `"cloud":{`), "cloud.account.uid is missing"},
		"no severity": {nativeWith(t, `"severity_id":4,`, ``), "severity_id is missing"},
		"severity":    {nativeWith(t, `"severity_id":4`, `"severity_id":7`), "severity_id 7 is none of"},
		"no time":     {[]byte(strings.Replace(string(nativeWith(t, `"modified_time_dt"`, `"x"`)), `"time":1769947200000`, `"y":1`, 1)), "time is missing, and so is finding_info.modified_time"},
		"time":        {nativeWith(t, `"time":1769947200000`, `"time":"soon"`), `time "soon" is no time`},
		"flag":        {nativeWith(t, `"compliance":{`, `"vulnerabilities":[{"cve":{"uid":"CVE-1"},"is_exploit_available":"yes"}],"compliance":{`), "vulnerabilities[0].is_exploit_available is of type string, want boolean"},
	} {
		t.Run(name, func(t *testing.T) { claimtest.Refusal(t, Parse, c.raw, c.want) })
	}
}
