package builtin_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	ssmtypes "github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"jobzero/internal/action"
	"jobzero/internal/action/actiontest"
	"jobzero/internal/action/builtin"
	alambda "jobzero/internal/action/lambda"
	"jobzero/internal/action/notify"
	assm "jobzero/internal/action/ssm"
	"jobzero/internal/effect"
	"jobzero/internal/notify/email"
	"jobzero/internal/notify/notifytest"
	"jobzero/internal/notify/webhook"
	"jobzero/internal/org"
	"jobzero/internal/resource"
	"jobzero/internal/telemetry"
	"jobzero/internal/testmoto"
)

const people = `
people:
  - {id: kim, name: Kim Example, email: kim@example.com}
teams:
  - {name: shop, lead: kim, members: [kim]}
`

// ear is an address that takes what is posted when it is signed as it should be.
type ear struct {
	key []byte
	mu  sync.Mutex
	ids []string
	url string
}

func anEar(t *testing.T) *ear {
	t.Helper()
	e := &ear{key: []byte("made-up-secret-of-a-test-0123456789")}
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		mac := hmac.New(sha256.New, e.key)
		fmt.Fprintf(mac, "%s.%s.%s", r.Header.Get("Webhook-Id"), r.Header.Get("Webhook-Timestamp"), body)
		if err != nil || r.Header.Get("Webhook-Signature") != "v1,"+base64.StdEncoding.EncodeToString(mac.Sum(nil)) || !json.Valid(body) {
			http.Error(w, "not signed by us", http.StatusUnauthorized)
			return
		}
		e.mu.Lock()
		e.ids = append(e.ids, r.Header.Get("Webhook-Id"))
		e.mu.Unlock()
		fmt.Fprint(w, `{"heard":true}`)
	}))
	t.Cleanup(srv.Close)
	e.url = srv.URL
	return e
}

func (e *ear) config() webhook.Config {
	return webhook.Config{Name: "chat", URL: telemetry.Secret(e.url), Secret: telemetry.Secret("whsec_" + base64.StdEncoding.EncodeToString(e.key)), Private: true}
}

func (e *ear) got(*testing.T) []string {
	e.mu.Lock()
	defer e.mu.Unlock()
	return append([]string(nil), e.ids...)
}

// outside are the actions with whom they may tell and ask, and the cases that hold them to their word.
func outside(t *testing.T) (builtin.Options, map[string]actiontest.Outward) {
	t.Helper()
	known := must[*org.Org](t)(org.Parse("org.yaml", []byte(people)))
	chat, post := anEar(t), notifytest.Start(t, nil)
	o := builtin.Options{
		Notify: notify.Notifier{
			Mail:     email.Sender{Config: email.Config{Server: post.Address, From: "jobzero@example.com"}, Roots: post.Roots},
			Webhooks: webhook.List{chat.config()}, People: func() notify.Directory { return known }, Now: time.Now,
		},
		Functions: []alambda.Allowed{{Name: "jobzero-enrich", Accounts: []string{"*"}}},
		Documents: []assm.Allowed{{Name: "Example-Stop", Accounts: []string{"*"}, Role: "stop"}},
	}
	nowhere := func(params map[string]string) func(*testing.T, aws.Config, string) effect.Target {
		return func(_ *testing.T, _ aws.Config, account string) effect.Target {
			return effect.Target{Ref: resource.Ref{Account: account}, Params: params}
		}
	}
	invoked, begun := &asked{}, &asked{}
	return o, map[string]actiontest.Outward{
		"notify.send": {Make: nowhere(map[string]string{"to": "shop", "say": "Please look at it."}), Says: "Please look at it.", Got: func(*testing.T) (out []string) {
			for _, l := range post.Letters() {
				out = append(out, l.ID())
			}
			return out
		}},
		"webhook.post":       {Make: nowhere(map[string]string{"name": "chat", "body": `{"text":"hello"}`}), Says: "hello", Got: chat.got},
		"lambda.invoke":      {Make: enricher, Says: "jobzero-enrich", Got: invoked.got, Beside: against(func() testmoto.Reply { return invoked.lambda })},
		"ssm.run-automation": {Make: runbook, Says: "Example-Stop", Got: begun.got, End: func(*testing.T) { begun.over = true }, Beside: against(func() testmoto.Reply { return begun.ssm })},
	}
}

