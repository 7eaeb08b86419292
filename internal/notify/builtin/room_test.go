package builtin_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"jobzero/internal/fault"
	"jobzero/internal/notice"
	"jobzero/internal/notify"
	"jobzero/internal/notify/builtin"
	"jobzero/internal/notify/notifytest"
	"jobzero/internal/notify/pagerduty"
	"jobzero/internal/notify/slack"
	"jobzero/internal/telemetry"
)

// TestPlaybooksReachEveryChannelThatSeveralRead: what carries it makes no difference; the other side's name of it is the receipt, the same again is under the
// same name, and a channel that reaches one person each is refused.
func TestPlaybooksReachEveryChannelThatSeveralRead(t *testing.T) {
	v := notifytest.Stand(t, notifytest.Answers{Fine: func(w http.ResponseWriter, c notifytest.Call) {
		w.Header().Set("Content-Type", "application/json")
		if strings.Contains(c.Path, "chat.postMessage") {
			_, _ = w.Write([]byte(`{"ok":true,"channel":"C0123","ts":"1700000000.000100"}`))
			return
		}
		w.WriteHeader(http.StatusAccepted)
		_, _ = w.Write([]byte(`{"status":"success"}`))
	}})
	c := builtin.Config{
		PagerDuty: pagerduty.Config{RoutingKey: "0123456789abcdef0123456789abcdef", Endpoint: v.URL},
		Slack:     slack.Config{Token: telemetry.Secret("xoxb-made-up"), Endpoint: v.URL + "/"},
		Channels:  []builtin.Place{{Name: "room", Slack: "C0123"}},
	}
	room := notify.Room(c.All(builtin.Options{}))
	m := notice.Message{Occasion: "RUN/tell", Kind: notice.Digest, Title: "Look", Text: "It is public."}
	at := time.Unix(1_800_000_000, 0)
	for _, name := range []string{"room", "pagerduty"} {
		first, err := room.Call(t.Context(), name, m, at)
		if err != nil || first == "" {
			t.Errorf("%s: %q, %v", name, first, err)
		}
		if again, err := room.Call(t.Context(), name, m, at); err != nil || again != first {
			t.Errorf("%s again: %q and %q, %v", name, again, first, err)
		}
	}
	for _, call := range v.Calls() {
		if !strings.Contains(call.Body, "public") {
			t.Errorf("%s says %s", call.Path, call.Body)
		}
	}
	if n := len(v.Calls()); n != 4 {
		t.Errorf("%d calls", n)
	}
	for _, name := range []string{"slack", "nobody"} {
		if _, err := room.Call(t.Context(), name, m, at); !fault.Is(err, fault.Invalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
