package slack_test

import (
	"context"
	"errors"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"jobzero/internal/notice"
	"jobzero/internal/notify"
	"jobzero/internal/notify/notifytest"
	"jobzero/internal/notify/slack"
	"jobzero/internal/telemetry"
)

var members = map[string]string{"U0KIM": "kim@example.com", "U0EVE": "eve@example.net"}

func config(s *notifytest.Slack) slack.Config {
	return slack.Config{Token: telemetry.Secret(s.Bot), AppToken: telemetry.Secret(s.App), Endpoint: s.Endpoint()}
}

// TestConforms speaks to the Web API as Slack documents it.
func TestConforms(t *testing.T) {
	for name, p := range map[string]notify.Person{"by ID": {ID: "kim", Slack: "U0KIM"}, "by e-mail": {ID: "kim", Email: "kim@example.com"}, "several": {}} {
		t.Run(name, func(t *testing.T) {
			notifytest.Run(t, func(t *testing.T) notifytest.Case {
				s := notifytest.StandSlack(t, members)
				c := slack.New(config(s))
				if name == "several" {
					c = slack.In(config(s), "chat", "C0CHAT")
				}
				return notifytest.Case{Channel: c, Person: p, Mood: s.Mood, Secrets: []string{s.Bot, s.App}, Got: func() (out []notifytest.Got) {
					for _, call := range s.Calls() {
						if strings.HasPrefix(call.Path, "/api/chat.") {
							out = append(out, read(t, call, p))
						}
					}
					return out
				}}
			})
		})
	}
}

// read looks at a message as Slack shows it: what calls a channel or makes a link is "<…>", which a stranger's text must not have become.
func read(t *testing.T, c notifytest.Call, p notify.Person) notifytest.Got {
	t.Helper()
	form, err := url.ParseQuery(c.Body)
	if err != nil {
		t.Fatal(err)
	}
	blocks := form.Get("blocks")
	for _, text := range []string{form.Get("text"), strings.Split(blocks, `"header"`)[1][len(`,"text":{"type":"plain_text","text":"critical: Key <!channel> `):]} {
		if strings.Contains(text, "<!channel>") || strings.Contains(text, "<script>") || strings.Contains(text, `\u003c`) {
			t.Errorf("it is not escaped: %s", text)
		}
	}
	if to := form.Get("channel"); c.Path == "/api/chat.postMessage" && to != "U0KIM" && (p.ID != "" || to != "C0CHAT") {
		t.Errorf("it was sent to %s", to)
	}
	return notifytest.Got{Text: form.Get("text"), Raw: blocks}
}

// ear is a listener that notes what it heard.
type ear struct {
	mu      sync.Mutex
	pressed []notice.Press
	typed   []slack.Command
	notes   []string
	fail    error
}

func (e *ear) listen(t *testing.T, s *notifytest.Slack) (end func()) {
	t.Helper()
	l := slack.Listener{
		Config: config(s),
		Who: func(member, email string) (string, bool) {
			return "kim", member == "U0KIM" && email == "kim@example.com"
		},
		Press: func(_ context.Context, p notice.Press) (string, error) {
			e.mu.Lock()
			defer e.mu.Unlock()
			e.pressed = append(e.pressed, p)
			return "You have it.", e.fail
		},
		Command: func(_ context.Context, c slack.Command) (string, error) {
			e.mu.Lock()
			defer e.mu.Unlock()
			e.typed = append(e.typed, c)
			return "Heard <" + c.Text + ">", nil
		},
		Note: func(what string, err error) {
			e.mu.Lock()
			defer e.mu.Unlock()
			e.notes = append(e.notes, what+": "+err.Error())
		},
		Now: func() time.Time { return time.Unix(1_800_000_000, 0) },
	}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- l.Listen(ctx) }()
	return func() {
		cancel()
		if err := <-done; err != nil {
			t.Errorf("it ended with %v", err)
		}
	}
}

func (e *ear) said(s *notifytest.Slack) string {
	var out []string
	for _, c := range s.Calls() {
		if form, err := url.ParseQuery(c.Body); err == nil && c.Path == "/api/chat.postEphemeral" {
			out = append(out, form.Get("user")+": "+form.Get("text"))
		}
	}
	return strings.Join(out, "\n")
}

