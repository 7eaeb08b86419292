package notify_test

import (
	"encoding/json"
	"io"
	"mime"
	"mime/quotedprintable"
	"net/mail"
	"strings"
	"testing"
	"time"

	"jobzero/internal/action"
	"jobzero/internal/action/notify"
	"jobzero/internal/effect"
	"jobzero/internal/notify/email"
	"jobzero/internal/notify/notifytest"
	"jobzero/internal/notify/webhook"
	"jobzero/internal/org"
)

const people = `
people:
  - {id: kim, name: Kim, email: kim@example.com}
  - {id: robin, name: Robin}
teams:
  - {name: shop, lead: kim, members: [kim]}
  - {name: data, lead: robin, members: [robin], contact: data@example.com}
  - {name: web, lead: robin, members: [robin]}
`

func notifier(t *testing.T, post *notifytest.Server) notify.Notifier {
	t.Helper()
	o, err := org.Parse("org.yaml", []byte(people))
	if err != nil {
		t.Fatal(err)
	}
	n := notify.Notifier{Webhooks: webhook.List{}, People: func() notify.Directory { return o }, Now: func() time.Time { return time.Unix(1_800_000_000, 0) }}
	if post != nil {
		n.Mail = email.Sender{Config: email.Config{Server: post.Address, From: "jobzero@example.com", User: "jobzero", Password: "made-up"}, Roots: post.Roots}
	}
	n.Channels = []notify.Channel{{Name: "security", Emails: []string{"a@example.com", "b@example.com"}}}
	return n
}

func target(to, say string, a effect.About) effect.Target {
	text, _ := json.Marshal(a) //nolint:errchkjson // texts
	return effect.Target{Effect: "RUN/tell", Params: map[string]string{"to": to, "say": say, effect.AboutParam: string(text)}}
}

func tell(t *testing.T, n notify.Notifier, to effect.Target) error {
	t.Helper()
	a := notify.Send(n)
	p, err := a.Plan(t.Context(), action.Session{}, to)
	if err != nil {
		return err
	}
	_, err = a.Do(t.Context(), action.Session{}, p)
	return err
}

func TestALetterSaysOfWhatItIs(t *testing.T) {
	post := notifytest.Start(t, nil)
	about := effect.About{Ticket: "T-1", Playbook: "close-bucket", Step: "tell", Why: "Anybody\nreads it.", Title: "Bücket is public\r\nBcc: evil@example.com", Severity: "high", Person: "kim"}
	if err := tell(t, notifier(t, post), target("owner", "Please mend it.\n.\nThank you.", about)); err != nil {
		t.Fatal(err)
	}
	l := post.Letters()[0]
	if !l.Sealed || len(l.To) != 1 || !strings.Contains(l.To[0], "<kim@example.com>") || !strings.Contains(l.From, "<jobzero@example.com>") {
		t.Errorf("%+v", l)
	}
	m, err := mail.ReadMessage(strings.NewReader(l.Text))
	if err != nil {
		t.Fatal(err)
	}
	subject, err := (&mime.WordDecoder{}).DecodeHeader(m.Header.Get("Subject"))
	if err != nil || subject != "jobzero high: Bücket is public Bcc: evil@example.com" || m.Header.Get("Bcc") != "" {
		t.Errorf("%q, %v, %v", subject, err, m.Header)
	}
	body, err := io.ReadAll(quotedprintable.NewReader(m.Body))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"Please mend it.\r\n.\r\nThank you.", "Ticket:   T-1", "Playbook: close-bucket, step tell", "Why:      Anybody reads it.", "jobzero ticket show T-1"} {
		if !strings.Contains(string(body), want) {
			t.Errorf("the letter lacks %q:\n%s", want, body)
		}
	}
}

func TestWhoIsTold(t *testing.T) {
	post := notifytest.Start(t, nil)
	n := notifier(t, post)
	for name, c := range map[string]struct {
		to    string
		about effect.About
		want  string // addresses, or a part of the error
	}{
		"person":            {"kim", effect.About{}, "kim@"},
		"team by lead":      {"shop", effect.About{}, "kim@"},
		"team by contact":   {"data", effect.About{}, "data@"},
		"channel":           {"security", effect.About{}, "a@,b@"},
		"owner, the team":   {"owner", effect.About{Person: "robin", Team: "data"}, "data@"},
		"no address":        {"robin", effect.About{}, "person robin has no e-mail"},
		"team out of reach": {"web", effect.About{}, "team web has no contact"},
		"nobody":            {"nobody", effect.About{}, `nobody is called "nobody"`},
		"owner not known":   {"owner", effect.About{}, "nobody knows who owns it"},
	} {
		t.Run(name, func(t *testing.T) {
			before := len(post.Letters())
			err := tell(t, n, target(c.to, "Hello.", c.about))
			if err != nil {
				if !strings.Contains(err.Error(), c.want) {
					t.Error(err)
				}
				return
			}
			var got []string
			for _, to := range post.Letters()[before].To {
				_, rest, _ := strings.Cut(to, "<")
				who, _, _ := strings.Cut(rest, "@")
				got = append(got, who+"@")
			}
			if strings.Join(got, ",") != c.want {
				t.Errorf("%v, want %s", got, c.want)
			}
		})
	}
}

func TestNobodyCarriesMail(t *testing.T) {
	if err := tell(t, notifier(t, nil), target("kim", "Hello.", effect.About{})); err == nil || !strings.Contains(err.Error(), "set notify.smtp") {
		t.Errorf("nobody carries mail: %v", err)
	}
}
