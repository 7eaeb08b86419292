package webhook_test

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"jobzero/internal/effect"
	"jobzero/internal/fault"
	"jobzero/internal/notice"
	"jobzero/internal/notify/webhook"
	"jobzero/internal/telemetry"
)

// secret and signature are an example of Standard Webhooks' own libraries: id, time and body below, signed with this secret
// (github.com/standard-webhooks/standard-webhooks, libraries/*/ tests).
const secret, signature = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="

var (
	at   = time.Unix(1614265330, 0)
	post = notice.Post{ID: "msg_p5jXN8AQM9LWM0D4loKWxJek", Body: []byte(`{"test": 2432232314}`), At: at}
)

func hook(t *testing.T, answer http.HandlerFunc) webhook.Config {
	t.Helper()
	srv := httptest.NewServer(answer)
	t.Cleanup(srv.Close)
	return webhook.Config{Name: "chat", URL: telemetry.Secret(srv.URL + "/secret-path"), Secret: secret, Private: true, Timeout: 2 * time.Second}
}

func TestSignsAsTheStandardHasIt(t *testing.T) {
	var got http.Header
	c := hook(t, func(w http.ResponseWriter, r *http.Request) { got = r.Header; fmt.Fprint(w, "fine") })
	out, err := c.Do(t.Context(), post)
	if err != nil || string(out) != `{"status":200,"body":"fine"}` {
		t.Errorf("%s, %v", out, err)
	}
	if got.Get("Webhook-Signature") != signature || got.Get("Webhook-Id") != post.ID || got.Get("Webhook-Timestamp") != "1614265330" || got.Get("Idempotency-Key") != `"`+post.ID+`"` {
		t.Errorf("%v", got)
	}
}

func TestWhatIsAnswered(t *testing.T) {
	for status, code := range map[int]fault.Code{
		202: "", 400: fault.Denied, 404: fault.Denied, 302: fault.Denied, 429: fault.Unavailable, 408: fault.Unavailable, 500: fault.Unavailable, 503: fault.Unavailable,
	} {
		c := hook(t, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Location", "http://198.51.100.1/")
			w.WriteHeader(status)
		})
		if _, err := c.Do(t.Context(), post); (err == nil) != (code == "") || err != nil && !fault.Is(err, code) {
			t.Errorf("%d: %v, want %q", status, err, code)
		} else if err != nil && strings.Contains(err.Error(), "secret-path") {
			t.Errorf("the error tells the address: %v", err)
		}
	}
	big := hook(t, func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, strings.Repeat("x", 10*effect.MostAnswer))
	})
	if out, err := big.Do(t.Context(), post); err != nil || len(out) > effect.MostAnswer+100 || !strings.HasSuffix(string(out), `"cut":true}`) {
		t.Errorf("%d bytes were kept, %v", len(out), err)
	}
	gone := hook(t, nil)
	gone.URL = "http://127.0.0.1:1/secret-path"
	if _, err := gone.Do(t.Context(), post); !fault.Is(err, fault.Unavailable) || strings.Contains(err.Error(), "secret-path") {
		t.Errorf("nobody listens: %v", err)
	}
}

// TestInside: what is inside is not spoken to unless the settings say so, by the address that a name comes to; and where machines are told
// their credentials, never.
func TestInside(t *testing.T) {
	c := hook(t, func(http.ResponseWriter, *http.Request) { t.Error("it was posted") })
	c.Private = false
	c.URL = telemetry.Secret(strings.Replace(c.URL.Reveal(), "127.0.0.1", "localhost", 1))
	if _, err := c.Do(t.Context(), post); !fault.Is(err, fault.Denied) || !strings.Contains(err.Error(), "private: true") {
		t.Errorf("a name that comes to this machine: %v", err)
	}
	for _, url := range []string{
		"http://169.254.169.254/latest", "http://169.254.170.2/", "http://[fd00:ec2::254]/", "http://[::ffff:169.254.169.254]/", "http://0.0.0.0/", "http://[fe80::1]/", "http://224.0.0.1/",
	} {
		c.URL, c.Private = telemetry.Secret(url), true
		if _, err := c.Do(t.Context(), post); !fault.Is(err, fault.Denied) {
			t.Errorf("%s: %v", url, err)
		}
		if err := c.Validate(); err == nil {
			t.Errorf("the settings take %s", url)
		}
	}
	for _, url := range []string{"https://10.0.0.1/", "https://127.0.0.1/", "https://100.64.0.1/", "https://[::1]/", "https://[fd12::1]/", "https://[64:ff9b::a00:1]/", "https://[2002:a00:1::]/"} {
		if err := (webhook.Config{Name: "chat", URL: telemetry.Secret(url), Secret: secret}).Validate(); err == nil || !strings.Contains(err.Error(), "inside") {
			t.Errorf("%s: %v", url, err)
		}
	}
}

func TestSettings(t *testing.T) {
	good := webhook.Config{Name: "chat", URL: "https://hooks.example.com/x", Secret: secret}
	if err := good.Validate(); err != nil {
		t.Fatal(err)
	}
	for want, change := range map[string]func(*webhook.Config){
		"name: ":                func(c *webhook.Config) { c.Name = "My Chat" },
		"url: want":             func(c *webhook.Config) { c.URL = "ftp://example.com" },
		"url: http can be read": func(c *webhook.Config) { c.URL = "http://example.com" },
		"timeout: ":             func(c *webhook.Config) { c.Timeout = time.Hour },
		"secret: ": func(c *webhook.Config) {
			c.Secret = telemetry.Secret(base64.StdEncoding.EncodeToString([]byte("short")))
		},
	} {
		c := good
		change(&c)
		if err := c.Validate(); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%v, want %q", err, want)
		}
	}
	if _, err := (webhook.List{good}).Find("chta"); err == nil || !strings.Contains(err.Error(), `no webhook "chta"`) || !strings.Contains(err.Error(), "there are chat") {
		t.Error(err)
	}
}
