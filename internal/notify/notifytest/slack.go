package notifytest

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"
)

// Slack is the other side of an app in Slack, as docs.slack.dev documents its Web API and Socket Mode, and no more: Slack itself is not
// spoken to in tests.
type Slack struct {
	*Vendor
	Bot, App string // the tokens that it takes

	tb      testing.TB
	members map[string]string // ID to e-mail
	conn    chan *websocket.Conn
}

// StandSlack begins one. Members are those of the workspace, with their addresses.
func StandSlack(tb testing.TB, members map[string]string) *Slack {
	tb.Helper()
	s := &Slack{tb: tb, Bot: "xoxb-made-up-bot", App: "xapp-made-up-app", members: members, conn: make(chan *websocket.Conn, 10)}
	s.Vendor = Stand(tb, Answers{
		Fine: s.fine,
		Busy: func(w http.ResponseWriter) {
			w.Header().Set("Retry-After", "30")
			w.WriteHeader(http.StatusTooManyRequests)
		},
		Refuse: func(w http.ResponseWriter) { say(w, map[string]any{"ok": false, "error": "channel_not_found"}) },
	})
	s.Vendor.sockets(s.dialled)
	return s
}

// Endpoint is its Web API.
func (s *Slack) Endpoint() string { return s.URL + "/api/" }

func say(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	_ = json.NewEncoder(w).Encode(v)
}

func (s *Slack) fine(w http.ResponseWriter, c Call) {
	method := strings.TrimPrefix(c.Path, "/api/")
	form, err := url.ParseQuery(c.Body)
	token := strings.TrimPrefix(c.Header.Get("Authorization"), "Bearer ")
	if token == "" {
		token = form.Get("token")
	}
	want := s.Bot
	if method == "apps.connections.open" {
		want = s.App
	}
	if err != nil || token != want {
		say(w, map[string]any{"ok": false, "error": "invalid_auth"})
		return
	}
	switch method {
	case "chat.postMessage", "chat.update":
		if why := Misshapen(form.Get("blocks")); why != "" {
			s.tb.Errorf("%s: %s", method, why)
			say(w, map[string]any{"ok": false, "error": "invalid_blocks"})
			return
		}
		say(w, map[string]any{"ok": true, "channel": "D0KIM", "ts": "1700000000.000100"})
	case "chat.postEphemeral":
		say(w, map[string]any{"ok": true, "message_ts": "1700000000.000200"})
	case "users.lookupByEmail":
		for id, mail := range s.members {
			if mail == form.Get("email") {
				say(w, map[string]any{"ok": true, "user": map[string]any{"id": id, "profile": map[string]string{"email": mail}}})
				return
			}
		}
		say(w, map[string]any{"ok": false, "error": "users_not_found"})
	case "users.info":
		say(w, map[string]any{"ok": true, "user": map[string]any{"id": form.Get("user"), "profile": map[string]string{"email": s.members[form.Get("user")]}}})
	case "apps.connections.open":
		say(w, map[string]any{"ok": true, "url": "ws" + strings.TrimPrefix(s.URL, "http") + "/link/?ticket=made-up-ticket&app_id=A0"})
	default:
		say(w, map[string]any{"ok": false, "error": "unknown_method"})
	}
}

// Misshapen says what Slack would refuse of blocks (docs.slack.dev/reference/block-kit/blocks).
func Misshapen(text string) string {
	var all []struct {
		Type string
		Text *struct{ Type, Text string }
		// Of sections and of rows of buttons.
		Fields   []struct{ Type, Text string }
		Elements []struct {
			Type     string
			ActionID string `json:"action_id"`
			Value    string
		}
	}
	if err := json.Unmarshal([]byte(text), &all); err != nil || len(all) == 0 || len(all) > 50 {
		return fmt.Sprintf("%d blocks, %v: %s", len(all), err, text)
	}
	for _, b := range all {
		most := map[string]int{"header": 150, "section": 3000}[b.Type]
		switch {
		case b.Type == "header" && (b.Text == nil || b.Text.Type != "plain_text"), b.Text != nil && (len([]rune(b.Text.Text)) > most || b.Text.Text == ""):
			return "text of " + b.Type
		case b.Type == "section" && b.Text == nil && len(b.Fields) == 0 || len(b.Fields) > 10 || len(b.Elements) > 25:
			return "an empty section, or too many of " + b.Type
		}
		for _, f := range b.Fields {
			if len([]rune(f.Text)) > 2000 || f.Text == "" {
				return "a field"
			}
		}
		for _, e := range b.Elements {
			if e.Type == "button" && (e.ActionID == "" || len(e.ActionID) > 255 || len(e.Value) > 2000) {
				return "a button"
			}
		}
	}
	return ""
}

