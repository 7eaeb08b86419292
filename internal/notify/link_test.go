package notify_test

import (
	"context"
	"path/filepath"
	"testing"
	"time"

	"jobzero/internal/fault"
	"jobzero/internal/notice"
	"jobzero/internal/notify"
	"jobzero/internal/store"
)

// room is a channel that several read.
type room struct{ pipe }

func (*room) Personal() bool { return false }

// TestAPersonsOwnLinkGoesToThatPersonAlone: each attempt has a link of its own, no row has one, and a channel that several read has the message's.
func TestAPersonsOwnLinkGoesToThatPersonAlone(t *testing.T) {
	s, err := store.Open(t.Context(), "sqlite://"+filepath.Join(t.TempDir(), "a.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	texts, err := notify.BuiltinTemplates()
	if err != nil {
		t.Fatal(err)
	}
	mail, chat := &pipe{name: "email", answers: []error{fault.New(fault.Denied, "full")}}, &pipe{name: "slack"}
	all := &room{pipe{name: "room"}}
	st := store.In(s, func(tx *store.Tx) notify.Tx { return tx })
	made := 0
	c := notify.New(notify.Options{
		Store: st, Now: func() time.Time { return time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC) },
		Ways: func() notify.Ways {
			return notify.Ways{People: people(t), Templates: texts, Channels: []notify.Channel{mail, chat, all}}
		},
		Link: func(context.Context, notice.Delivery) (string, error) {
			made++
			return "https://jobzero.example.com/own/" + string(rune('0'+made)), nil
		},
	})
	m := notice.Message{Occasion: "handoff 1", Kind: notice.Handoff, Title: "Handoff", Link: "https://jobzero.example.com/page"}
	for _, to := range []notice.To{{Person: "kim"}, {Channel: "room"}} {
		var id notice.ID
		err := st.Update(t.Context(), func(tx notify.Tx) (err error) {
			id, err = notify.Send(t.Context(), tx, m, to, time.Now())
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := c.Carry(t.Context(), string(id)); err != nil {
			t.Fatal(err)
		}
		err = st.View(t.Context(), func(tx notify.Tx) error {
			d, err := tx.Delivery(t.Context(), id)
			if d.Message.Link != m.Link || d.State != notice.Sent {
				t.Errorf("%s: the row has %q, %s", to, d.Message.Link, d.State)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	for name, got := range map[string]string{mail.sent[0].Message.Link: "https://jobzero.example.com/own/1", chat.sent[0].Message.Link: "https://jobzero.example.com/own/2", all.sent[0].Message.Link: m.Link} {
		if name != got {
			t.Errorf("sent %q, want %q", name, got)
		}
	}
}
