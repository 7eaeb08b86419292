package cli_test

import (
	"context"
	"fmt"
	"os"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"jobzero/internal/finding"
	"jobzero/internal/notice"
	"jobzero/internal/notify/notifytest"
	"jobzero/internal/store"
)

// told fills the database at a path with what people were told: told data/jobzero.db.
func told(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: told DATABASE")
	}
	ctx := context.Background()
	ts.Check(os.MkdirAll(ts.MkAbs("data"), 0o700))
	st, err := store.Open(ctx, "sqlite://"+ts.MkAbs(args[0]))
	ts.Check(err)
	defer func() { ts.Check(st.Close()) }()
	at := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	page := notice.Message{Occasion: "page 1/level 1", Thread: "page 1", Kind: notice.Page, Severity: finding.Critical, Title: "Key \x1b[31mis leaked", Ticket: "01JD7Z", Buttons: []notice.Deed{notice.Acknowledge}}
	first, err := notice.Queue(page, notice.To{Person: "kim"}, at)
	ts.Check(err)
	first.Begin("slack", "U0KIM", at)
	first.Done(notice.Later, "", "slack: it answers 503", at)
	first.Begin("email", "kim@example.com", at)
	first.Done(notice.Taken, "", "", at)
	first.Answer(notice.Press{Delivery: first.ID, Do: notice.Acknowledge, Person: "kim", Via: "console", At: at.Add(time.Minute)})
	page.Occasion = "page 1/level 2"
	second, err := notice.Queue(page, notice.To{Person: "lee"}, at)
	ts.Check(err)
	second.Fail("no channel reaches lee; email: the organisation file has no e-mail address of them", at)
	ts.Check(st.Update(ctx, func(tx *store.Tx) error {
		for _, d := range []notice.Delivery{first, second} {
			d.Version = 1
			if err := tx.SaveDelivery(ctx, d); err != nil {
				return err
			}
		}
		return nil
	}))
}

// posted adds a mail server to a file of settings: posted jobzero.yaml.
func posted(post *notifytest.Server) func(ts *testscript.TestScript, neg bool, args []string) {
	return func(ts *testscript.TestScript, neg bool, args []string) {
		if neg || len(args) != 1 {
			ts.Fatalf("usage: posted FILE")
		}
		text := ts.ReadFile(args[0])
		ts.Check(os.WriteFile(ts.MkAbs(args[0]), fmt.Appendf(nil, "%s  smtp: {server: %q, from: jobzero@example.com, tls: none}\n", text, post.Address), 0o600))
	}
}