// TestButtons: a press comes back as a command of a person of ours, over a connection that we opened; nobody else's counts.
func TestButtons(t *testing.T) {
	s, e := notifytest.StandSlack(t, members), &ear{}
	end := e.listen(t, s)
	socket := s.Connected(t.Context())
	socket.Press("U0KIM", "jobzero/acknowledge", "delivery-1")
	socket.Press("U0EVE", "jobzero/approve", "delivery-1") // of the workspace, and nobody of ours
	socket.Press("U0GONE", "jobzero/approve", "delivery-1")
	socket.Press("U0KIM", "jobzero/destroy", "delivery-1")
	socket.Press("U0KIM", "another-app", "delivery-1")
	end()
	if len(e.pressed) != 1 || e.pressed[0] != (notice.Press{Delivery: "delivery-1", Do: notice.Acknowledge, Person: "kim", Via: "slack", At: time.Unix(1_800_000_000, 0)}) {
		t.Errorf("%+v", e.pressed)
	}
	for _, want := range []string{"U0KIM: You have it.", "U0EVE: Nothing was done: member U0EVE of Slack is nobody of the organisation file", "U0GONE: Nothing was done", "there is no button"} {
		if !strings.Contains(e.said(s), want) {
			t.Errorf("%q lacks %q", e.said(s), want)
		}
	}
}

func TestWhatFailsIsSaid(t *testing.T) {
	s, e := notifytest.StandSlack(t, members), &ear{fail: errors.New("the page is over")}
	end := e.listen(t, s)
	s.Connected(t.Context()).Press("U0KIM", "jobzero/accept", "d")
	end()
	if !strings.Contains(e.said(s), "U0KIM: Nothing was done: the page is over") || len(e.notes) != 1 {
		t.Errorf("%q, %v", e.said(s), e.notes)
	}
}

// TestCommands are answered to whoever typed them, and to nobody else.
func TestCommands(t *testing.T) {
	s, e := notifytest.StandSlack(t, members), &ear{}
	end := e.listen(t, s)
	socket := s.Connected(t.Context())
	if got := socket.Type("U0KIM", "report a door"); got != "Heard &lt;report a door&gt;" {
		t.Error(got)
	}
	if got := socket.Type("U0EVE", "report a door"); !strings.Contains(got, "nobody of the organisation file") {
		t.Error(got)
	}
	end()
	if len(e.typed) != 1 || e.typed[0].Person != "kim" {
		t.Errorf("%+v", e.typed)
	}
}

// TestConnectsAnew when Slack asks for it, and lives through what is no message.
func TestConnectsAnew(t *testing.T) {
	s, e := notifytest.StandSlack(t, members), &ear{}
	end := e.listen(t, s)
	first := s.Connected(t.Context())
	first.Say(`{"type":"interactive","envelope_id":"x","payload":"what"}`)
	first.Say(`not JSON`)
	first.Say(`{"type":"brand_new","envelope_id":"y","payload":{}}`)
	first.Refresh()
	s.Connected(t.Context()).Press("U0KIM", "jobzero/acknowledge", "delivery-1")
	end()
	if len(e.pressed) != 1 {
		t.Errorf("%+v", e.pressed)
	}
}

func TestAWrongTokenIsTold(t *testing.T) {
	s, e := notifytest.StandSlack(t, members), &ear{}
	s.App = "xapp-another"
	c := config(s)
	c.AppToken = "xapp-made-up-secret"
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	err := slack.Listener{Config: c, Note: func(string, error) {}, Now: time.Now}.Listen(ctx)
	if err == nil || strings.Contains(err.Error(), "made-up-secret") || len(e.pressed) > 0 {
		t.Errorf("%v", err)
	}
}

func TestSettings(t *testing.T) {
	for want, c := range map[string]slack.Config{
		"":          {Token: "xoxb-1", AppToken: "xapp-1", Endpoint: "https://slack-gov.com/api/"},
		"token":     {Token: "xoxp-1"},
		"app_token": {Token: "xoxb-1", AppToken: "xoxb-1"},
		"endpoint":  {Token: "xoxb-1", Endpoint: "http://slack.example.com/api/"},
	} {
		if err := c.Validate(); (err == nil) != (want == "") || err != nil && !strings.HasPrefix(err.Error(), want+": ") {
			t.Errorf("%v, want %q", err, want)
		}
	}
}

// FuzzBlocks: whatever a message says, the blocks are of the shape that Slack takes.
func FuzzBlocks(f *testing.F) {
	f.Add("title <!here>", "text & more", "name", "https://example.com", 3)
	f.Add(strings.Repeat("&", 3000), strings.Repeat("ä<", 3000), "", "", 50)
	f.Fuzz(func(t *testing.T, title, text, name, link string, facts int) {
		l := notifytest.Sample("one")
		l.Title, l.Message.Text, l.Message.Link, l.Message.Facts = "x"+title, text, link, nil
		for range min(facts, 30) {
			l.Message.Facts = append(l.Message.Facts, notice.Fact{Name: "n" + name, Text: text})
		}
		if why := notifytest.Misshapen(slack.Blocks(l)); why != "" {
			t.Error(why)
		}
	})
}
