package waf_test

import (
	"strings"
	"testing"
	"time"

	"jobzero/internal/source/line"
	"jobzero/internal/source/line/linetest"
	"jobzero/internal/source/waf"
)

const blocked = `{"timestamp":1772442000123,"formatVersion":1,"webaclId":"arn:aws:wafv2:eu-central-1:111122223333:regional/webacl/shop/a1b2c3d4","terminatingRuleId":"AWS-AWSManagedRulesSQLiRuleSet","terminatingRuleType":"MANAGED_RULE_GROUP","action":"BLOCK","httpSourceName":"ALB","httpSourceId":"111122223333-app/shop/50dc6c495c0c9188","ruleGroupList":[],"httpRequest":{"clientIp":"203.0.113.9","country":"CH","headers":[{"name":"Host","value":"shop.example.com"},{"name":"USER-Agent","value":"sqlmap/1.8"}],"uri":"/login","args":"id=1'","httpVersion":"HTTP/1.1","httpMethod":"GET","requestId":"1-58337281-1d84f3d73c47ec4e58577259"}}`

func open() line.Reader { return waf.New(line.Place{Account: "444455556666", Region: "eu-west-1"}) }

func TestRead(t *testing.T) {
	old := strings.Replace(strings.Replace(blocked, "arn:aws:wafv2:eu-central-1:111122223333:regional/webacl/shop/a1b2c3d4", "a1b2c3d4", 1), "BLOCK", "ALLOW", 1)
	got, errs := linetest.Read(t, open, blocked+"\n"+old)
	if len(errs) > 0 || len(got) != 2 {
		t.Fatalf("%d events, %v", len(got), errs)
	}
	e := got[0]
	if e.Name != "BLOCK" || e.ErrorCode != "BLOCK" || e.Account != "111122223333" || e.Region != "eu-central-1" || e.SourceIP != "203.0.113.9" || e.UserAgent != "sqlmap/1.8" {
		t.Errorf("%+v", e)
	}
	if !e.Time.Equal(time.UnixMilli(1772442000123)) || e.About.ID != "arn:aws:wafv2:eu-central-1:111122223333:regional/webacl/shop/a1b2c3d4" {
		t.Errorf("%s %v", e.Time, e.About)
	}
	if e := got[1]; e.ErrorCode != "" || e.Account != "444455556666" || e.Region != "eu-west-1" || e.ID == got[0].ID {
		t.Errorf("%+v", e)
	}
}

func TestRefuses(t *testing.T) {
	for text, want := range map[string]string{
		strings.Replace(blocked, "1772442000123", "true", 1):     "timestamp is missing",
		strings.Replace(blocked, "1772442000123", `"yester"`, 1): "is no time",
		strings.Replace(blocked, `"action":"BLOCK"`, `"a":1`, 1): "action is missing",
		blocked[:100]: "broken record",
	} {
		if _, errs := linetest.Read(t, open, text); len(errs) != 1 || !strings.Contains(errs[0].Error(), want) {
			t.Errorf("%s: %v, want %q", text, errs, want)
		}
	}
}

func FuzzRead(f *testing.F) {
	for _, s := range []string{blocked, strings.Replace(blocked, `"headers":[`, `"headers":{},"h":[`, 1), strings.Replace(blocked, `{"name":"Host"`, `7,{"name":7`, 1), `{}`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) { linetest.Read(t, open, text) })
}
