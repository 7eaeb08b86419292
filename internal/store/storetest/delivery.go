package storetest

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"jobzero/internal/fault"
	"jobzero/internal/notice"
	"jobzero/internal/store"
)

func aDelivery(id notice.ID) notice.Delivery {
	return notice.Delivery{
		ID: id, To: notice.To{Person: "kim"}, State: notice.Queued, Version: 1, Made: noon(),
		Message: notice.Message{Occasion: "o", Thread: "page 1", Kind: notice.Page, Title: "Look \x00 \xff"},
	}
}

// deliveries: one is found, changes only from what was read, and is listed by its state, its receiver and its thread.
func deliveries(t *testing.T, fresh Fresh) {
	t.Helper()
	s := open(t, fresh(t))
	first, second := aDelivery("01A"), aDelivery("01B")
	first.Message.Title = "Look"
	second.To, second.Message.Thread, second.Made = notice.To{Channel: "security"}, "page 2", noon().Add(time.Minute)
	do(t, s, func(tx *store.Tx) error {
		if err := tx.SaveDelivery(t.Context(), first); err != nil {
			return err
		}
		return tx.SaveDelivery(t.Context(), second)
	})
	next := first
	next.Version, next.State = 2, notice.Sent
	do(t, s, func(tx *store.Tx) error { return tx.SaveDelivery(t.Context(), next) })
	if err := s.Update(t.Context(), func(tx *store.Tx) error { return tx.SaveDelivery(t.Context(), next) }); !fault.Is(err, fault.Conflict) {
		t.Errorf("a change of what has moved on: %v", err)
	}
	look(t, s, func(tx *store.Tx) error {
		got, err := tx.Delivery(t.Context(), "01A")
		if d := cmp.Diff(next, got); d != "" || err != nil {
			t.Errorf("%v\n%s", err, d)
		}
		if _, err := tx.Delivery(t.Context(), "01C"); !fault.Is(err, fault.NotFound) {
			t.Errorf("one that is not there: %v", err)
		}
		for name, c := range map[string]struct {
			ask  notice.Filter
			want string
		}{
			"all, newest first": {notice.Filter{}, "01B01A"}, "the newest": {notice.Filter{Limit: 1}, "01B"},
			"states": {notice.Filter{States: []notice.State{notice.Sent, notice.Failed}}, "01A"},
			"person": {notice.Filter{Person: "kim"}, "01A"}, "thread": {notice.Filter{Thread: "page 2"}, "01B"},
			"none": {notice.Filter{Person: "kim", Thread: "page 2"}, ""},
		} {
			all, err := tx.Deliveries(t.Context(), c.ask)
			var ids []string
			for _, d := range all {
				ids = append(ids, string(d.ID))
			}
			if got := strings.Join(ids, ""); got != c.want || err != nil {
				t.Errorf("%s: %q, %v, want %q", name, got, err, c.want)
			}
		}
		return nil
	})
}
