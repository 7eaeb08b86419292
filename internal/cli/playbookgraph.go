package cli

import (
	"context"
	"slices"

	"github.com/spf13/cobra"

	"jobzero/internal/fault"
	"jobzero/internal/playbook"
	"jobzero/internal/playbook/book"
	"jobzero/internal/playbook/chart"
	"jobzero/internal/store"
)

const formatDOT = "dot" // of no other command, as svg

func (s *shell) playbookGraph() *cobra.Command {
	form, run := format(formatSVG), ""
	c := &cobra.Command{
		Use:   "graph [ID] [--run RUN] [--format svg|json|dot]",
		Short: "Draw the steps of a playbook, and how far a run is",
		Long: `Draws a playbook from top to bottom: what begins it, its guards, its steps with their branches, and what shows that it is
settled. The picture has no script, and its own colours for the day and for the night; browsers show the whole text of a box
under the pointer.

With --run it draws the playbook as the run pinned it, each step in the colour of its state, and the ways that were not
taken dashed.`,
		Example: `  jobzero playbook graph close-public-bucket > close-public-bucket.svg
  jobzero playbook graph --run 4ZQX > run.svg
  jobzero playbook graph close-public-bucket --format dot | dot -Tpng > close-public-bucket.png`,
		Args:              arguments(cobra.MaximumNArgs(1)),
		ValidArgsFunction: s.completePlaybooks,
		RunE: func(cmd *cobra.Command, args []string) error {
			g, err := s.chart(cmd.Context(), args, run)
			if err != nil {
				return err
			}
			if form == formatJSON {
				return s.object(g)
			}
			text := g.SVG()
			if form == formatDOT {
				text = g.DOT()
			}
			_, err = s.out.Write(text)
			return err
		},
	}
	choices := []format{formatSVG, formatJSON, formatDOT}
	c.Flags().Var(&choice[format]{&form, choices}, "format", "how to answer: "+join(choices))
	complete(c, "format", choices...)
	c.Flags().StringVar(&run, "run", "", "a `RUN`: draw what it pinned, and how far it is")
	return c
}

// chart is the graph of a playbook, or of what a run pinned.
func (s *shell) chart(ctx context.Context, args []string, run string) (g chart.Chart, err error) {
	if run == "" && len(args) == 0 {
		return g, fault.New(fault.Invalid, "say which playbook, or --run RUN: `jobzero playbook list` and `jobzero playbook runs` show them")
	}
	if run == "" {
		all, err := s.playbooksInForce()
		if err != nil {
			return g, err
		}
		d, err := onePlaybook(all, args[0])
		if err != nil {
			return g, err
		}
		parts, err := d.Whole(all)
		if err != nil {
			return g, err
		}
		return chart.New(parts, chart.Run{})
	}
	err = s.with(ctx, func(st *store.Store) error {
		r, err := view(ctx, st, func(tx *store.Tx) (playbook.Run, error) { return findRun(ctx, tx, run) })
		if err != nil {
			return err
		}
		if len(args) > 0 && args[0] != r.Playbook {
			return fault.New(fault.Invalid, "run %s is of playbook %s, not of %s", r.ID, r.Playbook, args[0])
		}
		var parts []book.Definition
		if parts, err = ofPlaybook(r); err == nil {
			g, err = chart.New(parts, chartRun(r))
		}
		return err
	})
	return g, err
}

// chartRun says how far a run is.
func chartRun(r playbook.Run) chart.Run {
	return chart.Run{ID: r.ID, State: string(r.State), Step: func(id string) (state, note string, branch int) {
		at := slices.IndexFunc(r.Steps, func(x playbook.Step) bool { return x.ID == id })
		if at < 0 {
			return "", "", 0
		}
		x := r.Steps[at]
		return string(x.State), x.Note, x.Branch
	}}
}
