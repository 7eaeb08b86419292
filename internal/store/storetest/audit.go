package storetest

import (
	"fmt"
	"strconv"
	"strings"
	"testing"

	"jobzero/internal/fault"
	"jobzero/internal/store"
	"jobzero/internal/ticket"
)

// audit: each way of editing the past is noticed, and the row is named.
func audit(t *testing.T, fresh Fresh) {
	t.Helper()
	for _, c := range []struct {
		name string
		sql  []string
		want string
	}{
		{"nothing", nil, ""},
		{"edited text", []string{`update entry set doc = replace(doc, 'entry 2', 'entry X') where ticket = '01A' and seq = 2`}, "ticket 01A: entry 2 was edited"},
		{"edited text and hash", []string{`update entry set doc = replace(doc, 'entry 2', 'entry X'), hash = 'f' where ticket = '01A' and seq = 2`}, "ticket 01A: entry 2 was edited"},
		{"removed entry", []string{`delete from entry where ticket = '01A' and seq = 2`}, "ticket 01A: entry 2 was removed"},
		{"removed last entry", []string{`delete from entry where ticket = '01A' and seq = 3`}, "ticket 01A: entry 3 was removed"},
		{"removed last entry with its link", []string{`delete from entry where ticket = '01B' and seq = 3`, `delete from link where seq = 6`}, "ticket 01B: entry 3 was removed"},
		{"removed ticket", []string{`delete from ticket where id = '01A'`}, "ticket 01A was removed"},
		{"removed ticket with its timeline", []string{`delete from ticket where id = '01A'`, `delete from entry where ticket = '01A'`}, "ticket 01A was removed"},
		{"removed link", []string{`delete from link where seq = 3`}, "link 3 was removed"},
		{"removed first link", []string{`delete from link where seq = 1`}, "link 1 was removed"},
		{"removed last link", []string{`delete from link where seq = 6`}, "ticket 01B: the link of entry 3 was removed"},
		{"edited link", []string{`update link set head = 'f' where seq = 4`}, "link 4 (entry 2 of ticket 01B) was edited"},
		{"entry put in", []string{`insert into entry (ticket, seq, hash, doc) select ticket, 4, hash, doc from entry where ticket = '01A' and seq = 3`}, "ticket 01A: entry 4 was edited"},
		{"entry of no ticket", []string{`insert into entry (ticket, seq, hash, doc) select '01Z', 1, hash, doc from entry where ticket = '01A' and seq = 1`}, "ticket 01Z: the link of entry 1 was removed"},
		{"entries exchanged", []string{`update entry set seq = 9 where ticket = '01A' and seq = 1`, `update entry set seq = 1 where ticket = '01A' and seq = 2`, `update entry set seq = 2 where ticket = '01A' and seq = 9`}, "ticket 01A: entry 1 was edited"},
		{"ticket set back", []string{`update ticket set entries = 2 where id = '01A'`}, "ticket 01A: its row was edited"},
		{"ticket's head edited", []string{`update ticket set head = 'f', doc = replace(doc, head, 'f') where id = '01A'`}, "ticket 01A: its head is not that of entry 3"},
	} {
		t.Run(c.name, func(t *testing.T) {
			url := fresh(t)
			s := open(t, url)
			a, b := aTicket("01A", "a"), aTicket("01B", "b")
			for i := range 3 {
				for _, tk := range []*ticket.Ticket{&a, &b} {
					do(t, s, func(tx *store.Tx) error {
						return tx.AppendEntry(t.Context(), tk, anEntry(fmt.Sprintf("entry %d", i+1)))
					})
				}
			}
			db := raw(t, url)
			for _, q := range c.sql {
				exec(t, db, q)
			}
			err := s.View(t.Context(), func(tx *store.Tx) error { return tx.CheckAudit(t.Context()) })
			switch {
			case c.want == "" && err != nil:
				t.Errorf("an untouched chain: %v", err)
			case c.want != "" && (!fault.Is(err, fault.Conflict) || !strings.Contains(err.Error(), c.want)):
				t.Errorf("got %v, want %q", err, c.want)
			}
		})
	}
}

// auditPages: more links and tickets than one page holds.
func auditPages(t *testing.T, fresh Fresh) {
	t.Helper()
	s := open(t, fresh(t))
	do(t, s, func(tx *store.Tx) error {
		for i := range 520 {
			tk := aTicket(ticket.ID(fmt.Sprintf("01%04d", i)), strconv.Itoa(i))
			for range 2 {
				if err := tx.AppendEntry(t.Context(), &tk, anEntry("entry")); err != nil {
					return err
				}
			}
		}
		return nil
	})
	look(t, s, func(tx *store.Tx) error {
		last, err := tx.LastLink(t.Context())
		if last.Seq != 1040 {
			t.Errorf("the chain has %d links", last.Seq)
		}
		if err != nil {
			return err
		}
		return tx.CheckAudit(t.Context())
	})
}
