package cli

import (
	"github.com/spf13/cobra"

	"jobzero/internal/fault"
	"jobzero/internal/store"
	"jobzero/internal/ticket"
)

// audit is what a check of the audit trail found.
type audit struct {
	Intact bool   `json:"intact"`
	Broken string `json:"broken,omitempty"` // the first row that was edited, removed or put in
	Links  int64  `json:"links"`            // length of the chain over all tickets
	Head   string `json:"head,omitempty"`   // hash of its last link: keep it elsewhere to notice a chain that was cut off
}

func (s *shell) audit() *cobra.Command {
	var form format
	verify := &cobra.Command{
		Use:   "verify",
		Short: "Check that no timeline was edited",
		Long: `Walks the hash chain over all tickets and the timeline of each one, and names the first row that was edited, removed or put
in. Exit code 1 means that one was.

It prints the head of the chain: whoever keeps it outside this machine can notice a chain whose end was cut off.`,
		Example: `  jobzero audit verify
  jobzero audit verify --format json | jq -r .head`,
		Args: arguments(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			ctx := cmd.Context()
			return s.with(ctx, func(st *store.Store) error {
				var a audit
				err := st.View(ctx, func(tx *store.Tx) error {
					last, err := tx.LastLink(ctx)
					if err != nil {
						return err
					}
					a = audit{Intact: true, Links: last.Seq, Head: last.Hash}
					return broken(&a, tx.CheckAudit(ctx), last)
				})
				if err != nil {
					return err
				}
				return s.verdict(a, form)
			})
		},
	}
	form.flag(verify)
	return group("audit", "Check the audit trail",
		"Every ticket has a timeline whose entries are chained by hashes, and the heads of all timelines are in one chain.",
		"  jobzero audit verify", verify)
}

// broken tells a chain that does not hold from a database that does not answer.
func broken(a *audit, err error, last ticket.Link) error {
	if err == nil || fault.Is(err, fault.Unavailable) {
		return err
	}
	a.Intact, a.Broken, a.Links = false, err.Error(), last.Seq
	return nil
}

func (s *shell) verdict(a audit, form format) error {
	var err error
	switch {
	case form == formatJSON:
		err = s.object(a)
	case a.Intact && a.Links == 0:
		err = s.print("Intact: there are no tickets yet.")
	case a.Intact:
		err = s.print("Intact: %d entries, head %s", a.Links, a.Head)
	}
	if err == nil && !a.Intact {
		err = &failed{"the audit trail does not hold: " + a.Broken}
	}
	return err
}
