package storetest

import (
	"cmp"
	"fmt"
	"strings"
	"testing"

	"jobzero/internal/auth"
	"jobzero/internal/effect"
	"jobzero/internal/fault"
	"jobzero/internal/glass"
	"jobzero/internal/notice"
	"jobzero/internal/notify/subscription"
	"jobzero/internal/oncall/escalate"
	"jobzero/internal/oncall/handoff"
	"jobzero/internal/playbook"
	"jobzero/internal/playbook/verdict"
	"jobzero/internal/report"
	"jobzero/internal/store"
	"jobzero/internal/ticket"
)

// rowsBeside are the tables whose rows are in the chain: the columns that make a row's name, those that are numbers, and all others that must not
// be edited unseen.
var rowsBeside = []struct {
	table  string
	named  []string // the first is changed to put another row in
	number []string
	text   []string
	rest   []string // what else a row needs
	row    string   // its name where it is not x1
}{
	{"effect", []string{"effect_key"}, []string{"began_at"}, []string{"ticket", "run", "playbook", "account", "resource", "state", "shuts", "doc"}, nil, ""},
	{"run", []string{"id"}, []string{"started_at"}, []string{"ticket", "state", "playbook", "doc"}, nil, ""},
	{"brake", []string{"name"}, nil, []string{"doc"}, nil, ""},
	{"canary", []string{"hash", "playbook", "account"}, nil, []string{"doc"}, nil, ""},
	{"glass", []string{"id"}, []string{"version"}, []string{"state", "account", "role", "person", "doc"}, []string{"events", "beyond"}, ""},
	{"memory", []string{"id"}, []string{"ends_at"}, []string{"verdict", "doc"}, nil, ""},
	{"page", []string{"id"}, []string{"version", "severity"}, []string{"state", "ticket", "doc"}, nil, ""},
	{"page_call", []string{"call_key"}, []string{"at"}, []string{"page", "person", "state", "doc"}, nil, "x1/answer/0/0/mia"},
	{"oncall_change", []string{"id"}, []string{"made_at", "ends_at"}, []string{"kind", "rota", "person", "doc"}, nil, ""},
	{"handoff", []string{"id"}, []string{"due_at", "version"}, []string{"rota", "state", "doc"}, nil, ""},
	{"handoff_link", []string{"hash"}, []string{"ends_at", "version"}, []string{"handoff", "person", "doc"}, nil, ""},
	{"delivery", []string{"id"}, []string{"version", "made_at"}, []string{"state", "person", "channel", "thread", "doc"}, nil, ""},
	{"report", []string{"id"}, []string{"version", "made_at"}, []string{"code", "person", "doc"}, nil, ""},
	{"subscription", []string{"id"}, []string{"version"}, []string{"name", "state", "doc"}, nil, ""},
	{"asked", []string{"id"}, []string{"at"}, []string{"who", "doc"}, nil, ""},
}

// putRows puts two rows into each of those tables, one of them written twice, with entries between them.
func putRows(t *testing.T, s *store.Store) {
	t.Helper()
	tk := aTicket("01A", "a")
	for i := range 2 {
		do(t, s, func(tx *store.Tx) error {
			name := fmt.Sprint("x", i)
			for _, put := range []func() error{
				func() error {
					return tx.SaveEffect(t.Context(), effect.Effect{Key: name, Ticket: "01A", State: effect.Doing, Began: noon()})
				},
				func() error {
					return tx.SaveEffect(t.Context(), effect.Effect{Key: name, Ticket: "01A", State: effect.Done, Began: noon()})
				},
				func() error { return tx.AppendEntry(t.Context(), &tk, anEntry(name)) },
				func() error {
					return tx.SaveRun(t.Context(), playbook.Run{ID: name, Ticket: "01A", Playbook: "p", Started: noon()})
				},
				func() error { return tx.SetBrake(t.Context(), effect.Brake{Name: name, On: true, By: "mia"}) },
				func() error {
					return tx.SaveCanary(t.Context(), playbook.Canary{Playbook: "p", Account: "1", Hash: name})
				},
				func() error { return tx.SaveGlass(t.Context(), aUse(glass.ID(name))) },
				func() error { return tx.AddChange(t.Context(), aChange(name)) },
				func() error {
					h := aHandoff("r", noon())
					h.ID = handoff.ID(name)
					return tx.SaveHandoff(t.Context(), h)
				},
				func() error {
					return tx.SaveHandoffLink(t.Context(), handoff.Link{Hash: name, Handoff: "h", Person: "mia", Made: noon(), Ends: noon(), Version: 1})
				},
				func() error { return tx.SaveDelivery(t.Context(), aDelivery(notice.ID(name))) },
				func() error {
					return tx.SaveReport(t.Context(), report.Report{ID: report.ID(name), Code: "c" + name, Title: name, Made: noon(), Version: 1})
				},
				func() error {
					return tx.SaveSubscription(t.Context(), subscription.Subscription{ID: name, Name: name, State: subscription.Live, Version: 1})
				},
				func() error { return tx.SaveMemory(t.Context(), verdict.Memory{Key: name, Ends: noon()}) },
				func() error { return tx.SavePage(t.Context(), aPage(escalate.ID(name))) },
				func() error { _, err := tx.AddCall(t.Context(), aCall(name, "mia")); return err },
				func() error { return tx.SaveRecord(t.Context(), auth.Record{ID: name, At: noon(), Who: "mia"}) },
			} {
				if err := put(); err != nil {
					return err
				}
			}
			return nil
		})
	}
	do(t, s, func(tx *store.Tx) error { return tx.SetBrake(t.Context(), effect.Brake{Name: "x1", By: "mia"}) })
}

