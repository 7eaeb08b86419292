package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"jobzero/internal/playbook"
	"jobzero/internal/playbook/book"
	"jobzero/internal/store"
)

// booked is a playbook as a list shows it.
type booked struct {
	ID      string                    `json:"id"`
	Title   string                    `json:"title"`
	When    []string                  `json:"when"`
	Steps   int                       `json:"steps"`
	Mode    string                    `json:"mode"`
	Enforce []string                  `json:"enforce_in,omitempty"` // accounts; * for all
	Runs    map[playbook.RunState]int `json:"runs,omitempty"`       // by their state
	File    string                    `json:"file"`
}

func (s *shell) playbookList() *cobra.Command {
	var form format
	c := &cobra.Command{
		Use:   "list",
		Short: "List the playbooks in force",
		Long: `Lists the playbooks in force: those that are built in, and those of the folders in the settings. MODE says where the
settings let each act; where they do not it plans and changes nothing. RUNS and SETTLED are from the store that a serve with
the same settings uses, if there is one: of the runs that have ended by themselves and were not only planned, the share that
fresh reads settled.`,
		Example: `  jobzero playbook list
  jobzero playbook list --format json | jq -r 'select(.mode != "plan") | .id'`,
		Args: arguments(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			settings, err := s.settings()
			if err != nil {
				return err
			}
			all, err := s.playbooksInForce()
			if err != nil {
				return err
			}
			runs, there, err := s.countRuns(cmd.Context())
			if err != nil {
				return err
			}
			var out []booked
			for _, d := range all {
				mode, in := modeOf(settings.Playbooks, d.ID)
				out = append(out, booked{d.ID, d.Title, d.When.Words(), len(d.All()), mode, in, runs[d.ID], d.File})
			}
			if form == formatJSON {
				return list(s, out)
			}
			return s.playbookTable(out, there)
		},
	}
	form.flag(c)
	return c
}

// countRuns counts the runs of the store that serve uses. There need not be one.
func (s *shell) countRuns(ctx context.Context) (n map[string]map[playbook.RunState]int, there bool, err error) {
	c, err := s.settings()
	if err != nil {
		return nil, false, err
	}
	if file, ok := strings.CutPrefix(c.DatabaseURL().Reveal(), "sqlite://"); ok {
		if _, err := os.Stat(file); errors.Is(err, fs.ErrNotExist) {
			return nil, false, nil
		}
	}
	err = s.open(ctx, c, func(st *store.Store) error {
		n, err = view(ctx, st, func(tx *store.Tx) (map[string]map[playbook.RunState]int, error) { return tx.CountRuns(ctx) })
		return err
	})
	return n, true, err
}

// modeOf says in a word where a playbook may act, and in which accounts the settings say so.
func modeOf(c playbook.Config, id string) (mode string, in []string) {
	for _, w := range c.Enforce {
		if w.Playbook == "*" || w.Playbook == id {
			in = append(in, w.Accounts...)
		}
	}
	slices.Sort(in)
	in = slices.Compact(in)
	switch {
	case c.Mode == playbook.Enforce || slices.Contains(in, "*"):
		return string(playbook.Enforce), in
	case len(in) == 0:
		return string(playbook.PlanOnly), nil
	}
	return "enforce in " + plural(len(in), "account"), in
}

// settledShare is how many of the runs that could have settled something did; empty where there is none.
func settledShare(runs map[playbook.RunState]int) string {
	settled, all := runs[playbook.Settled], runs[playbook.Settled]+runs[playbook.GaveUp]+runs[playbook.Undone]+runs[playbook.Cancelled]
	if all == 0 {
		return "-"
	}
	return fmt.Sprintf("%d %%", 100*settled/all)
}

func (s *shell) playbookTable(all []booked, there bool) error {
	t := table{columns: []column{{name: "PLAYBOOK"}, {name: "TITLE", give: 2}, {name: "WHEN", give: 3}, {name: "STEPS"}, {name: "MODE"}, {name: "RUNS"}, {name: "SETTLED"}}}
	for _, b := range all {
		n := 0
		for _, k := range b.Runs {
			n += k
		}
		runs, settled := count(int64(n)), settledShare(b.Runs)
		if !there {
			runs, settled = "-", "-"
		}
		t.add(b.ID, b.Title, strings.Join(b.When, "; "), count(int64(b.Steps)), b.Mode, runs, settled)
	}
	return t.write(s.out)
}

// ofPlaybook is the definition of a run that pinned it, as it was.
func ofPlaybook(r playbook.Run) ([]book.Definition, error) {
	var out []book.Definition
	for _, text := range append([]string{r.Definition}, r.Parts...) {
		d, err := book.Parse("run "+r.ID, []byte(text))
		if err != nil {
			return nil, err
		}
		out = append(out, d)
	}
	return out, nil
}
