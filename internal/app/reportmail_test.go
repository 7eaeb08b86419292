package app

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/s3"

	"jobzero/internal/config"
	"jobzero/internal/event"
	"jobzero/internal/notify/email"
	"jobzero/internal/notify/notifytest"
	"jobzero/internal/report"
	"jobzero/internal/source/mailbox"
	"jobzero/internal/testmoto"
	"jobzero/internal/ticket"
)

// postBox is a house with a Maildir, whose legs the test drives itself.
type postBox struct {
	*House
	t    *testing.T
	dir  string
	post *notifytest.Server
}

func newPostBox(t *testing.T) *postBox {
	t.Helper()
	return newPostBoxWith(t, func(*config.Config) {})
}

func newPostBoxWith(t *testing.T, set func(*config.Config)) *postBox {
	t.Helper()
	c := config.Default()
	b := &postBox{t: t, dir: filepath.Join(t.TempDir(), "mail"), post: notifytest.Start(t, nil)}
	for _, d := range []string{"new", "cur", "tmp"} {
		if err := os.MkdirAll(filepath.Join(b.dir, d), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	c.DataDir, c.Listen, c.Org = t.TempDir(), "127.0.0.1:0", filepath.Join(t.TempDir(), "org.yaml")
	if err := os.WriteFile(c.Org, []byte("people:\n  - {id: kim, name: Kim, email: kim@example.com}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	c.Notify.SMTP = email.Config{Server: b.post.Address, From: "jobzero@example.com", TLS: email.Plain}
	c.Report.Mail.Maildir, c.Report.Mail.Trusted = b.dir, "mx.example.com"
	set(&c)
	h, err := New(t.Context(), c, Options{Log: slog.New(slog.DiscardHandler), Roles: []string{legUpkeep}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := h.Stop(context.WithoutCancel(t.Context())); err != nil {
			t.Error(err)
		}
	})
	b.House = h
	return b
}

func (b *postBox) deliver(name, text string) {
	b.t.Helper()
	if err := os.WriteFile(filepath.Join(b.dir, "new", name), []byte(strings.ReplaceAll(text, "\n", "\r\n")), 0o600); err != nil {
		b.t.Fatal(err)
	}
}

// work looks into the folder once, and answers what is to be answered.
func (b *postBox) work() {
	b.t.Helper()
	if _, err := b.mail(b.t.Context(), inMaildir); err != nil {
		b.t.Fatal(err)
	}
	for _, r := range b.all() {
		waits, err := b.store.Unsent(b.t.Context(), legMail, b.clock.Now(), b.clock.Now(), 100)
		if err != nil {
			b.t.Fatal(err)
		}
		for _, w := range waits {
			if w.Ref == mailAnswer+"/"+string(r.ID) {
				if _, err := b.mail(b.t.Context(), w.Ref); err != nil {
					b.t.Fatal(err)
				}
			}
		}
	}
}

// all are the reports that there are.
func (b *postBox) all() (out []report.Report) {
	b.t.Helper()
	err := b.store.View(b.t.Context(), func(tx storeTx) error {
		p, err := tx.TicketPage(b.t.Context(), ticket.Query{States: []ticket.State{ticket.Human}, Size: 100})
		for _, k := range p.Tickets {
			r, bad := tx.Report(b.t.Context(), report.ID(k.ID))
			out, err = append(out, r), errors.Join(err, bad)
		}
		return err
	})
	if err != nil {
		b.t.Fatal(err)
	}
	return out
}

func (b *postBox) in(folder string) int {
	b.t.Helper()
	all, err := os.ReadDir(filepath.Join(b.dir, folder))
	if err != nil {
		b.t.Fatal(err)
	}
	return len(all)
}

// TestAnEMailIsAReport: it is taken once, put away, and answered with a code that works and nothing of its own words.
func TestAnEMailIsAReport(t *testing.T) {
	b := newPostBox(t)
	b.deliver("1.a", "From: Eve <eve@example.net>\nSubject: Keys lie around\nMessage-ID: <1@example.net>\n\nIn the shared folder.")
	b.deliver("2.b", "From: Eve <eve@example.net>\nSubject: Keys lie around\nMessage-ID: <1@example.net>\n\nIn the shared folder.")
	b.work()
	b.work()
	all := b.all()
	if len(all) != 1 || b.in("new") != 0 || b.in("cur") != 2 {
		t.Fatalf("%+v, %d are new and %d seen", all, b.in("new"), b.in("cur"))
	}
	if r := all[0]; r.Person != "eve@example.net" || r.Anonymous || r.Title != "Keys lie around" || !strings.Contains(r.Text, "not known") {
		t.Errorf("%+v", r)
	}
	letters := b.post.Letters()
	if len(letters) != 1 || !strings.Contains(letters[0].To[0], "<eve@example.net>") {
		t.Fatalf("%+v", letters)
	}
	text := strings.ReplaceAll(letters[0].Text, "=\r\n", "")
	if !strings.Contains(text, "not anonymous") || strings.Contains(text, "shared folder") || strings.Contains(text, "Keys lie") || !strings.Contains(text, "Auto-Submitted") {
		t.Errorf("answered: %s", text)
	}
	_, rest, _ := strings.Cut(text, "    ")
	code, err := report.ParseCode(strings.Fields(rest)[0])
	if err != nil {
		t.Fatal(err)
	}
	if p, err := b.reports().Follow(t.Context(), code); err != nil || p.ID != all[0].ID {
		t.Errorf("%+v, %v", p, err)
	}
}

// TestWhoIsBelievedByMail: the name of a person of ours is used only where the trusted server says that it is theirs.
func TestWhoIsBelievedByMail(t *testing.T) {
	for header, want := range map[string]string{
		"Authentication-Results: mx.example.com; dmarc=pass header.from=example.com\n":   "kim",
		"Authentication-Results: evil.example.com; dmarc=pass header.from=example.com\n": "kim@example.com",
		"": "kim@example.com",
	} {
		b := newPostBox(t)
		b.deliver("1", header+"From: kim@example.com\nSubject: x\n\nx")
		b.work()
		if all := b.all(); len(all) != 1 || all[0].Person != want {
			t.Errorf("%q: %+v", header, all)
		}
		if l := b.post.Letters(); len(l) != 1 || !strings.Contains(l[0].To[0], "<kim@example.com>") {
			t.Errorf("%q: answered %+v", header, l)
		}
	}
}

// TestMachinesAreNotAnswered, and what they answer, or what is of ourselves, is no report.
func TestMachinesAreNotAnswered(t *testing.T) {
	b := newPostBox(t)
	b.deliver("1", "From: a@example.net\nAuto-Submitted: auto-replied\nSubject: Away\n\nx")
	b.deliver("2", "From: jobzero@example.com\nSubject: Round\n\nx")
	b.deliver("3", "From: b@example.net\nReturn-Path: <>\nSubject: Not delivered\n\nx")
	b.deliver("4", "From: scanner@example.net\nPrecedence: bulk\nSubject: Found\n\nx")
	b.work()
	if all := b.all(); len(all) != 1 || all[0].Title != "Found" {
		t.Errorf("%+v", all)
	}
	if l := b.post.Letters(); len(l) != 0 || b.in("new") != 0 {
		t.Errorf("answered %+v, %d are new", l, b.in("new"))
	}
}

// TestPoisonIsKept as a dead letter, once, and the others go on.
func TestPoisonIsKept(t *testing.T) {
	b := newPostBox(t)
	b.deliver("1", "no e-mail at all")
	b.deliver("2", "From: a@example.net\nSubject: Well\n\nx")
	b.work()
	b.work()
	var dead []event.Letter
	err := b.store.View(t.Context(), func(tx storeTx) (err error) {
		dead, err = tx.Letters(t.Context(), event.LetterFilter{Source: legMail})
		return err
	})
	if err != nil || len(dead) != 1 || !strings.Contains(dead[0].Reason, "header") || len(b.all()) != 1 || b.in("new") != 0 {
		t.Errorf("%+v, %v, %d reports, %d are new", dead, err, len(b.all()), b.in("new"))
	}
}

// stuck is a folder whose messages cannot be put away: as after a process that died.
type stuck struct{ mailbox.Maildir }

func (stuck) Taken(context.Context, string) error { return errors.New("killed") }

// TestAMessageIsTakenOnce also where the process ends between its transaction and putting it away.
func TestAMessageIsTakenOnce(t *testing.T) {
	b := newPostBox(t)
	b.deliver("1", "From: a@example.net\nSubject: Once\n\nwithout a Message-ID")
	if err := b.takeMails(t.Context(), stuck{mailbox.Maildir{Dir: b.dir}}); err == nil || b.in("new") != 1 {
		t.Fatalf("%v, %d are new", err, b.in("new"))
	}
	b.work()
	if all := b.all(); len(all) != 1 || b.in("new") != 0 || b.in("cur") != 1 {
		t.Errorf("%+v, %d are new", all, b.in("new"))
	}
}

// TestAFloodOfMail: one sender is taken so often in an hour; the others are, and all together wait where they lie.
func TestAFloodOfMail(t *testing.T) {
	b := newPostBox(t)
	for i := range 30 {
		b.deliver("1."+string(rune('a'+i)), "From: a@example.net\nSubject: Flood\n\nx")
	}
	b.deliver("2", "From: b@example.net\nSubject: Another\n\nx")
	b.work()
	if n := len(b.all()); n != reportsOfOne+1 || b.in("new") != 0 {
		t.Errorf("%d reports, %d are new", n, b.in("new"))
	}
}

// TestMailOfSESIsTakenOnce reads what lies in a bucket, leaves it there, and takes it once although it is listed each time.
func TestMailOfSESIsTakenOnce(t *testing.T) {
	server := testmoto.Shared(t)
	t.Setenv("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "emulator-only")
	client, bucket := s3.NewFromConfig(server.Config("")), "mail-"+testmoto.Account()
	if _, err := client.CreateBucket(t.Context(), &s3.CreateBucketInput{Bucket: &bucket}); err != nil {
		t.Fatal(err)
	}
	for key, text := range map[string]string{"in/one": "From: a@example.net\r\nSubject: One\r\n\r\nx", "in/two": "no e-mail", "in/AMAZON_SES_SETUP_NOTIFICATION": "From: a@example.net\r\n\r\nx"} {
		if _, err := client.PutObject(t.Context(), &s3.PutObjectInput{Bucket: &bucket, Key: &key, Body: strings.NewReader(text)}); err != nil {
			t.Fatal(err)
		}
	}
	b := newPostBoxWith(t, func(c *config.Config) {
		c.AWS.Endpoint, c.Report.Mail.Bucket, c.Report.Mail.Prefix = server.Endpoint, bucket, "in/"
	})
	for range 2 {
		if _, err := b.mail(t.Context(), inBucket); err != nil {
			t.Fatal(err)
		}
	}
	if all := b.all(); len(all) != 1 || all[0].Title != "One" {
		t.Errorf("%+v", all)
	}
	var dead []event.Letter
	err := b.store.View(t.Context(), func(tx storeTx) (err error) {
		dead, err = tx.Letters(t.Context(), event.LetterFilter{Source: legMail})
		return err
	})
	if err != nil || len(dead) != 1 || dead[0].Origin.Place != "s3://"+bucket+"/in/two" {
		t.Errorf("%+v, %v", dead, err)
	}
	left, err := client.ListObjectsV2(t.Context(), &s3.ListObjectsV2Input{Bucket: &bucket})
	if err != nil || len(left.Contents) != 3 {
		t.Errorf("%d objects are left, %v", len(left.Contents), err)
	}
}
