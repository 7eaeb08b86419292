package cli

import (
	"context"
	"fmt"
	"slices"

	"github.com/spf13/cobra"

	"jobzero/internal/fault"
	"jobzero/internal/notice"
	"jobzero/internal/store"
)

func (s *shell) notify() *cobra.Command {
	return group("notify", "See whom people were told by, and try it",
		`What people are told is a delivery: one message to one person, tried channel after channel until one takes it, with every
attempt in its row. How each person wants to be told, and by what, the settings say: docs/how-to/notifications.md.`,
		"  jobzero notify test --person kim\n  jobzero notify list --state failed\n  jobzero notify show 4ZQX",
		s.notifyTest(), s.notifyList(), s.notifyShow())
}

func (s *shell) notifyList() *cobra.Command {
	var (
		form  format
		f     notice.Filter
		state string
	)
	words := names(notice.States(), func(x notice.State) string { return string(x) })
	c := &cobra.Command{
		Use:   "list",
		Short: "List what people were told, newest first",
		Long:  "Lists deliveries of the store that `jobzero serve` with the same settings uses, newest first.",
		Example: `  jobzero notify list
  jobzero notify list --state failed --format json
  jobzero notify list --person kim`,
		Args: arguments(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := checkLimit(f.Limit); err != nil {
				return err
			}
			if state != "" {
				if !slices.Contains(words, state) {
					return fault.New(fault.Invalid, "--state %s: want %s", state, join(words))
				}
				f.States = []notice.State{notice.State(state)}
			}
			return s.with(cmd.Context(), func(st *store.Store) error {
				found, err := view(cmd.Context(), st, func(tx *store.Tx) ([]notice.Delivery, error) { return tx.Deliveries(cmd.Context(), f) })
				if err != nil {
					return err
				}
				s.told(len(found), f.Limit, "deliveries")
				if form == formatJSON {
					return list(s, found)
				}
				return s.deliveryTable(found)
			})
		},
	}
	form.flag(c)
	c.Flags().StringVar(&state, "state", "", "only in this `STATE`: "+join(words))
	complete(c, "state", words...)
	c.Flags().StringVar(&f.Person, "person", "", "only to this `PERSON` of the organisation file")
	c.Flags().StringVar(&f.Thread, "thread", "", "only of this `THREAD`, such as a page")
	limit(c, &f.Limit, "deliveries")
	return c
}

func (s *shell) deliveryTable(found []notice.Delivery) error {
	if len(found) == 0 {
		return s.print("Nobody was told anything.")
	}
	t := table{columns: []column{
		{name: "DELIVERY"}, {name: "STATE", colour: stateColour}, {name: "KIND"}, {name: "TO"}, {name: "BY"}, {name: "AGE"}, {name: "TITLE", give: 1},
	}}
	for _, d := range found {
		by := "-"
		if n := len(d.Attempts); n > 0 {
			by = d.Attempts[n-1].Channel
		}
		t.add(string(d.ID), string(d.State), string(d.Message.Kind), d.To.String(), by, age(d.Made, s.now()), d.Message.Title)
	}
	return t.write(s.out)
}

func (s *shell) notifyShow() *cobra.Command {
	var form format
	c := &cobra.Command{
		Use:   "show DELIVERY",
		Short: "Show one delivery with every attempt",
		Long: `Shows what somebody was told, what was tried, what took it and who answered. DELIVERY may be a beginning or end that no
other delivery has.`,
		Example: `  jobzero notify show 4ZQX
  jobzero notify show 4ZQX --format json`,
		Args: arguments(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			ctx := cmd.Context()
			return s.with(ctx, func(st *store.Store) error {
				d, err := view(ctx, st, func(tx *store.Tx) (notice.Delivery, error) { return findDelivery(ctx, tx, args[0]) })
				if err != nil {
					return err
				}
				if form == formatJSON {
					return s.object(d)
				}
				return s.showDelivery(d)
			})
		},
	}
	form.flag(c)
	return c
}

func findDelivery(ctx context.Context, tx *store.Tx, name string) (notice.Delivery, error) {
	all, err := tx.Deliveries(ctx, notice.Filter{Limit: maxList})
	if err != nil {
		return notice.Delivery{}, err
	}
	id, err := pickOf("delivery", "notify", name, names(all, func(d notice.Delivery) string { return string(d.ID) }))
	if err != nil {
		return notice.Delivery{}, err
	}
	return tx.Delivery(ctx, notice.ID(id))
}

func (s *shell) showDelivery(d notice.Delivery) error {
	p := &page{colour: coloured(s.out)}
	m := d.Message
	p.line(0, "%s  %s", p.paint("1", string(d.ID)), p.paint(stateColour(string(d.State)), string(d.State)))
	p.line(0, "To      %s", d.To)
	p.line(0, "About   %s%s", m.Kind, prefixed(", ", string(m.Severity)))
	p.line(0, "Title   %s", m.Title)
	for _, l := range [][2]string{{"Ticket", string(m.Ticket)}, {"Thread", m.Thread}, {"Why", d.Why}} {
		if l[1] != "" {
			p.line(0, "%-8s%s", l[0], l[1])
		}
	}
	p.line(0, "Made    %s", instant(d.Made))
	if d.State == notice.Acknowledged {
		p.line(0, "Answer  %s by %s, %s, %s", d.Deed, d.By, d.Via, instant(d.Ended))
	}
	p.gap()
	p.line(0, "Attempts (%d)", len(d.Attempts))
	for _, a := range d.Attempts {
		p.line(1, "%s  %s  %s  %s%s", instant(a.Began), a.State, a.Channel, a.Address, prefixed(": ", receipt(a)))
	}
	if m.Text != "" {
		p.gap()
		p.line(0, "%s", m.Text)
	}
	_, err := fmt.Fprint(s.out, p.text.String())
	return err
}

// receipt is what went wrong, or what the other side calls what it took.
func receipt(a notice.Attempt) string {
	switch {
	case a.State != notice.Taken:
		return a.Error
	case a.Receipt == "":
		return "this channel gives no receipt"
	}
	return a.Receipt
}

// prefixed is a text behind something, where there is one.
func prefixed(before, text string) string {
	if text == "" {
		return ""
	}
	return before + text
}
