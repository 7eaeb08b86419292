package cli

import (
	"github.com/spf13/cobra"

	"jobzero/internal/playbook"
	"jobzero/internal/store"
)

func (s *shell) playbookRuns() *cobra.Command {
	var (
		form   format
		filter playbook.RunFilter
		of     string
	)
	c := &cobra.Command{
		Use:   "runs",
		Short: "List the runs of playbooks, newest first",
		Long: `Lists the runs of playbooks in the store that a serve with the same settings uses, newest first. NOW says what a run waits
for, or why it ended.`,
		Example: `  jobzero playbook runs --state running
  jobzero playbook runs --ticket 4ZQX
  jobzero playbook runs --playbook close-public-bucket --format json | jq -r 'select(.state == "gave-up") | .reason'`,
		Args: arguments(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := checkLimit(filter.Limit); err != nil {
				return err
			}
			ctx := cmd.Context()
			return s.with(ctx, func(st *store.Store) error {
				found, err := view(ctx, st, func(tx *store.Tx) ([]playbook.Run, error) {
					if of != "" {
						k, err := findTicket(ctx, tx, of)
						if err != nil {
							return nil, err
						}
						filter.Ticket = k.ID
					}
					return tx.Runs(ctx, filter)
				})
				if err != nil {
					return err
				}
				s.told(len(found), filter.Limit, "runs")
				if form == formatJSON {
					return list(s, found)
				}
				return s.runTable(found)
			})
		},
	}
	form.flag(c)
	wordsFlag(c, &filter.States, "state", "only in this state, repeatable", playbook.RunStates())
	c.Flags().StringVar(&filter.Playbook, "playbook", "", "only of this `PLAYBOOK`")
	c.Flags().StringVar(&of, "ticket", "", "only on this `TICKET`")
	limit(c, &filter.Limit, "runs")
	return c
}

func (s *shell) runTable(found []playbook.Run) error {
	if len(found) == 0 {
		return s.print("No runs.")
	}
	t := table{columns: []column{
		{name: "RUN"},
		{name: "STATE", colour: runColour},
		{name: "PLAYBOOK", give: 1},
		{name: "MODE"},
		{name: "TICKET"},
		{name: "BEGUN"},
		{name: "TOOK"},
		{name: "NOW", give: 3},
	}}
	for _, r := range found {
		took := "-"
		if !r.Ended.IsZero() {
			took = span(r.Ended.Sub(r.Started))
		}
		t.add(r.ID, string(r.State), r.Playbook, string(r.Mode), string(r.Ticket), age(r.Started, s.now()), took, r.Doing())
	}
	return t.write(s.out)
}

// runColour marks what waits for a person and what is done.
func runColour(cell string) string {
	switch cell {
	case string(playbook.GaveUp), string(playbook.StepFailed):
		return "1;31"
	case string(playbook.Settled), string(playbook.StepDone):
		return "32"
	case string(playbook.StepAsking), string(playbook.StepTasked):
		return "33"
	}
	return ""
}