func (s *Slack) dialled(w http.ResponseWriter, r *http.Request) {
	if r.URL.Query().Get("ticket") != "made-up-ticket" {
		w.WriteHeader(http.StatusForbidden)
		return
	}
	conn, err := (&websocket.Upgrader{CheckOrigin: func(*http.Request) bool { return true }}).Upgrade(w, r, nil)
	if err != nil {
		s.tb.Error(err)
		return
	}
	// docs.slack.dev/apis/events-api/using-socket-mode: hello comes first.
	hello := map[string]any{"type": "hello", "num_connections": 1, "debug_info": map[string]any{"host": "applink-1", "approximate_connection_time": 18060}, "connection_info": map[string]string{"app_id": "A0"}}
	if err := conn.WriteJSON(hello); err == nil {
		s.conn <- conn
	}
}

// Connected waits until somebody listens, and gives the connection.
func (s *Slack) Connected(ctx context.Context) *Socket {
	s.tb.Helper()
	select {
	case c := <-s.conn:
		return &Socket{conn: c, tb: s.tb}
	case <-ctx.Done():
	case <-time.After(20 * time.Second):
	}
	s.tb.Fatal("nobody listens to Slack")
	return nil
}

// Socket is one connection of Socket Mode.
type Socket struct {
	conn *websocket.Conn
	tb   testing.TB
	sent int
}

// Press sends what Slack sends when a button is pressed (docs.slack.dev/reference/interaction-payloads/block_actions-payload), and waits until it
// is acknowledged.
func (s *Socket) Press(member, action, value string) {
	s.tb.Helper()
	s.envelope("interactive", map[string]any{
		"type": "block_actions", "team": map[string]string{"id": "T0"}, "user": map[string]string{"id": member, "team_id": "T0"}, "api_app_id": "A0",
		"container": map[string]string{"type": "message", "message_ts": "1700000000.000100", "channel_id": "D0KIM"}, "channel": map[string]string{"id": "D0KIM"},
		"response_url": "https://hooks.slack.com/actions/T0/1/x", "trigger_id": "1.2.3",
		"actions": []map[string]any{{"type": "button", "block_id": "b", "action_id": action, "value": value, "action_ts": "1700000001.000100", "text": map[string]any{"type": "plain_text", "text": "x"}}},
	})
}

// Type sends what Slack sends of a slash command (docs.slack.dev/interactivity/implementing-slash-commands), and gives the answer.
func (s *Socket) Type(member, text string) string {
	s.tb.Helper()
	answer := s.envelope("slash_commands", map[string]any{"command": "/jobzero", "text": text, "user_id": member, "team_id": "T0", "channel_id": "C0", "response_url": "https://hooks.slack.com/commands/T0/1/x"})
	said, _ := answer["text"].(string)
	if answer["response_type"] != "ephemeral" {
		s.tb.Errorf("everybody sees the answer: %v", answer)
	}
	return said
}

// Refresh tells the client to connect anew, and leaves.
func (s *Socket) Refresh() {
	s.tb.Helper()
	if err := s.conn.WriteJSON(map[string]any{"type": "disconnect", "reason": "refresh_requested", "debug_info": map[string]string{"host": "applink-1"}}); err != nil {
		s.tb.Error(err)
	}
	_ = s.conn.Close()
}

// Say sends a text as it is.
func (s *Socket) Say(text string) {
	s.tb.Helper()
	if err := s.conn.WriteMessage(websocket.TextMessage, []byte(text)); err != nil {
		s.tb.Error(err)
	}
}

func (s *Socket) envelope(kind string, payload map[string]any) map[string]any {
	s.tb.Helper()
	s.sent++
	id := fmt.Sprintf("envelope-%d", s.sent)
	if err := s.conn.WriteJSON(map[string]any{"envelope_id": id, "type": kind, "accepts_response_payload": true, "payload": payload}); err != nil {
		s.tb.Fatal(err)
	}
	// Slack waits three seconds; a busy machine is given more.
	_ = s.conn.SetReadDeadline(time.Now().Add(20 * time.Second))
	var back struct {
		ID      string         `json:"envelope_id"`
		Payload map[string]any `json:"payload"`
	}
	if err := s.conn.ReadJSON(&back); err != nil || back.ID != id {
		s.tb.Fatalf("envelope %s is acknowledged as %q: %v", id, back.ID, err)
	}
	return back.Payload
}
