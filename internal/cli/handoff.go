package cli

import (
	"context"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"jobzero/internal/fault"
	"jobzero/internal/oncall/handoff"
	"jobzero/internal/store"
)

func (s *shell) handoff() *cobra.Command {
	return group("handoff", "Read, add to and accept the handoff of a shift",
		`Fifteen minutes before a shift ends serve writes its handoff: what is open, what changed and what needs an eye. Duty
passes on when the next person accepts it; until then the outgoing one has it. When nobody has accepted fifteen minutes
after the hour, the secondary is asked, and then the managers above, one every fifteen minutes. Handoffs are kept for
ever.`,
		`  jobzero oncall handoff list
  jobzero oncall handoff show security-20261223T0900Z
  jobzero oncall handoff note security-20261223T0900Z "the vendor calls back at ten"
  jobzero oncall handoff accept security-20261223T0900Z --as kim`,
		s.handoffList(), s.handoffShow(), s.handoffNote(), s.handoffAccept())
}

func (s *shell) handoffList() *cobra.Command {
	var (
		form   format
		rota   string
		states []handoff.State
		most   int
	)
	c := &cobra.Command{
		Use:     "list",
		Short:   "List handoffs, newest first",
		Long:    "Lists handoffs: from whom to whom, when, and who accepted.",
		Example: "  jobzero oncall handoff list --state open",
		Args:    arguments(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := checkLimit(most); err != nil {
				return err
			}
			return s.with(cmd.Context(), func(st *store.Store) error {
				all, err := view(cmd.Context(), st, func(tx *store.Tx) ([]handoff.Handoff, error) {
					return tx.Handoffs(cmd.Context(), rota, states, time.Time{}, most)
				})
				if err != nil {
					return err
				}
				s.told(len(all), most, "handoffs")
				if form == formatJSON {
					return list(s, all)
				}
				return s.handoffTable(all)
			})
		},
	}
	form.flag(c)
	c.Flags().StringVar(&rota, "rota", "", "only those of the rota of this `NAME`")
	wordsFlag(c, &states, "state", "one of", handoff.States())
	limit(c, &most, "handoffs")
	return c
}

func (s *shell) handoffTable(all []handoff.Handoff) error {
	if len(all) == 0 {
		return s.print("No handoffs.")
	}
	t := table{columns: []column{
		{name: "HANDOFF", give: 1}, {name: "STATE"}, {name: "DUE (UTC)"}, {name: "SITE", give: 1}, {name: "FROM", give: 1}, {name: "TO", give: 1}, {name: "ACCEPTED BY", give: 1}, {name: "AT (UTC)"},
	}}
	for _, h := range all {
		t.add(string(h.ID), string(h.State), minute(h.Due), h.Site, h.From, h.To, h.AcceptedBy, instant(h.AcceptedAt))
	}
	return t.write(s.out)
}

// findHandoff finds a handoff by its ID, or a beginning or end of it.
func findHandoff(ctx context.Context, tx *store.Tx, name string) (handoff.Handoff, error) {
	h, err := tx.Handoff(ctx, handoff.ID(name))
	if !fault.Is(err, fault.NotFound) {
		return h, err
	}
	all, err := tx.Handoffs(ctx, "", nil, time.Time{}, maxList)
	if err != nil {
		return h, err
	}
	id, err := pick("oncall handoff", name, names(all, func(h handoff.Handoff) string { return string(h.ID) }))
	if err != nil {
		return h, err
	}
	return all[slices.IndexFunc(all, func(h handoff.Handoff) bool { return string(h.ID) == id })], nil
}

func (s *shell) handoffShow() *cobra.Command {
	var form format
	c := &cobra.Command{
		Use:     "show ID",
		Short:   "Show a handoff with its document",
		Long:    "Shows a handoff: what is open, what changed during the shift, what needs an eye, the notes, and who was asked when.",
		Example: "  jobzero oncall handoff show security-20261223T0900Z",
		Args:    arguments(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			ctx := cmd.Context()
			return s.with(ctx, func(st *store.Store) error {
				h, err := view(ctx, st, func(tx *store.Tx) (handoff.Handoff, error) { return findHandoff(ctx, tx, args[0]) })
				if err != nil {
					return err
				}
				if form == formatJSON {
					return s.object(h)
				}
				_, err = s.out.Write([]byte(handoffPage(h, coloured(s.out))))
				return err
			})
		},
	}
	form.flag(c)
	return c
}

func handoffPage(h handoff.Handoff, colour bool) string {
	p := &page{colour: colour}
	p.line(0, "Handoff %s: %s", string(h.ID), string(h.State))
	p.line(0, "Duty of %s passes at %s UTC from %s to %s of %s, with %s behind.", h.Rota, instant(h.Due), or(h.From, "nobody"), h.To, h.Site, or(h.Second, "nobody"))
	if h.AcceptedBy != "" {
		via := ""
		if h.AcceptedVia != "" {
			via = " by " + h.AcceptedVia
		}
		p.line(0, "Accepted by %s at %s UTC%s.", h.AcceptedBy, instant(h.AcceptedAt), via)
	}
	for _, a := range h.Asked {
		p.line(0, "Asked %s (%s) at %s UTC.", a.Person, string(a.As), instant(a.At))
	}
	for _, n := range h.Notes {
		p.gap()
		p.line(0, "Note by %s at %s UTC: %s", n.By, instant(n.At), n.Text)
	}
	for _, part := range h.Document.Parts {
		p.gap()
		more := ""
		if part.More {
			more = " or more"
		}
		p.line(0, "%s (%s)", part.Name.Title(), plural(part.Total, "item")+more)
		for _, i := range part.Items {
			p.line(2, "%s", i.String())
		}
	}
	for _, u := range h.Document.Unread {
		p.gap()
		p.line(0, "Not known: %s", u)
	}
	return p.text.String()
}
