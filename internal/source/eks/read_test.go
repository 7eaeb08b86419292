package eks_test

import (
	"strings"
	"testing"
	"time"

	"jobzero/internal/source/eks"
	"jobzero/internal/source/line"
	"jobzero/internal/source/line/linetest"
)

const ran = `{"kind":"Event","apiVersion":"audit.k8s.io/v1","level":"Metadata","auditID":"2b3c0b5e-0000-4000-8000-000000000001","stage":"ResponseComplete","requestURI":"/api/v1/namespaces/shop/pods/web-0/exec?command=sh","verb":"create","user":{"username":"alice","uid":"aws-iam-authenticator:111122223333:AIDAEXAMPLE","groups":["system:masters"],"extra":{"accessKeyId":["ASIAEXAMPLE"],"arn":["arn:aws:sts::111122223333:assumed-role/admin/alice"]}},"sourceIPs":["203.0.113.9","10.0.0.1"],"userAgent":"kubectl/v1.33.0","objectRef":{"resource":"pods","namespace":"shop","name":"web-0","apiVersion":"v1","subresource":"exec"},"responseStatus":{"metadata":{},"code":101},"requestReceivedTimestamp":"2026-03-02T09:00:00.123456Z","stageTimestamp":"2026-03-02T09:00:01.123456Z","annotations":{"authorization.k8s.io/decision":"allow"}}`

func open() line.Reader {
	return eks.New(line.Place{Account: "111122223333", Region: "eu-central-1", Group: "/aws/eks/shop/cluster"})
}

func TestRead(t *testing.T) {
	denied := strings.NewReplacer(`"code":101`, `"code":403,"reason":"Forbidden"`, `"objectRef"`, `"o"`, `"create"`, `"get"`, `"requestReceivedTimestamp"`, `"r"`).Replace(ran)
	untimed := strings.NewReplacer(`"stageTimestamp"`, `"s"`, `"requestReceivedTimestamp"`, `"r"`, `"code":101`, `"code":500`).Replace(ran)
	first := strings.Replace(ran, "ResponseComplete", "RequestReceived", 1)
	got, errs := linetest.Read(t, open, strings.Join([]string{ran, denied, untimed, first, "I0302 09:00:00 server.go:1] started", `{"level":"info"}`}, "\n"))
	if len(errs) != 2 || len(got) != 4 {
		t.Fatalf("%d events, %v", len(got), errs)
	}
	e := got[0]
	if e.Name != "create pods/exec" || e.ReadOnly || e.ErrorCode != "" || e.SourceIP != "203.0.113.9" || e.UserAgent != "kubectl/v1.33.0" || e.Account != "111122223333" || e.About.ID != "shop" {
		t.Errorf("%+v", e)
	}
	if e.Actor.ARN != "arn:aws:sts::111122223333:assumed-role/admin/alice" || e.Actor.UserName != "alice" || e.Actor.AccessKey != "ASIAEXAMPLE" || e.Actor.Type != "KubernetesUser" {
		t.Errorf("%+v", e.Actor)
	}
	if e := got[1]; e.Name != "get /api/v1/namespaces/shop/pods/web-0/exec" || e.ErrorCode != "Forbidden" || !e.ReadOnly || e.Time.Second() != 1 {
		t.Errorf("%+v", e)
	}
	if e := got[2]; !e.Time.Equal(time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)) || e.ErrorCode != "500" {
		t.Errorf("%+v", e)
	}
	if got[3].ID == got[0].ID {
		t.Error("two stages of one request are one event")
	}
}

func TestRefuses(t *testing.T) {
	for text, want := range map[string]string{
		strings.Replace(ran, "2026-03-02T09:00:00.123456Z", "soon", 1): "requestReceivedTimestamp",
		ran[:100]: "broken record",
	} {
		if _, errs := linetest.Read(t, open, text); len(errs) != 1 || !strings.Contains(errs[0].Error(), want) {
			t.Errorf("%s: %v, want %q", text, errs, want)
		}
	}
}

func FuzzRead(f *testing.F) {
	for _, s := range []string{ran, strings.Replace(ran, `["203.0.113.9"`, `[7,"203.0.113.9"`, 1), strings.Replace(ran, `"objectRef":{`, `"objectRef":[],"o":{`, 1), `{}`, "text"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) { linetest.Read(t, open, text) })
}
