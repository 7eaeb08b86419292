package cli

import (
	"context"

	"github.com/spf13/cobra"

	"jobzero/internal/finding"
	"jobzero/internal/store"
)

func (s *shell) finding() *cobra.Command {
	return group("finding", "See findings",
		"A finding is one belief that something is wrong, with its evidence. Findings about one subject are joined into a ticket.",
		"  jobzero finding list --severity high\n  jobzero finding show 3f9a",
		s.findingList(), s.findingShow())
}

func (s *shell) findingList() *cobra.Command {
	var (
		form   format
		filter finding.Filter
		state  string
	)
	c := &cobra.Command{
		Use:   "list",
		Short: "List findings, the last seen first",
		Long:  "Lists the findings of the store that `jobzero serve` with the same settings uses, the last seen first.",
		Example: `  jobzero finding list
  jobzero finding list --state human
  jobzero finding list --ticket 4ZQX --format json
  jobzero finding list --severity high --format ocsf`,
		Args: arguments(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := checkLimit(filter.Limit); err != nil {
				return err
			}
			filter.State = finding.State(state)
			return s.with(cmd.Context(), func(st *store.Store) error {
				found, err := view(cmd.Context(), st, func(tx *store.Tx) ([]finding.Finding, error) {
					return listFindings(cmd.Context(), tx, filter)
				})
				if err != nil {
					return err
				}
				s.told(len(found), filter.Limit, "findings")
				switch form {
				case formatJSON:
					return list(s, found)
				case formatOCSF:
					return writeOCSF(s.out, found...)
				case formatTable:
				}
				return s.findingTable(found)
			})
		},
	}
	form.flag(c, formatOCSF)
	words := []string{string(finding.Open), string(finding.Done), string(finding.Human)}
	c.Flags().StringVar(&state, "state", "", "only in this `STATE`: "+join(words))
	complete(c, "state", words...)
	severityFlag(c, &filter.MinSeverity, "severity", "at least this severe")
	c.Flags().StringVar(&filter.Account, "account", "", "only of this `ACCOUNT`")
	c.Flags().StringVar(&filter.By, "by", "", "only of the rule or expectation of this `ID`")
	c.Flags().StringVar(&filter.Ticket, "ticket", "", "only of this `TICKET`")
	limit(c, &filter.Limit, "findings")
	return c
}

// listFindings lists findings; the ticket of the filter may be named by a part.
func listFindings(ctx context.Context, tx *store.Tx, f finding.Filter) ([]finding.Finding, error) {
	if f.Ticket != "" {
		k, err := findTicket(ctx, tx, f.Ticket)
		if err != nil {
			return nil, err
		}
		f.Ticket = string(k.ID)
	}
	return tx.Findings(ctx, f)
}

func (s *shell) findingTable(found []finding.Finding) error {
	if len(found) == 0 {
		return s.print("No findings.")
	}
	t := table{columns: []column{
		{name: "FINDING"},
		{name: "STATE", colour: stateColour},
		{name: "SEVERITY", colour: severityColour},
		{name: "TITLE", give: 3},
		{name: "SUBJECT", give: 3},
		{name: "BY", give: 2},
		{name: "SEEN"},
		{name: "LAST"},
		{name: "TICKET"},
	}}
	for _, f := range found {
		subject := who(f.Principal)
		if f.Resource != nil {
			subject = f.Resource.ID
		}
		severity := string(f.Severity)
		if f.Unknown {
			severity += "?"
		}
		t.add(short(string(f.Fingerprint)), string(f.State), severity, f.Title, subject+" in "+f.Account, f.By,
			plural(f.Count, "time"), age(f.LastSeen, s.now()), f.Ticket)
	}
	return t.write(s.out)
}

// short is enough of a fingerprint to name it.
func short(fingerprint string) string {
	const enough = 12
	if len(fingerprint) > enough {
		return fingerprint[:enough]
	}
	return fingerprint
}

func (s *shell) findingShow() *cobra.Command {
	var (
		form format
		full bool
	)
	c := &cobra.Command{
		Use:   "show FINGERPRINT",
		Short: "Show one finding with its evidence",
		Long:  "Shows a finding and its evidence. FINGERPRINT may be a beginning or end that no other finding has.",
		Example: `  jobzero finding show 3f9a
  jobzero finding show 3f9a --format json | jq .evidence`,
		Args: arguments(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			ctx := cmd.Context()
			return s.with(ctx, func(st *store.Store) error {
				f, err := view(ctx, st, func(tx *store.Tx) (finding.Finding, error) { return findFinding(ctx, tx, args[0]) })
				if err != nil {
					return err
				}
				switch form {
				case formatJSON:
					return s.object(f)
				case formatOCSF:
					return writeOCSF(s.out, f)
				case formatTable:
				}
				return s.showFinding(f, full)
			})
		},
	}
	form.flag(c, formatOCSF)
	c.Flags().BoolVar(&full, "full", false, "show all of the evidence")
	return c
}

func findFinding(ctx context.Context, tx *store.Tx, name string) (finding.Finding, error) {
	if f, ok, err := tx.Finding(ctx, finding.Fingerprint(name)); ok || err != nil {
		return f, err
	}
	all, err := tx.Findings(ctx, finding.Filter{Limit: maxList})
	if err != nil {
		return finding.Finding{}, err
	}
	id, err := pick("finding", name, names(all, func(f finding.Finding) string { return string(f.Fingerprint) }))
	if err != nil {
		return finding.Finding{}, err
	}
	f, _, err := tx.Finding(ctx, finding.Fingerprint(id))
	return f, err
}

func (s *shell) showFinding(f finding.Finding, full bool) error {
	p := &page{colour: coloured(s.out), full: full}
	p.findings([]finding.Finding{f})
	p.gap()
	subject := f.Principal
	if f.Resource != nil {
		subject = f.Resource.String()
	}
	p.line(0, "Subject   %s", subject)
	p.line(0, "Occurred  %s", instant(f.Occurred))
	p.line(0, "Detected  %s", instant(f.Detected))
	p.line(0, "Ticket    %s", f.Ticket)
	if f.Note != "" {
		p.line(0, "Note      %s", f.Note)
	}
	if f.Unknown {
		p.line(0, "The verdict could not be reached. It is counted as unknown, never as a pass.")
	}
	p.gap()
	p.line(0, "%s (%d)", p.paint("1", "Evidence"), len(f.Evidence))
	for _, e := range f.Evidence {
		p.line(2, "%s", e.Kind+" at "+instant(e.At)+": "+e.Text)
		p.json(4, e.Data)
	}
	_, err := s.out.Write([]byte(p.text.String()))
	return err
}
