package storetest

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"jobzero/internal/playbook"
	"jobzero/internal/store"
	"jobzero/internal/ticket"
)

func runsOf(t *testing.T, fresh Fresh) {
	t.Helper()
	s := open(t, fresh(t))
	for i, r := range []playbook.Run{
		{Ticket: "T1", Playbook: "a", State: playbook.Settled},
		{Ticket: "T1", Playbook: "b", State: playbook.GaveUp},
		{Ticket: "T2", Playbook: "a", State: playbook.Running},
		{Ticket: "T2", Playbook: "a", State: playbook.Settled},
	} {
		r.ID, r.Started = fmt.Sprint("R", i), noon().Add(time.Duration(i)*time.Minute)
		do(t, s, func(tx *store.Tx) error { return tx.SaveRun(t.Context(), r) })
	}
	look(t, s, func(tx *store.Tx) error {
		for name, tc := range map[string]struct {
			filter playbook.RunFilter
			want   []string
		}{
			"all":         {playbook.RunFilter{}, []string{"R3", "R2", "R1", "R0"}},
			"of a ticket": {playbook.RunFilter{Ticket: "T1"}, []string{"R1", "R0"}},
			"of one":      {playbook.RunFilter{Playbook: "a", States: []playbook.RunState{playbook.Settled}}, []string{"R3", "R0"}},
			"the last":    {playbook.RunFilter{Limit: 1}, []string{"R3"}},
		} {
			got, err := tx.Runs(t.Context(), tc.filter)
			var ids []string
			for _, r := range got {
				ids = append(ids, r.ID)
			}
			if diff := cmp.Diff(tc.want, ids); diff != "" || err != nil {
				t.Errorf("%s: %v\n%s", name, err, diff)
			}
		}
		n, err := tx.CountRuns(t.Context())
		want := map[string]map[playbook.RunState]int{"a": {playbook.Settled: 2, playbook.Running: 1}, "b": {playbook.GaveUp: 1}}
		if diff := cmp.Diff(want, n); diff != "" {
			t.Errorf("counts:\n%s", diff)
		}
		return err
	})
}

// olderRuns are from before runs were listed by their playbook.
func olderRuns(t *testing.T, fresh Fresh) {
	t.Helper()
	url := fresh(t)
	s := open(t, url)
	do(t, s, func(tx *store.Tx) error {
		for i := range 450 {
			r := playbook.Run{ID: fmt.Sprint("R", i), Ticket: "T", Playbook: "old", State: playbook.Settled, Started: noon()}
			if err := tx.SaveRun(t.Context(), r); err != nil {
				return err
			}
		}
		return nil
	})
	exec(t, raw(t, url), `update run set playbook = ''`)
	look(t, open(t, url), func(tx *store.Tx) error {
		n, err := tx.CountRuns(t.Context())
		if n["old"][playbook.Settled] != 450 {
			t.Errorf("counted %v", n)
		}
		return err
	})
}

// watchedTickets wakes a leg once for each time that a ticket comes into a state, and only for those states.
func watchedTickets(t *testing.T, fresh Fresh) {
	t.Helper()
	url := fresh(t)
	s := open(t, url)
	if err := s.WatchTickets(t.Context(), []ticket.State{ticket.Human, ticket.Closed, ticket.Human}); err != nil {
		t.Fatal(err)
	}
	other := open(t, url) // another process, such as that of a command
	tk := aTicket("T1", "a")
	move := func(s *store.Store, to ticket.State) {
		do(t, s, func(tx *store.Tx) error {
			if err := tk.Move(to, "so", noon()); err != nil {
				return err
			}
			return tx.AppendEntry(t.Context(), &tk, ticket.Entry{At: noon(), Kind: "state", Text: string(to)})
		})
	}
	for _, to := range []ticket.State{ticket.Investigating, ticket.Human, ticket.Human} { // the second only changes the reason
		move(s, to)
	}
	move(other, ticket.Investigating)
	move(other, ticket.Human)
	if err := s.WatchTickets(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	move(s, ticket.Closed)
	hints, err := s.Unsent(t.Context(), store.TicketsLeg, noon(), noon(), 10)
	var refs []string
	for _, h := range hints {
		refs = append(refs, h.Ref)
	}
	if diff := cmp.Diff([]string{"T1/2/human", "T1/5/human"}, refs); diff != "" || err != nil {
		t.Errorf("woken for: %v\n%s", err, diff)
	}
	if c, err := store.ParseCame("T1/5/human"); err != nil || c != (store.Came{Ticket: "T1", Entry: 5, Into: ticket.Human}) {
		t.Errorf("%+v, %v", c, err)
	}
	for _, bad := range []string{"", "T1/5", "T1/x/human", "T1/5/lost"} {
		if _, err := store.ParseCame(bad); err == nil {
			t.Errorf("%q is read", bad)
		}
	}
}
