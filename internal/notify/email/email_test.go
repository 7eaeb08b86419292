package email_test

import (
	"io"
	"mime"
	"mime/quotedprintable"
	"net/mail"
	"strings"
	"testing"
	"time"

	"jobzero/internal/fault"
	"jobzero/internal/notice"
	"jobzero/internal/notify"
	"jobzero/internal/notify/email"
	"jobzero/internal/notify/notifytest"
)

const password = "made-up-password"

func sender(s *notifytest.Server) email.Sender {
	return email.Sender{Config: email.Config{Server: s.Address, From: "jobzero <jobzero@example.com>", User: "jobzero", Password: password}, Roots: s.Roots}
}

// TestConforms speaks to a mail server with STARTTLS on a real socket.
func TestConforms(t *testing.T) {
	for name, called := range map[string]string{"person": "", "several": "security"} {
		t.Run(name, func(t *testing.T) {
			notifytest.Run(t, func(t *testing.T) notifytest.Case {
				post := notifytest.Start(t, nil)
				return notifytest.Case{
					Channel: email.Channel{Sender: sender(post), Called: called, To: []string{"a@example.com", "b@example.com"}},
					Person:  notify.Person{ID: "kim", Email: "kim@example.com"}, Secrets: []string{password},
					Mood: func(m notifytest.Mood) {
						post.Say(map[notifytest.Mood]map[string]string{
							notifytest.Busy: {"RCPT": "451 come again"}, notifytest.Refuse: {"RCPT": "550 no such box"}, notifytest.Hang: {"MAIL": notifytest.Silence},
						}[m])
					},
					Got: func() (out []notifytest.Got) {
						for _, l := range post.Letters() {
							out = append(out, read(t, l))
						}
						return out
					},
				}
			})
		})
	}
}

// read takes a letter apart as a mail program does. What a stranger wrote must not have become a header.
func read(t *testing.T, l notifytest.Letter) notifytest.Got {
	t.Helper()
	m, err := mail.ReadMessage(strings.NewReader(l.Text))
	if err != nil {
		t.Fatal(err)
	}
	subject, err := (&mime.WordDecoder{}).DecodeHeader(m.Header.Get("Subject"))
	if err != nil || m.Header.Get("Bcc") != "" || !l.Sealed {
		t.Errorf("%v, sealed %v: %v", err, l.Sealed, m.Header)
	}
	body, err := io.ReadAll(quotedprintable.NewReader(m.Body))
	if err != nil || !strings.Contains(string(body), "\r\n.\r\nBcc: evil@example.com") {
		t.Errorf("%v, %q", err, body)
	}
	return notifytest.Got{Name: l.ID(), Text: subject + "\n" + string(body), Raw: l.Text}
}

// TestThread: what belongs together refers to the same, so that mail programs show it together.
func TestThread(t *testing.T) {
	post := notifytest.Start(t, nil)
	for _, id := range []string{"a", "b"} {
		if err := sender(post).Mail(t.Context(), notice.Letter{ID: id, Thread: "page 1", To: []string{"kim@example.com"}, Subject: "x", Text: "y", At: time.Unix(0, 0)}); err != nil {
			t.Fatal(err)
		}
	}
	var refers, ids []string
	for _, l := range post.Letters() {
		m, err := mail.ReadMessage(strings.NewReader(l.Text))
		if err != nil {
			t.Fatal(err)
		}
		refers, ids = append(refers, m.Header.Get("References")), append(ids, l.ID())
	}
	if len(refers) != 2 || refers[0] == "" || refers[0] != refers[1] || ids[0] == ids[1] {
		t.Errorf("%v, %v", refers, ids)
	}
}

func TestWhoseServer(t *testing.T) {
	s := sender(notifytest.Start(t, nil))
	s.Roots = notifytest.Start(t, nil).Roots
	l := notice.Letter{ID: "a", To: []string{"kim@example.com"}, Subject: "x", Text: "y"}
	if err := s.Mail(t.Context(), l); !fault.Is(err, fault.Denied) {
		t.Errorf("a server with another certificate: %v", err)
	}
	s.Config.Server = "127.0.0.1:1"
	if err := s.Mail(t.Context(), l); !fault.Is(err, fault.Unavailable) {
		t.Errorf("nobody listens: %v", err)
	}
	if err := (email.Sender{}).Mail(t.Context(), l); !fault.Is(err, fault.Invalid) || !strings.Contains(err.Error(), "set notify.smtp") {
		t.Errorf("no server: %v", err)
	}
}

func TestSettings(t *testing.T) {
	for want, c := range map[string]email.Config{
		"":       {Server: "smtp.example.com:587", From: "jobzero@example.com"},
		"server": {Server: "smtp.example.com"},
		"from":   {Server: "smtp.example.com:587", From: "nobody"},
		"tls":    {Server: "smtp.example.com:25", From: "a@example.com", User: "a", TLS: email.Plain},
	} {
		if err := c.Validate(); (err == nil) != (want == "") || err != nil && !strings.HasPrefix(err.Error(), want+": ") {
			t.Errorf("%v, want %q", err, want)
		}
	}
}
