package pagerduty_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"jobzero/internal/notice"
	"jobzero/internal/notify/notifytest"
	"jobzero/internal/notify/pagerduty"
)

const key = "0123456789abcdef0123456789abcdef"

// events is the other side as PagerDuty documents it, and no more: its service itself is not spoken to here
// (github.com/PagerDuty/api-schema, reference/events-v2/openapiv3.json).
func events(t *testing.T) (pagerduty.Channel, *notifytest.Vendor) {
	t.Helper()
	v := notifytest.Stand(t, notifytest.Answers{
		Fine: func(w http.ResponseWriter, c notifytest.Call) {
			if why := wrong(c); why != "" {
				t.Error(why)
				w.WriteHeader(http.StatusBadRequest)
				return
			}
			w.WriteHeader(http.StatusAccepted)
			fmt.Fprint(w, `{"status":"success","message":"Event processed","dedup_key":"x"}`)
		},
		Busy: func(w http.ResponseWriter) { w.WriteHeader(http.StatusTooManyRequests) },
		Refuse: func(w http.ResponseWriter) {
			w.WriteHeader(http.StatusBadRequest)
			fmt.Fprint(w, `{"status":"invalid event","message":"Event object is invalid","errors":["Length of 'routing_key' is incorrect (should be 32 characters)"]}`)
		},
	})
	return pagerduty.Channel{Config: pagerduty.Config{RoutingKey: key, Endpoint: v.URL}}, v
}

// wrong says what the schema would refuse of a request.
func wrong(c notifytest.Call) string {
	var e struct {
		RoutingKey, EventAction, DedupKey string
		Payload                           map[string]any
	}
	var raw map[string]any
	if json.Unmarshal([]byte(c.Body), &raw) != nil {
		return "no JSON: " + c.Body
	}
	e.RoutingKey, _ = raw["routing_key"].(string)
	e.EventAction, _ = raw["event_action"].(string)
	e.DedupKey, _ = raw["dedup_key"].(string)
	e.Payload, _ = raw["payload"].(map[string]any)
	switch {
	case c.Path != "/v2/enqueue" || c.Header.Get("Content-Type") != "application/json":
		return "sent to " + c.Path
	case e.RoutingKey != key || e.DedupKey == "" || len(e.DedupKey) > 255:
		return "keys: " + c.Body
	case !slices.Contains([]string{"trigger", "acknowledge", "resolve"}, e.EventAction):
		return "action " + e.EventAction
	case e.EventAction != "trigger":
		return ""
	}
	for _, k := range []string{"summary", "source", "severity"} {
		if s, _ := e.Payload[k].(string); s == "" || len(s) > 1024 {
			return "payload lacks " + k
		}
	}
	if s, _ := e.Payload["severity"].(string); !slices.Contains([]string{"critical", "error", "warning", "info"}, s) {
		return "severity " + s
	}
	return ""
}

func TestConforms(t *testing.T) {
	notifytest.Run(t, func(t *testing.T) notifytest.Case {
		c, v := events(t)
		return notifytest.Case{Channel: c, Mood: v.Mood, Secrets: []string{key}, Got: func() (out []notifytest.Got) {
			for _, c := range v.Calls() {
				var e struct {
					DedupKey string `json:"dedup_key"`
					Payload  struct{ Summary string }
				}
				if err := json.Unmarshal([]byte(c.Body), &e); err != nil {
					t.Fatal(err)
				}
				out = append(out, notifytest.Got{Name: e.DedupKey, Text: e.Payload.Summary, Raw: c.Body})
			}
			return out
		}}
	})
}

// TestOneAlertAThread: two levels of a page are one alert, which is acknowledged and resolved under its key.
func TestOneAlertAThread(t *testing.T) {
	c, v := events(t)
	one, two := notifytest.Sample("level 1"), notifytest.Sample("level 2")
	for _, l := range []*struct{ s notice.State }{{notice.Queued}, {notice.Acknowledged}, {notice.Lapsed}} {
		x := one
		x.State = l.s
		var err error
		if l.s == notice.Queued {
			_, err = c.Send(t.Context(), x)
		} else {
			err = c.Follow(t.Context(), x)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if _, err := c.Send(t.Context(), two); err != nil {
		t.Fatal(err)
	}
	var actions []string
	keys := map[string]bool{}
	for _, call := range v.Calls() {
		var e struct {
			Action string `json:"event_action"`
			Key    string `json:"dedup_key"`
		}
		if err := json.Unmarshal([]byte(call.Body), &e); err != nil {
			t.Fatal(err)
		}
		actions = append(actions, e.Action)
		keys[e.Key] = true
	}
	if strings.Join(actions, " ") != "trigger acknowledge resolve trigger" || len(keys) != 1 {
		t.Errorf("%v under %v", actions, keys)
	}
}

func TestSettings(t *testing.T) {
	for want, c := range map[string]pagerduty.Config{
		"": {RoutingKey: key}, "routing_key": {RoutingKey: "short"}, "endpoint": {RoutingKey: key, Endpoint: "http://events.example.com"},
	} {
		if err := c.Validate(); (err == nil) != (want == "") || err != nil && !strings.HasPrefix(err.Error(), want+": ") || err != nil && strings.Contains(err.Error(), "short") {
			t.Errorf("%v, want %q", err, want)
		}
	}
}
