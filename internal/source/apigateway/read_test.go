package apigateway_test

import (
	"strings"
	"testing"
	"time"

	"jobzero/internal/source/apigateway"
	"jobzero/internal/source/line"
	"jobzero/internal/source/line/linetest"
)

const (
	object = `{"requestId":"c6af9ac6-7b61-11e6-9a41-93e8deadbeef","ip":"203.0.113.9","caller":"-","user":"arn:aws:iam::111122223333:user/alice","requestTime":"02/Mar/2026:09:00:00 +0000","httpMethod":"DELETE","resourcePath":"/pets/{id}","status":"403","protocol":"HTTP/1.1","responseLength":"24"}`
	http   = `{"requestId":"JKJaXmPLvHcESHA=","accountId":"111122223333","apiId":"a1b2c3","identity":{"sourceIp":"203.0.113.9","userAgent":"curl/8.5.0"},"requestTimeEpoch":1772442000123,"routeKey":"GET /pets","status":200}`
	clf    = `203.0.113.9 - alice [02/Mar/2026:09:00:00 +0000]"GET /pets HTTP/1.1" 200 24 c6af9ac6-7b61-11e6-9a41-93e8deadbeef`
)

func open() line.Reader {
	return apigateway.New(line.Place{Account: "111122223333", Region: "eu-central-1"})
}

func TestRead(t *testing.T) {
	got, errs := linetest.Read(t, open, object+"\n"+http+"\n"+clf+" JKJaXmPLvHcESHA=")
	if len(errs) > 0 || len(got) != 3 {
		t.Fatalf("%d events, %v", len(got), errs)
	}
	for i, want := range []struct{ name, code, agent, actor string }{
		{"DELETE", "403", "", "arn:aws:iam::111122223333:user/alice"}, {"GET", "", "curl/8.5.0", "unknown"}, {"GET", "", "", "alice"},
	} {
		e := got[i]
		if e.Name != want.name || e.ErrorCode != want.code || e.UserAgent != want.agent || e.Actor.Name() != want.actor || e.SourceIP != "203.0.113.9" || e.Account != "111122223333" {
			t.Errorf("%d: %+v", i, e)
		}
	}
	if !got[1].Time.Equal(time.UnixMilli(1772442000123)) || got[1].About.ID != "a1b2c3" || got[1].About.Type != "AWS::ApiGatewayV2::Api" {
		t.Errorf("%s %v", got[1].Time, got[1].About)
	}
	const raw = `{"ip":"203.0.113.9","user":"alice","requestTime":"02/Mar/2026:09:00:00 +0000","httpMethod":"GET","resourcePath":"/pets","protocol":"HTTP/1.1","status":200,"responseLength":24,"requestId":"c6af9ac6-7b61-11e6-9a41-93e8deadbeef","extendedRequestId":"JKJaXmPLvHcESHA="}`
	if string(got[2].Raw) != raw {
		t.Errorf("got %s", got[2].Raw)
	}
}

func TestRefuses(t *testing.T) {
	for text, want := range map[string]string{
		strings.Replace(object, "02/Mar/2026", "2026", 1):     "requestTime",
		strings.Replace(http, "1772442000123", "17", 1):       "requestTimeEpoch",
		strings.Replace(http, `"111122223333"`, `"1111"`, 1):  "accountId",
		`203.0.113.9 - - [x] "GET / HTTP/1.1" 200 24 "-" "-"`: "neither JSON nor the common log format",
		object[:60]: "broken record",
	} {
		if _, errs := linetest.Read(t, open, text); len(errs) != 1 || !strings.Contains(errs[0].Error(), want) {
			t.Errorf("%s: %v, want %q", text, errs, want)
		}
	}
	if !apigateway.Looks(clf) || apigateway.Looks(`203.0.113.9 - - [x] "GET / HTTP/1.1" 200 24`) {
		t.Error("an access log is not known, or another server's is")
	}
}

func FuzzRead(f *testing.F) {
	for _, s := range []string{object, http, clf, `{}`, strings.Replace(http, `"identity":{`, `"identity":[],"i":{`, 1), "\xff" + clf} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		apigateway.Looks(text)
		linetest.Read(t, open, text)
	})
}