// asked answers in the place of what the emulator lacks, and remembers by what names it was asked.
type asked struct {
	ids  []string
	over bool
}

func (a *asked) got(*testing.T) []string { return a.ids }

// lambda answers an invocation, for which the emulator needs containers (docs.aws.amazon.com/lambda/latest/api/API_Invoke.html).
func (a *asked) lambda(w http.ResponseWriter, c testmoto.Call) bool {
	if c.Service != "lambda" || c.Action != "Invoke" {
		return false
	}
	var in struct{ ID, Ticket string }
	if json.Unmarshal(c.Body, &in) != nil || in.Ticket != "T-1" {
		http.Error(w, "no message", http.StatusBadRequest)
		return true
	}
	a.ids = append(a.ids, in.ID)
	fmt.Fprint(w, `{"known":"by the team"}`)
	return true
}

// ssm answers for executions, which the emulator lacks
// (docs.aws.amazon.com/systems-manager/latest/APIReference/API_StartAutomationExecution.html).
func (a *asked) ssm(w http.ResponseWriter, c testmoto.Call) bool {
	var in struct {
		ClientToken, DocumentName, AutomationExecutionId string
		Parameters                                       map[string][]string
	}
	if c.Service != "ssm" || json.Unmarshal(c.Body, &in) != nil {
		return false
	}
	w.Header().Set("Content-Type", "application/x-amz-json-1.1")
	switch c.Action {
	case "StartAutomationExecution":
		if len(in.ClientToken) != 36 || in.DocumentName != "Example-Stop" || len(in.Parameters["AutomationAssumeRole"]) != 1 {
			w.WriteHeader(http.StatusBadRequest)
			fmt.Fprint(w, `{"__type":"InvalidAutomationExecutionParametersException","Message":"no"}`)
			return true
		}
		a.ids = append(a.ids, in.ClientToken)
		fmt.Fprint(w, `{"AutomationExecutionId":"e-1"}`)
	case "GetAutomationExecution":
		status := map[bool]string{false: "InProgress", true: "Success"}[a.over]
		fmt.Fprintf(w, `{"AutomationExecution":{"AutomationExecutionId":%q,"AutomationExecutionStatus":%q,"Outputs":{"stop.Stopped":["i-1"]}}}`, in.AutomationExecutionId, status)
	default:
		return false
	}
	return true
}

func enricher(t *testing.T, owner aws.Config, account string) effect.Target {
	functionCalled(t, owner, "jobzero-enrich")
	return effect.Target{Ref: resource.Ref{Account: account, Region: "us-east-1"}, Params: map[string]string{"function": "jobzero-enrich", "payload": `{"bucket":"b"}`}}
}

func runbook(t *testing.T, owner aws.Config, account string) effect.Target {
	text := `{"schemaVersion":"0.3","assumeRole":"{{ AutomationAssumeRole }}","parameters":{"AutomationAssumeRole":{"type":"String"},"Machine":{"type":"String"}},"mainSteps":[]}`
	must[*ssm.CreateDocumentOutput](t)(ssm.NewFromConfig(owner).CreateDocument(t.Context(), &ssm.CreateDocumentInput{Name: aws.String("Example-Stop"), Content: &text, DocumentType: ssmtypes.DocumentTypeAutomation}))
	return effect.Target{Ref: resource.Ref{Account: account, Region: "us-east-1"}, Params: map[string]string{"document": "Example-Stop", "parameters": `{"Machine":"i-1"}`}}
}

// tells runs the case of an action that tells or asks somebody.
func tells(t *testing.T, server *testmoto.Server, a action.Action, c actiontest.Outward) {
	t.Helper()
	if a.Info().Contract != (c.Beside != nil) {
		t.Errorf("the action says of itself that it is held against the contract only: %t", a.Info().Contract)
	}
	at := actiontest.Stand(server)
	if c.Beside != nil {
		at = c.Beside(t, server)
	}
	c.Action = a
	actiontest.RunOutward(t, at, c)
}
