package webhook_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"jobzero/internal/notify"
	"jobzero/internal/notify/notifytest"
	"jobzero/internal/notify/webhook"
	"jobzero/internal/telemetry"
)

// TestConforms speaks to an address that checks the signature as Standard Webhooks says that receivers do.
func TestConforms(t *testing.T) {
	notifytest.Run(t, func(t *testing.T) notifytest.Case {
		v := notifytest.Stand(t, notifytest.Answers{
			Fine:   func(w http.ResponseWriter, _ notifytest.Call) { w.WriteHeader(http.StatusNoContent) },
			Busy:   func(w http.ResponseWriter) { w.WriteHeader(http.StatusServiceUnavailable) },
			Refuse: func(w http.ResponseWriter) { w.WriteHeader(http.StatusGone) },
		})
		hook := webhook.Config{Name: "chat", URL: telemetry.Secret(v.URL + "/made-up-path"), Secret: secret, Private: true, Timeout: 10 * time.Second}
		return notifytest.Case{
			Channel: webhook.Channel{Called: "chat", Hook: hook}, Mood: v.Mood, Secrets: []string{"made-up-path", secret[6:]},
			Got: func() (out []notifytest.Got) {
				for _, c := range v.Calls() {
					out = append(out, opened(t, c))
				}
				return out
			},
		}
	})
}

func opened(t *testing.T, c notifytest.Call) notifytest.Got {
	t.Helper()
	key, err := base64.StdEncoding.DecodeString(secret[6:])
	if err != nil {
		t.Fatal(err)
	}
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(c.Header.Get("Webhook-Id") + "." + c.Header.Get("Webhook-Timestamp") + "." + c.Body))
	if c.Header.Get("Webhook-Signature") != "v1,"+base64.StdEncoding.EncodeToString(mac.Sum(nil)) {
		t.Errorf("it is not signed: %v", c.Header)
	}
	var got struct{ ID, Title, Text, State, Kind string }
	if err := json.Unmarshal([]byte(c.Body), &got); err != nil || !strings.Contains(got.Text, "<script>") || got.Kind != "page" || !strings.HasPrefix(c.Header.Get("Webhook-Id"), got.ID) {
		t.Errorf("%v: %s", err, c.Body)
	}
	return notifytest.Got{Name: c.Header.Get("Webhook-Id"), Text: got.Title, Raw: c.Body}
}

var _ notify.Follower = webhook.Channel{}
