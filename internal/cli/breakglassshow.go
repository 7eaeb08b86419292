package cli

import (
	"github.com/spf13/cobra"

	"jobzero/internal/glass"
	"jobzero/internal/principal/person"
	"jobzero/internal/store"
	"jobzero/internal/ticket"
)

func sameName(a, b string) bool { return person.Key(a) == person.Key(b) }

func (s *shell) glassList() *cobra.Command {
	var (
		form    format
		states  []glass.State
		account string
		most    int
	)
	c := &cobra.Command{
		Use:   "list",
		Short: "List uses of break-glass, newest first",
		Long:  "Lists what was asked for, what is granted now, and what waits for its review.",
		Example: `  jobzero breakglass list
  jobzero breakglass list --state ended --format json | jq -r .id   # what waits for a review`,
		Args: arguments(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := checkLimit(most); err != nil {
				return err
			}
			return s.with(cmd.Context(), func(st *store.Store) error {
				all, err := view(cmd.Context(), st, func(tx *store.Tx) ([]glass.Use, error) { return tx.Glasses(cmd.Context(), states, account, most) })
				if err != nil {
					return err
				}
				s.told(len(all), most, "uses")
				if form == formatJSON {
					return list(s, all)
				}
				return s.glassTable(all)
			})
		},
	}
	form.flag(c)
	wordsFlag(c, &states, "state", "one of", glass.States())
	c.Flags().StringVar(&account, "account", "", "only in this `ACCOUNT`")
	limit(c, &most, "uses")
	return c
}

func (s *shell) glassTable(all []glass.Use) error {
	if len(all) == 0 {
		return s.print("No uses of break-glass.")
	}
	t := table{columns: []column{
		{name: "BREAK-GLASS"},
		{name: "STATE"},
		{name: "WHO", give: 1},
		{name: "ROLE", give: 1},
		{name: "ACCOUNT"},
		{name: "FOR"},
		{name: "ASKED"},
		{name: "UNTIL"},
		{name: "WHY", give: 3},
	}}
	for _, u := range all {
		why := u.Reason
		if u.Held != "" {
			why = "held: " + u.Held
		}
		t.add(string(u.ID), string(u.State), u.Person, u.Role, u.Account, span(u.For), age(u.Asked, s.now()), instant(u.Until), why)
	}
	return t.write(s.out)
}

// glassFile is everything about one use.
type glassFile struct {
	glass.Use
	Record   glass.Sum      `json:"record"`
	Deeds    []glass.Deed   `json:"deeds"`
	Timeline []ticket.Entry `json:"timeline"`
	Intact   bool           `json:"timeline_intact"`
	Broken   string         `json:"timeline_broken,omitempty"`
}

func (s *shell) glassShow() *cobra.Command {
	var (
		form format
		full bool
	)
	c := &cobra.Command{
		Use:   "show ID",
		Short: "Show one use: who, why, until when, and what was done",
		Long: `Shows a use with its answers, its steps, what was done in its sessions as CloudTrail tells, and its timeline. The record
has what the sources of serve bring: calls that only read come by S3, or by a rule of EventBridge that has them; data events
where a trail records them. What a session did under a further role is of that role: jobzero access who-did tells it.

ID is the whole name of the use, or a beginning or end of it that no other one has.`,
		Example: `  jobzero breakglass show 4ZQX
  jobzero breakglass show 4ZQX --full
  jobzero breakglass show 4ZQX --format json | jq -r '.deeds[] | select(.read_only | not) | .name'`,
		Args: arguments(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			ctx := cmd.Context()
			return s.with(ctx, func(st *store.Store) error {
				f, err := view(ctx, st, func(tx *store.Tx) (f glassFile, err error) {
					if f.Use, err = findGlass(ctx, tx, args[0]); err != nil {
						return f, err
					}
					if f.Deeds, err = tx.Deeds(ctx, f.ID, 0); err != nil {
						return f, err
					}
					f.Timeline, err = tx.Timeline(ctx, ticket.ID(f.ID))
					return f, err
				})
				if err != nil {
					return err
				}
				f.Record, f.Intact = f.SumUp(f.Deeds), true
				if err := ticket.Check(f.Timeline); err != nil {
					f.Intact, f.Broken = false, err.Error()
				}
				if form == formatJSON {
					return s.object(f)
				}
				return s.glassPage(f, full)
			})
		},
	}
	form.flag(c)
	c.Flags().BoolVar(&full, "full", false, "show every event, and the evidence of the timeline")
	return c
}
