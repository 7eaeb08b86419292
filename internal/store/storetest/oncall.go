package storetest

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"jobzero/internal/fault"
	"jobzero/internal/oncall"
	"jobzero/internal/oncall/handoff"
	"jobzero/internal/store"
)

// duties are the tests of what is kept of who is on duty.
func duties() []part {
	return []part{
		{"changes of rotas", rotaChanges},
		{"handoffs", handoffs},
		{"links to handoffs", handoffLinks},
		{"what people have to be told", tells},
	}
}

func aChange(id string) oncall.Change {
	return oncall.Change{
		ID: id, Kind: oncall.Override, Rota: "r", By: "ana", Why: "the train is late", At: noon(),
		Spans: []oncall.Span{{Seat: oncall.Primary, Person: "bo", From: noon(), Until: noon().Add(time.Hour)}},
	}
}

func aHandoff(rota string, due time.Time) handoff.Handoff {
	return handoff.Write(handoff.Planned{
		Shift: oncall.Shift{Rota: rota, Site: "Dublin", Start: due, End: due.Add(6 * time.Hour)}, From: oncall.Holder{Person: "ana"}, To: "bo", Other: "kim",
	}, handoff.Document{Written: due.Add(-handoff.Before), Parts: []handoff.Part{handoff.NewPart(handoff.Tickets, []handoff.Item{{ID: "01A", Title: "a \x00 b"}}, false)}})
}

// rotaChanges: a change is kept as it was made; those of a rota are found with everybody's leave, in their order, until they are over.
func rotaChanges(t *testing.T, fresh Fresh) {
	t.Helper()
	s := open(t, fresh(t))
	first, second, other, leave := aChange("01B"), aChange("01A"), aChange("01C"), aChange("01D")
	second.At, other.Rota, leave.Rota, leave.Kind = noon().Add(time.Second), "q", "", oncall.Away
	leave.Spans[0].Until = noon().Add(48 * time.Hour)
	do(t, s, func(tx *store.Tx) error {
		for _, c := range []oncall.Change{second, first, other, leave} {
			if err := tx.AddChange(t.Context(), c); err != nil {
				return err
			}
		}
		return nil
	})
	if err := s.Update(t.Context(), func(tx *store.Tx) error { return tx.AddChange(t.Context(), first) }); !fault.Is(err, fault.Conflict) {
		t.Errorf("twice: %v", err)
	}
	look(t, s, func(tx *store.Tx) error {
		for _, ask := range []struct {
			rota, want string
			after      time.Time
		}{{"r", "01B01D01A", noon()}, {"", "01B01C01D01A", noon()}, {"q", "01D", noon().Add(time.Hour)}, {"q", "", noon().Add(48 * time.Hour)}} {
			all, err := tx.Changes(t.Context(), ask.rota, ask.after)
			var ids []string
			for _, c := range all {
				ids = append(ids, c.ID)
			}
			if got := strings.Join(ids, ""); got != ask.want || err != nil {
				t.Errorf("%+v: %q, %v", ask, got, err)
			}
			if len(all) > 0 && all[0].ID == "01B" {
				if d := cmp.Diff(first, all[0]); d != "" {
					t.Error(d)
				}
			}
		}
		return nil
	})
}

