package cli

import (
	"context"
	"fmt"
	"slices"
	"strconv"

	"github.com/spf13/cobra"

	"jobzero/internal/oncall"
	"jobzero/internal/store"
)

func (s *shell) oncallCheck() *cobra.Command {
	var (
		form format
		rota string
		from moment
	)
	c := &cobra.Command{
		Use:   "check [FILE] [--rota NAME] [--from TIME] [--format table|json]",
		Short: "Prove a rota for a year ahead",
		Long: `Looks at every instant of the coming year: that each has exactly one primary and one secondary, that nobody is on duty
between 23:00 and 07:00 where he is unless that is accepted, that everybody has rest between two shifts, that nobody is
on duty who is on leave or has left, and that the load is spread. With what was changed, and with FILE for a text that
is not in use yet.

Exits 0 when all of it holds, and 1 with every gap, overlap and night named. serve does not start or reload by a text
that fails. That somebody is on duty in two rotas at the same time is a warning: both seats are had.`,
		Example: `  jobzero oncall check
  jobzero oncall check next-year.yaml --from 2027-01-01
  jobzero oncall check --format json | jq '.load[] | {person, shifts, night_hours, weekends}'`,
		Args: arguments(cobra.MaximumNArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			file := ""
			if len(args) > 0 {
				file = args[0]
			}
			proofs, err := s.prove(cmd.Context(), file, rota, from)
			if err != nil {
				return err
			}
			return s.showProofs(proofs, form)
		},
	}
	form.flag(c)
	c.Flags().StringVar(&rota, "rota", "", "only the rota of this `NAME`")
	c.Flags().Var(&from, "from", "from when on (`TIME`; default: now)")
	return c
}

// prove proves all rotas, or one.
func (s *shell) prove(ctx context.Context, file, rota string, from moment) (out []oncall.Proof, err error) {
	c, w, err := s.watch(file)
	if err != nil {
		return nil, err
	}
	all := w.Rotas.Rotas()
	if rota != "" {
		all = []string{rota}
	}
	if _, err := w.Rotas.Plan(rota, oncall.Facts{}); err != nil {
		return nil, err
	}
	begin := from.or(s.now())
	return out, s.maybe(ctx, c, func(tx *store.Tx) error {
		out = nil
		var plans []*oncall.Plan
		for _, name := range w.Rotas.Rotas() {
			p, err := s.plan(ctx, w, tx, name, begin)
			if err != nil {
				return err
			}
			plans = append(plans, p)
		}
		clashes := oncall.Clashes(plans, begin, oncall.Year(begin))
		for _, p := range plans {
			if !slices.Contains(all, p.Rota()) {
				continue
			}
			proof := p.Prove(begin, oncall.Year(begin))
			for _, c := range clashes {
				if slices.Contains(c.Rotas[:], p.Rota()) {
					proof.Clashes = append(proof.Clashes, c)
				}
			}
			out = append(out, proof)
		}
		return nil
	})
}

func (s *shell) showProofs(all []oncall.Proof, form format) error {
	wrong := 0
	for _, p := range all {
		wrong += len(p.Faults)
		if form == formatJSON {
			if p.Faults == nil {
				p.Faults = []oncall.Fault{}
			}
			if err := s.object(p); err != nil {
				return err
			}
			continue
		}
		if err := s.showProof(p); err != nil {
			return err
		}
	}
	if wrong > 0 {
		return &said{&failed{fmt.Sprintf("%d faults", wrong)}}
	}
	return nil
}

func (s *shell) showProof(p oncall.Proof) error {
	span := fmt.Sprintf("%s to %s UTC, %s", instant(p.From), instant(p.Until), plural(p.Shifts, "shift"))
	if p.Holds() {
		if err := s.print("Rota %s holds: %s: no gap, no overlap, nobody asleep, rest kept, load spread.", clean(p.Rota), span); err != nil {
			return err
		}
	} else if err := s.print("Rota %s does not hold: %s: %s.", clean(p.Rota), span, plural(len(p.Faults), "fault")); err != nil {
		return err
	}
	for _, f := range p.Faults {
		if err := s.print("  %s", clean(f.String())); err != nil {
			return err
		}
	}
	if err := s.showClashes(p.Clashes); err != nil {
		return err
	}
	t := table{columns: []column{
		{name: "SITE", give: 1}, {name: "PERSON", give: 1}, {name: "SHIFTS"}, {name: "PRIMARY"}, {name: "HOURS"}, {name: "NIGHT HOURS"}, {name: "WEEKENDS"}, {name: "HOLIDAYS"}, {name: "AWAY"},
	}}
	for _, l := range p.Load {
		hours, nights := strconv.FormatFloat(l.Hours, 'f', 0, 64), strconv.FormatFloat(l.Nights, 'f', 1, 64)
		t.add(l.Site, l.Person, strconv.Itoa(l.Shifts), strconv.Itoa(l.Primary), hours, nights, strconv.Itoa(l.Weekends), strconv.Itoa(l.Holidays), strconv.Itoa(l.Away))
	}
	return t.write(s.out)
}

// showClashes warns of who is on duty in two rotas at the same time.
func (s *shell) showClashes(all []oncall.Clash) error {
	const most = 5
	for _, c := range all[:min(len(all), most)] {
		if err := s.print("  warning: %s", clean(c.String())); err != nil {
			return err
		}
	}
	if n := len(all) - most; n > 0 {
		return s.print("  warning: and %d more times; --format json has all", n)
	}
	return nil
}
