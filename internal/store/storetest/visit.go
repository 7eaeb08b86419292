package storetest

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"jobzero/internal/auth"
	"jobzero/internal/fault"
	"jobzero/internal/store"
)

// visits: sessions end one by one and all of a person's at once; a link is given once; a token comes back as it was kept.
func visits(t *testing.T, fresh Fresh) {
	t.Helper()
	s := open(t, fresh(t))
	visit := auth.Visit{Hash: "h1", Who: "mia", Name: "Mia", Kind: auth.Person, Groups: []string{"g"}, Began: noon(), Seen: noon(), Ends: noon().Add(time.Hour)}
	link := auth.Link{Hash: "l1", Name: "mia", Roles: []auth.Role{auth.Admin}, Ends: noon()}
	token := auth.Token{ID: "t1", Name: "ci", Hash: "x", Scopes: []auth.Verb{auth.Look}, Made: noon(), Ends: noon().Add(time.Hour)}
	do(t, s, func(tx *store.Tx) error {
		for _, h := range []string{"h1", "h2", "h3"} {
			visit.Hash = h
			if err := tx.SaveVisit(t.Context(), visit); err != nil {
				return err
			}
		}
		if err := tx.SaveLink(t.Context(), link); err != nil {
			return err
		}
		return tx.SaveToken(t.Context(), token)
	})
	do(t, s, func(tx *store.Tx) error {
		got, err := tx.Visit(t.Context(), "h3")
		if d := cmp.Diff(visit, got); d != "" || err != nil {
			t.Errorf("session: %v %s", err, d)
		}
		k, err := tx.Token(t.Context(), "t1")
		if d := cmp.Diff(token, k); d != "" || err != nil {
			t.Errorf("token: %v %s", err, d)
		}
		l, err := tx.TakeLink(t.Context(), "l1")
		if d := cmp.Diff(link, l); d != "" || err != nil {
			t.Errorf("link: %v %s", err, d)
		}
		if _, err := tx.TakeLink(t.Context(), "l1"); !fault.Is(err, fault.NotFound) {
			t.Errorf("a link for the second time: %v", err)
		}
		return tx.DropVisit(t.Context(), "h1")
	})
	do(t, s, func(tx *store.Tx) error {
		if _, err := tx.Visit(t.Context(), "h1"); !fault.Is(err, fault.NotFound) {
			t.Errorf("an ended session: %v", err)
		}
		if n, err := tx.DropVisitsOf(t.Context(), "mia"); n != 2 || err != nil {
			t.Errorf("ended %d, %v, want 2", n, err)
		}
		visit.Hash = "h4"
		return tx.SaveVisit(t.Context(), visit)
	})
	if n, err := s.PruneVisits(t.Context(), noon().Add(time.Hour)); n != 0 || err != nil {
		t.Errorf("forgot %d, %v that had not ended", n, err)
	}
	if n, err := s.PruneVisits(t.Context(), noon().Add(time.Hour+time.Second)); n != 1 || err != nil {
		t.Errorf("forgot %d, %v, want 1", n, err)
	}
}

// replies: a key is begun once, remembers what was asked, and gives the answer again until it is forgotten.
func replies(t *testing.T, fresh Fresh) {
	t.Helper()
	s := open(t, fresh(t))
	want := store.Reply{Who: "token:ci", Key: "k", Request: "r", At: noon()}
	begin := func(r store.Reply) (got store.Reply, fresh bool) {
		do(t, s, func(tx *store.Tx) (err error) {
			got, fresh, err = tx.BeginReply(t.Context(), r)
			return err
		})
		return got, fresh
	}
	if _, fresh := begin(want); !fresh {
		t.Error("a new key is not new")
	}
	other := want
	other.Request = "another"
	if got, fresh := begin(other); fresh || got.Request != "r" || got.Answer != "" {
		t.Errorf("a key for the second time: %+v, %t", got, fresh)
	}
	other.Who = "token:other"
	if _, fresh := begin(other); !fresh {
		t.Error("the key of somebody else is the same")
	}
	do(t, s, func(tx *store.Tx) error { return tx.EndReply(t.Context(), want.Who, want.Key, "done") })
	if got, _ := begin(want); got.Answer != "done" {
		t.Errorf("the answer is %q", got.Answer)
	}
	do(t, s, func(tx *store.Tx) error { return tx.DropReply(t.Context(), want.Who, want.Key) })
	if _, fresh := begin(want); !fresh {
		t.Error("a dropped key is not new")
	}
	if n, err := s.PruneReplies(t.Context(), noon().Add(time.Second)); n != 2 || err != nil {
		t.Errorf("forgot %d, %v, want 2", n, err)
	}
}