// handoffs: a handoff changes only from what was read, and the last one that is due by a time is found.
func handoffs(t *testing.T, fresh Fresh) {
	t.Helper()
	s := open(t, fresh(t))
	early, late, other := aHandoff("r", noon()), aHandoff("r", noon().Add(6*time.Hour)), aHandoff("q", noon())
	do(t, s, func(tx *store.Tx) error {
		for _, h := range []handoff.Handoff{early, late, other} {
			if err := tx.SaveHandoff(t.Context(), h); err != nil {
				return err
			}
		}
		return nil
	})
	next := early
	next.Version, next.State, next.AcceptedBy = 2, handoff.Accepted, "bo"
	do(t, s, func(tx *store.Tx) error { return tx.SaveHandoff(t.Context(), next) })
	if err := s.Update(t.Context(), func(tx *store.Tx) error { return tx.SaveHandoff(t.Context(), next) }); !fault.Is(err, fault.Conflict) {
		t.Errorf("a change of what has moved on: %v", err)
	}
	look(t, s, func(tx *store.Tx) error {
		got, err := tx.Handoff(t.Context(), early.ID)
		if got.AcceptedBy != "bo" || got.Version != 2 || len(got.Document.Parts) != 1 || err != nil {
			t.Errorf("%+v, %v", got, err)
		}
		if _, err := tx.Handoff(t.Context(), "none"); !fault.Is(err, fault.NotFound) {
			t.Errorf("one that is not there: %v", err)
		}
		for _, ask := range []struct {
			rota   string
			states []handoff.State
			until  time.Time
			want   []handoff.ID
		}{
			{"", nil, time.Time{}, []handoff.ID{late.ID, early.ID, other.ID}},
			{"r", nil, noon().Add(time.Hour), []handoff.ID{early.ID}},
			{"", []handoff.State{handoff.Open}, time.Time{}, []handoff.ID{late.ID, other.ID}},
			{"r", nil, noon().Add(-1), nil},
		} {
			all, err := tx.Handoffs(t.Context(), ask.rota, ask.states, ask.until, 0)
			var ids []handoff.ID
			for _, h := range all {
				ids = append(ids, h.ID)
			}
			if d := cmp.Diff(ask.want, ids); d != "" || err != nil {
				t.Errorf("%+v: %v\n%s", ask, err, d)
			}
		}
		return nil
	})
}

// tells: what somebody has to be told is there once, and waits until it is sent.
func tells(t *testing.T, fresh Fresh) {
	t.Helper()
	s := open(t, fresh(t))
	for range 2 {
		do(t, s, func(tx *store.Tx) error {
			return tx.AddTell(t.Context(), handoff.Tell{Key: "k", Handoff: "h", Person: "bo", What: "accept", At: noon()})
		})
	}
	count := func(waiting bool) (n int) {
		look(t, s, func(tx *store.Tx) error {
			all, err := tx.Tells(t.Context(), waiting, 0)
			n = len(all)
			return err
		})
		return n
	}
	if count(true) != 1 || count(false) != 1 {
		t.Errorf("%d wait of %d", count(true), count(false))
	}
	for _, at := range []time.Time{noon(), noon().Add(time.Hour)} {
		do(t, s, func(tx *store.Tx) error { return tx.MarkTold(t.Context(), "k", at) })
	}
	look(t, s, func(tx *store.Tx) error {
		all, err := tx.Tells(t.Context(), false, 0)
		if err == nil && !all[0].Told.Equal(noon()) {
			t.Errorf("%+v", all)
		}
		return err
	})
	if count(true) != 0 {
		t.Error("it waits though it is told")
	}
}

// handoffLinks: a link is found by its hash, and used once: whoever has read it before somebody else used it is told so.
func handoffLinks(t *testing.T, fresh Fresh) {
	t.Helper()
	s := open(t, fresh(t))
	l := handoff.Link{Hash: handoff.LinkHash("secret"), Handoff: "r-1", Person: "mia", Made: noon(), Ends: noon().Add(time.Hour), Version: 1}
	do(t, s, func(tx *store.Tx) error { return tx.SaveHandoffLink(t.Context(), l) })
	look(t, s, func(tx *store.Tx) error {
		got, err := tx.HandoffLink(t.Context(), l.Hash)
		if d := cmp.Diff(l, got); d != "" {
			t.Errorf("read again (-kept +read):\n%s", d)
		}
		if _, none := tx.HandoffLink(t.Context(), handoff.LinkHash("other")); !fault.Is(none, fault.NotFound) {
			t.Errorf("one that there is not: %v", none)
		}
		return err
	})
	l.Used, l.Version = noon().Add(time.Minute), 2
	do(t, s, func(tx *store.Tx) error { return tx.SaveHandoffLink(t.Context(), l) })
	for _, version := range []int64{1, 2} {
		l.Version = version
		if err := s.Update(t.Context(), func(tx *store.Tx) error { return tx.SaveHandoffLink(t.Context(), l) }); !fault.Is(err, fault.Conflict) {
			t.Errorf("used by who has read version %d: %v", version-1, err)
		}
	}
}