// auditRows: whichever row is edited in whichever column, removed or put in, it is named.
func auditRows(t *testing.T, fresh Fresh) {
	t.Helper()
	url := fresh(t)
	s := open(t, url)
	putRows(t, s)
	db := raw(t, url)
	check := func() error {
		return s.View(t.Context(), func(tx *store.Tx) error { return tx.CheckAudit(t.Context()) })
	}
	if err := check(); err != nil {
		t.Fatalf("before anything was edited: %v", err)
	}
	for _, b := range rowsBeside {
		is := cmp.Or(b.row, "x1")
		at := fmt.Sprintf("from %s where %s = '%s'", b.table, b.named[0], is)
		columns := strings.Join(append(append(append(append([]string(nil), b.named[1:]...), b.number...), b.text...), b.rest...), ", ")
		edits := map[string][2]string{ // what is done, and what undoes it
			"put in": {fmt.Sprintf("insert into %s (%s, %s) select 'other', %s %s", b.table, b.named[0], columns, columns, at), fmt.Sprintf("delete from %s where %s = 'other'", b.table, b.named[0])},
		}
		for _, c := range append(b.text, b.named...) {
			where := fmt.Sprintf("where %s = '%s'", b.named[0], is)
			back := where
			if c == b.named[0] {
				back = fmt.Sprintf("where %s = '%s!'", c, is)
			}
			edits["edited "+c] = [2]string{fmt.Sprintf("update %s set %s = %s || '!' %s", b.table, c, c, where), fmt.Sprintf("update %s set %s = substr(%s, 1, length(%s) - 1) %s", b.table, c, c, c, back)}
		}
		for _, c := range b.number {
			edits["edited "+c] = [2]string{fmt.Sprintf("update %s set %s = %s + 1 where %s = '%s'", b.table, c, c, b.named[0], is), fmt.Sprintf("update %s set %s = %s - 1 where %s = '%s'", b.table, c, c, b.named[0], is)}
		}
		for name, e := range edits {
			exec(t, db, e[0])
			if err := check(); !fault.Is(err, fault.Conflict) || !strings.Contains(err.Error(), b.table+" ") {
				t.Errorf("%s: %s: %v", b.table, name, err)
			}
			exec(t, db, e[1])
			if err := check(); err != nil {
				t.Fatalf("%s: after %s was undone: %v", b.table, name, err)
			}
		}
		exec(t, db, "create table aside as select * "+at)
		exec(t, db, "delete "+at)
		if err := check(); !fault.Is(err, fault.Conflict) || !strings.Contains(err.Error(), b.table+" ") || !strings.Contains(err.Error(), "was removed") {
			t.Errorf("%s: removed: %v", b.table, err)
		}
		exec(t, db, "insert into "+b.table+" select * from aside")
		exec(t, db, "drop table aside")
	}
	exec(t, db, "update link set head = 'f' where row_key = 'brake x0'")
	if err := check(); !fault.Is(err, fault.Conflict) || !strings.Contains(err.Error(), "brake x0") {
		t.Errorf("an edited link: %v", err)
	}
}

// adopted: rows from before rows were in the chain are taken as they are, once.
func adopted(t *testing.T, fresh Fresh) {
	t.Helper()
	url := fresh(t)
	s := open(t, url)
	do(t, s, func(tx *store.Tx) error {
		for i := range 1200 { // of more than a page
			if err := tx.SaveRun(t.Context(), playbook.Run{ID: fmt.Sprint("r", i), Ticket: "01A", Playbook: "p", Started: noon()}); err != nil {
				return err
			}
		}
		return tx.SetBrake(t.Context(), effect.Brake{Name: "enforcement"})
	})
	db := raw(t, url)
	check := func(s *store.Store) error {
		return s.View(t.Context(), func(tx *store.Tx) error { return tx.CheckAudit(t.Context()) })
	}
	exec(t, db, "delete from link")
	if err := check(s); err == nil {
		t.Error("rows that are not in the chain pass")
	}
	if err := check(open(t, url)); err != nil {
		t.Errorf("a database of before: %v", err)
	}
	exec(t, db, "insert into brake (name, doc) values ('other', '{}')")
	if err := check(open(t, url)); !fault.Is(err, fault.Conflict) || !strings.Contains(err.Error(), "brake other was put in") {
		t.Errorf("a row that was put in before a restart: %v", err)
	}
	look(t, s, func(tx *store.Tx) error {
		last, err := tx.LastLink(t.Context())
		if last.Seq != 1201 || last.Ticket != ticket.ID("") {
			t.Errorf("the chain ends with %+v", last)
		}
		return err
	})
}
