package cli_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"

	"jobzero/internal/check/gate"
)

const hookCall = `{"clientRequestToken": "token-1", "awsAccountId": "111122223333", "stackId": "arn:aws:cloudformation:eu-central-1:111122223333:stack/shop/1",
 "actionInvocationPoint": "CREATE_PRE_PROVISION", "requestData": {"targetName": "AWS::EC2::SecurityGroup", "targetType": "AWS::EC2::SecurityGroup",
 "targetLogicalId": "Db", "targetModel": {"resourceProperties": {"GroupDescription": "db",
 "SecurityGroupIngress": [{"IpProtocol": "tcp", "FromPort": 5432, "ToPort": 5432, "CidrIp": "0.0.0.0/0"}]}}}}`

// cloud is AWS Lambda as a function sees it: the next call, and where the answer goes.
// Form: https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html.
type cloud struct {
	*httptest.Server
	calls   chan string
	answers chan string
}

func newCloud(t testing.TB, payload []byte) *cloud {
	c := &cloud{calls: make(chan string), answers: make(chan string)}
	count := 0
	mux := http.NewServeMux()
	mux.HandleFunc("GET /2018-06-01/runtime/invocation/next", func(w http.ResponseWriter, r *http.Request) {
		select {
		case call := <-c.calls:
			count++
			w.Header().Set("Lambda-Runtime-Aws-Request-Id", "request-"+strconv.Itoa(count))
			w.Header().Set("Lambda-Runtime-Deadline-Ms", strconv.FormatInt(time.Now().Add(30*time.Second).UnixMilli(), 10))
			w.Header().Set("Lambda-Runtime-Invoked-Function-Arn", "arn:aws:lambda:eu-central-1:111122223333:function:jobzero-hook")
			_, _ = io.WriteString(w, call)
		case <-r.Context().Done():
		}
	})
	answer := func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			body = []byte(err.Error())
		}
		w.WriteHeader(http.StatusAccepted)
		c.answers <- r.PathValue("kind") + " " + string(body)
	}
	mux.HandleFunc("POST /2018-06-01/runtime/invocation/{id}/{kind}", answer)
	mux.HandleFunc("POST /2018-06-01/runtime/init/{kind}", answer)
	mux.HandleFunc("GET /payload", func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(payload) })
	c.Server = httptest.NewServer(mux)
	t.Cleanup(c.Close)
	return c
}

// start runs the program as Lambda does: without a command line of its own beyond the command, with its settings in variables.
func (c *cloud) start(t testing.TB, variables ...string) *strings.Builder {
	t.Helper()
	host := strings.TrimPrefix(c.URL, "http://")
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(program, "lambda", "hook")
	cmd.Env = append(os.Environ(), "AWS_LAMBDA_RUNTIME_API="+host, "JOBZERO_HOOK_PAYLOAD_HOST="+host, asProgram+"=1")
	cmd.Env = append(cmd.Env, variables...)
	var said strings.Builder
	cmd.Stdout, cmd.Stderr = &said, &said
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := cmd.Process.Kill(); err != nil {
			t.Error(err)
		}
		_ = cmd.Wait() // it was killed
		if strings.Contains(said.String(), "secret") {
			t.Errorf("the log has the address of a payload: %s", said.String())
		}
	})
	return &said
}

func (c *cloud) call(t testing.TB, text string) gate.Answer {
	t.Helper()
	c.calls <- text
	kind, body, _ := strings.Cut(<-c.answers, " ")
	var a gate.Answer
	if err := json.Unmarshal([]byte(body), &a); err != nil || kind != "response" {
		t.Fatalf("%s %s: %v", kind, body, err)
	}
	return a
}

// TestLambdaHook runs the program as a process that speaks to the Runtime API over a socket.
func TestLambdaHook(t *testing.T) {
	payload, err := json.Marshal(map[string]string{"template": `{"Resources": {"Open": {"Type": "AWS::EC2::SecurityGroup", "Properties": {"GroupDescription": "x",
		"SecurityGroupIngress": [{"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "CidrIp": "0.0.0.0/0"}]}}}}`})
	if err != nil {
		t.Fatal(err)
	}
	for mode, want := range map[string]gate.Status{"": gate.Success, "plan": gate.Success, "enforce": gate.Failed} {
		t.Run("mode "+mode, func(t *testing.T) {
			c := newCloud(t, payload)
			c.start(t, "JOBZERO_HOOK_MODE="+mode)
			stackCall := func(kind string) string {
				return fmt.Sprintf(`{"clientRequestToken": "token-2", "requestData": {"targetName": %q, "targetType": %q, "targetLogicalId": "arn:aws:cloudformation:eu-central-1:111122223333:stack/shop/1", "payload": "%s/payload?key=secret"}}`,
					kind, kind, c.URL)
			}
			for name, one := range map[string]struct{ call, text string }{
				"RESOURCE":      {hookCall, "open to the world: tcp port 5432"},
				"CLOUD_CONTROL": {strings.ReplaceAll(strings.ReplaceAll(hookCall, `"targetType": "AWS::EC2::SecurityGroup"`, `"targetType": "RESOURCE"`), `"stackId": "arn:aws:cloudformation:eu-central-1:111122223333:stack/shop/1"`, `"stackId": ""`), "open to the world: tcp port 5432"},
				"STACK":         {stackCall("STACK"), "open to the world: tcp port 22"},
				"CHANGE_SET":    {stackCall("CHANGE_SET"), "open to the world: tcp port 22"},
				"broken":        {`{"clientRequestToken": "token-3"}`, "this is no call of a hook"},
			} {
				a := c.call(t, one.call)
				if a.Status != want || !strings.Contains(a.Message, one.text) || !strings.HasPrefix(a.Token, "token-") {
					t.Errorf("%s: %+v", name, a)
				}
			}
		})
	}
}

// TestLambdaHookMisused says what is wrong with a setting, and that it is started in the wrong place.
func TestLambdaHookMisused(t *testing.T) {
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	for variable, want := range map[string]string{"JOBZERO_HOOK_MODE=yes": "JOBZERO_HOOK_MODE=yes: invalid argument", "A=B": "this is not AWS Lambda"} {
		cmd := exec.Command(program, "lambda", "hook")
		cmd.Env = append(os.Environ(), variable, asProgram+"=1")
		said, err := cmd.CombinedOutput()
		if err == nil || cmd.ProcessState.ExitCode() != 2 || !strings.Contains(string(said), want) {
			t.Errorf("%v: %s", err, said)
		}
	}
}

// BenchmarkLambdaCold is a process from its start to its first answer.
func BenchmarkLambdaCold(b *testing.B) {
	for b.Loop() {
		c := newCloud(b, nil) // a process that was started before would take the call
		c.start(b)
		if a := c.call(b, hookCall); a.Status != gate.Success {
			b.Fatal(a)
		}
	}
}
