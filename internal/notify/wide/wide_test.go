package wide_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"jobzero/internal/fault"
	"jobzero/internal/notify/notifytest"
	"jobzero/internal/notify/wide"
	"jobzero/internal/telemetry"
)

const token = "AbCdEf123456789" // of the form that gotify has: fifteen characters, the first an A

// refusals are how they say that somebody may not.
var refusals = map[string]string{
	"ntfy":   `{"code":40301,"http":403,"error":"forbidden","link":"https://ntfy.sh/docs/publish/#authentication"}`,
	"gotify": `{"error":"Forbidden","errorCode":403,"errorDescription":"you need to provide a valid access token"}`,
}

// TestConforms speaks to two of the services as they document their APIs (docs.ntfy.sh/publish; gotify.net/api-docs). The library speaks to
// the others in the same way, and none of them itself is spoken to here.
func TestConforms(t *testing.T) {
	for name, address := range map[string]string{
		"ntfy":       "ntfy://kim:" + token + "@HOST/made-up-topic?scheme=http",
		"gotify":     "gotify://HOST/" + token + "?DisableTLS=yes",
		"mattermost": "mattermost://HOST/" + token + "?disabletls=yes",
	} {
		t.Run(name, func(t *testing.T) {
			notifytest.Run(t, func(t *testing.T) notifytest.Case {
				v := notifytest.Stand(t, notifytest.Answers{
					Fine: func(w http.ResponseWriter, _ notifytest.Call) { fmt.Fprint(w, `{"id":1,"message":"ok"}`) },
					Busy: func(w http.ResponseWriter) {
						w.WriteHeader(http.StatusServiceUnavailable)
						fmt.Fprint(w, `{"error":"busy"}`)
					},
					Refuse: func(w http.ResponseWriter) {
						w.WriteHeader(http.StatusForbidden)
						fmt.Fprint(w, refusals[name])
					},
				})
				c := wide.Config{Name: "other", URL: telemetry.Secret(strings.Replace(address, "HOST", strings.TrimPrefix(v.URL, "http://"), 1))}
				if err := c.Validate(); err != nil {
					t.Fatal(err)
				}
				x := notifytest.Case{Channel: wide.New(c), Mood: v.Mood, Secrets: []string{token}, Got: func() (out []notifytest.Got) {
					for _, call := range v.Calls() {
						out = append(out, notifytest.Got{Text: said(t, call)})
					}
					return out
				}}
				if name == "mattermost" {
					x.Deaf, x.Why = []notifytest.Mood{notifytest.Refuse}, "the library does not keep the status of its answer, so that all may be tried again"
				}
				return x
			})
		})
	}
}

// said is the text of a call, in whichever form. It must call nobody.
func said(t *testing.T, c notifytest.Call) string {
	t.Helper()
	var form struct{ Message, Text string }
	text := c.Body
	if json.Unmarshal([]byte(c.Body), &form) == nil {
		text = form.Message + form.Text
	}
	if strings.Contains(text, "@everyone") || strings.Contains(text, "<!channel>") || strings.Contains(text, "<script>") {
		t.Errorf("it is not harmless: %q", text)
	}
	return text
}

func TestSettings(t *testing.T) {
	for want, address := range map[string]string{
		"":                         "discord://token@123456789",
		"url: want an address":     "nothing",
		"url: not slack: set":      "slack://hook:AAAAAAAAA-BBBBBBBBB-123456789123456789123456@webhook",
		"url: not generic":         "generic+https://example.com",
		"url: pigeon: no such":     "pigeon://" + token,
		"url: telegram refuses it": "telegram://" + token,
	} {
		err := wide.Config{Name: "x", URL: telemetry.Secret(address)}.Validate()
		if (err == nil) != (want == "") || err != nil && (!strings.HasPrefix(err.Error(), want) || strings.Contains(err.Error(), token) || !fault.Is(err, fault.Invalid)) {
			t.Errorf("%v, want %q", err, want)
		}
	}
}

// FuzzSettings: whatever stands there, an error does not repeat what could be a secret.
func FuzzSettings(f *testing.F) {
	f.Add("telegram", "pass")
	f.Add("ntfy", "%zz")
	f.Fuzz(func(t *testing.T, scheme, rest string) {
		const mark = "made-up-token-of-a-test"
		err := wide.Config{Name: "x", URL: telemetry.Secret(scheme + "://" + mark + "@" + rest)}.Validate()
		if err != nil && strings.Contains(err.Error(), mark) && !strings.Contains(scheme, mark) {
			t.Errorf("it tells: %v", err)
		}
	})
}
