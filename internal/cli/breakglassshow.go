package cli

import (
	"strings"

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

func (s *shell) glassPage(f glassFile, full bool) error {
	p := &page{colour: coloured(s.out), full: full}
	p.line(0, "%s  %s", p.paint("1", string(f.ID)), p.paint(stateColour(string(f.State)), string(f.State)))
	p.line(0, "%s", f.Person+" for "+f.Role+" in account "+f.Account+", for "+span(f.For)+": "+f.Reason)
	p.gap()
	p.line(0, "Principal %s", f.Principal)
	if f.Ticket != "" {
		p.line(0, "Reference %s", f.Ticket)
	}
	p.line(0, "Asked     %s", instant(f.Asked))
	for _, a := range f.Approvals {
		p.line(0, "Approved  %s by %s: %s", instant(a.At), a.By, a.Reason)
	}
	if f.Refused != nil {
		p.line(0, "Refused   %s by %s: %s", instant(f.Refused.At), f.Refused.By, f.Refused.Reason)
	}
	if !f.Until.IsZero() {
		p.line(0, "Granted   %s until %s", instant(f.Since), instant(f.Until))
	}
	if f.State == glass.Granted {
		p.line(0, "Take it on with: aws sts assume-role --role-arn %s --role-session-name %s", f.roleARN(), f.ID.Session())
	}
	if !f.Ended.IsZero() {
		p.line(0, "Ended     %s", instant(f.Ended))
	}
	if f.Held != "" {
		p.line(0, "Held      %s", f.Held)
	}
	if !f.By.IsZero() {
		p.line(0, "Next by   %s", instant(f.By))
	}
	if f.Review != nil {
		p.line(0, "Reviewed  %s by %s: %s", instant(f.Review.At), f.Review.By, f.Review.Reason)
	}
	p.would(f.Use)
	p.did(f)
	p.timeline(f.Timeline)
	if !f.Intact {
		p.line(0, "%s", p.paint("1;31", "The timeline is not intact: "+f.Broken))
	}
	_, err := s.out.Write([]byte(p.text.String()))
	return err
}

// roleARN is the role's, as the plan of the grant has it.
func (f glassFile) roleARN() string {
	if give := f.Step(glass.Give); give != nil && len(give.Plan.Calls) > 0 {
		return give.Plan.Calls[0].Resource
	}
	return f.Role
}

// would shows what plan mode would do.
func (p *page) would(u glass.Use) {
	if len(u.Would) == 0 {
		return
	}
	p.gap()
	p.line(0, "%s", p.paint("1", "Would do"))
	for _, w := range u.Would {
		p.line(2, "%s", w.Action)
		for l := range strings.Lines(w.Diff + w.Refused + w.Nothing) {
			p.line(4, "%s", strings.TrimSpace(l))
		}
	}
}

// did shows what was done in the sessions.
func (p *page) did(f glassFile) {
	r := f.Record
	p.gap()
	p.line(0, "%s (%s, %s, %d writes, %d refused)", p.paint("1", "Record"), plural(r.Events, "event"), plural(r.Sessions, "session"), r.Writes, r.Refused)
	if r.Beyond > 0 {
		p.line(2, "%s more were too many to keep", plural(r.Beyond, "event"))
	}
	if r.Late > 0 {
		p.line(2, "%s", p.paint("1;31", plural(r.Late, "call")+" came through after the end"))
	}
	for _, a := range r.Did {
		word := "read"
		if a.Writes {
			word = "write"
		}
		p.line(2, "%-6s %5d  %s", word, a.Count, a.Name)
	}
	if !p.full {
		return
	}
	for _, d := range f.Deeds {
		p.line(4, "%s  %s  %s  %s  %s", instant(d.At), d.Name, d.Resource, d.IP, d.Error)
	}
}
