package cli

import (
	"context"
	"time"

	"github.com/spf13/cobra"

	"jobzero/internal/app"
	"jobzero/internal/oncall"
	"jobzero/internal/store"
)

// amending is what all commands need that change a rota.
type amending struct {
	form   format
	who    order
	rota   string
	accept []oncall.FaultKind
}

func (a *amending) flags(c *cobra.Command) {
	a.form.flag(c)
	a.who.flags(c)
	rotaFlag(c, &a.rota)
}

// acceptFlag lets a change have what it would be refused for otherwise.
func (a *amending) acceptFlag(c *cobra.Command) {
	wordsFlag(c, &a.accept, "accept", "what is wanted nevertheless, repeatable", []oncall.FaultKind{oncall.Night, oncall.Rest, oncall.OnLeave})
}

func (a *amending) order(w app.Watch, now time.Time) oncall.Order {
	return oncall.Order{ID: app.NewChangeID(now), By: personIn(w.People, a.who.person), Why: a.who.reason, At: now, Accept: a.accept}
}

type change func(w app.Watch, p *oncall.Plan, o oncall.Order) (oncall.Change, error)

// amend makes a change and tells who is on duty by it.
func (s *shell) amend(ctx context.Context, a *amending, make change) error {
	return s.change(ctx, a, func(w app.Watch, tx *store.Tx, now time.Time) (oncall.Change, error) {
		return w.Amend(ctx, tx, a.rota, now, func(p *oncall.Plan) (oncall.Change, error) { return make(w, p, a.order(w, now)) })
	})
}

func (s *shell) change(ctx context.Context, a *amending, make func(w app.Watch, tx *store.Tx, now time.Time) (oncall.Change, error)) error {
	if err := a.who.settle(); err != nil {
		return err
	}
	c, w, err := s.watch("")
	if err != nil {
		return err
	}
	now := s.now().UTC().Truncate(time.Second)
	return s.open(ctx, c, func(st *store.Store) error {
		var made oncall.Change
		err := st.Update(ctx, func(tx *store.Tx) (err error) {
			made, err = make(w, tx, now)
			return err
		})
		if err != nil {
			return err
		}
		if a.form == formatJSON {
			return s.object(made)
		}
		for _, x := range made.Spans {
			what := "is " + string(x.Seat)
			if x.Seat == "" {
				what = "is away"
			}
			if made.Kind == oncall.Withdrawal {
				what += " no more"
			}
			if err := s.print("%s %s from %s to %s UTC.", clean(x.Person), what, instant(x.From), instant(x.Until)); err != nil {
				return err
			}
		}
		return nil
	})
}

func (s *shell) oncallOverride() *cobra.Command {
	var (
		a           amending
		seat        oncall.Seat
		from, until moment
	)
	c := &cobra.Command{
		Use:   "override PERSON --from TIME --until TIME --reason TEXT [--seat primary|secondary] [--accept WORD]…",
		Short: "Give somebody a seat for a time",
		Long: `Gives a person a seat for a time. It is refused when the person would have both seats, should be asleep, has too little
rest, is on leave, has left or is not known; night, rest and leave can be wanted nevertheless, with --accept.`,
		Example: `  jobzero oncall override kim --from 2026-12-24T09:00Z --until 2026-12-24T12:00Z --reason "the train is late"
  jobzero oncall override bo --seat secondary --from 2026-12-24T21:00Z --until 2026-12-25T03:00Z --accept night --reason "agreed with bo"`,
		Args: arguments(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			return s.amend(cmd.Context(), &a, func(w app.Watch, p *oncall.Plan, o oncall.Order) (oncall.Change, error) {
				return p.Override(o, oncall.Span{Seat: seat, Person: personIn(w.People, args[0]), From: from.Time, Until: until.Time})
			})
		},
	}
	a.flags(c)
	a.acceptFlag(c)
	seatFlag(c, &seat)
	c.Flags().Var(&from, "from", "from when on (`TIME`, such as 2026-12-24T09:00Z)")
	c.Flags().Var(&until, "until", "until when (`TIME`)")
	for _, name := range []string{"from", "until"} {
		_ = c.MarkFlagRequired(name)
	}
	return c
}

func seatFlag(c *cobra.Command, into *oncall.Seat) {
	*into = oncall.Primary
	c.Flags().Var(&choice[oncall.Seat]{into, oncall.Seats()}, "seat", "which `SEAT`: "+join(oncall.Seats()))
	complete(c, "seat", oncall.Seats()...)
}

func (s *shell) oncallSwap() *cobra.Command {
	var (
		a    amending
		seat oncall.Seat
	)
	c := &cobra.Command{
		Use:     "swap TIME TIME --reason TEXT [--seat primary|secondary] [--accept WORD]…",
		Short:   "Have two people have each other's shifts",
		Long:    "Swaps the shifts of the two people who have a seat at two times. It is refused for what an override is refused for.",
		Example: `  jobzero oncall swap 2026-12-24T10:00Z 2026-12-28T10:00Z --reason "quinn and tess agreed"`,
		Args:    arguments(cobra.ExactArgs(2)),
		RunE: func(cmd *cobra.Command, args []string) error {
			var at [2]moment
			for i := range at {
				if err := at[i].Set(args[i]); err != nil {
					return err
				}
			}
			return s.amend(cmd.Context(), &a, func(_ app.Watch, p *oncall.Plan, o oncall.Order) (oncall.Change, error) {
				return p.Swap(o, seat, at[0].Time, at[1].Time)
			})
		},
	}
	a.flags(c)
	a.acceptFlag(c)
	seatFlag(c, &seat)
	return c
}

func (s *shell) oncallTake() *cobra.Command {
	var (
		a     amending
		until moment
	)
	c := &cobra.Command{
		Use:   "take [PERSON] --reason TEXT [--until TIME]",
		Short: "Be primary from now on",
		Long: `Makes you, or the person who is named, primary from now on, until a time or the end of the shift. Whoever was secondary
and takes it changes seats with the primary. That it is night, or that your last shift was just now, is no hindrance,
and is kept with it.`,
		Example: `  jobzero oncall take --as kim --reason "ana is ill"
  jobzero oncall take bo --until 2026-12-24T12:00Z --reason "ana is ill, bo is there"`,
		Args: arguments(cobra.MaximumNArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			return s.amend(cmd.Context(), &a, func(w app.Watch, p *oncall.Plan, o oncall.Order) (oncall.Change, error) {
				who := o.By
				if len(args) > 0 {
					who = personIn(w.People, args[0])
				}
				return p.Take(o, who, until.Time)
			})
		},
	}
	a.flags(c)
	c.Flags().Var(&until, "until", "until when (`TIME`; default: the end of the shift)")
	return c
}
