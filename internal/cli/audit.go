package cli

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"jobzero/internal/fault"
	"jobzero/internal/store"
	"jobzero/internal/ticket"
)

// audit is what a check of the audit trail found.
type audit struct {
	Intact bool   `json:"intact"`
	Broken string `json:"broken,omitempty"` // the first row that was edited, removed or put in
	Links  int64  `json:"links"`            // length of the chain
	Head   string `json:"head,omitempty"`   // hash of its last link: keep it elsewhere to notice a chain that was cut off

	Checkpoints *auditedOutside `json:"checkpoints,omitempty"`
	Trail       *auditedTrail   `json:"trail,omitempty"`
}

// auditing is what is to be checked.
type auditing struct {
	file        string
	checkpoints bool
	publicKey   string
	trail       bool
}

func (s *shell) audit() *cobra.Command {
	return group("audit", "Check and export the audit trail",
		`Every ticket has a timeline whose entries are chained by hashes. The heads of all timelines, and the rows beside them
(effects, runs, brakes, first runs, break-glass), are in one more chain.`,
		"  jobzero audit verify", s.auditVerify(), s.auditExport())
}

func (s *shell) auditVerify() *cobra.Command {
	var (
		form format
		o    auditing
	)
	c := &cobra.Command{
		Use:   "verify",
		Short: "Check that no timeline, and no row beside them, was edited",
		Long: `Walks the hash chain, the timeline of each ticket and the rows beside them, and names the first row that was edited, removed
or put in. Exit code 1 means that one was.

It prints the head of the chain: whoever keeps it outside this machine can notice a chain whose end was cut off. The setting
audit.checkpoint keeps it in another account; --checkpoints reads the checkpoints back and holds the chain against all of them.

--trail says which calls of the log CloudTrail's log in S3 should have and lacks. --file checks an export, without a database.`,
		Example: `  jobzero audit verify
  jobzero audit verify --format json | jq -r .head
  jobzero audit verify --checkpoints --public-key checkpoints.pem
  jobzero audit verify --trail
  jobzero audit verify --file audit.jsonl`,
		Args: arguments(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if o.publicKey != "" && !o.checkpoints {
				return fault.New(fault.Invalid, "--public-key is what checkpoints are verified by: add --checkpoints")
			}
			if o.file != "" {
				if o.checkpoints || o.trail {
					return fault.New(fault.Invalid, "--file checks a file by itself: leave --checkpoints and --trail out")
				}
				return s.verifyFile(o.file, form)
			}
			return s.verifyStore(cmd.Context(), o, form)
		},
	}
	form.flag(c)
	c.Flags().StringVar(&o.file, "file", "", "check a file that audit export has written; - is what comes in")
	c.Flags().BoolVar(&o.checkpoints, "checkpoints", false, "hold the chain against the checkpoints in the bucket of the settings")
	c.Flags().StringVar(&o.publicKey, "public-key", "", "public key in PEM that checkpoints are verified by; else that of the settings' key")
	c.Flags().BoolVar(&o.trail, "trail", false, "say which calls of the log CloudTrail's log in S3 should have and lacks")
	_ = c.MarkFlagFilename("file", "jsonl")
	_ = c.MarkFlagFilename("public-key", "pem")
	return c
}

func (s *shell) verifyStore(ctx context.Context, o auditing, form format) error {
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
		if err == nil && o.checkpoints {
			err = s.verifyOutside(ctx, st, &a, o.publicKey)
		}
		if err == nil && o.trail {
			err = s.verifyTrail(ctx, st, &a)
		}
		if err != nil {
			return err
		}
		return s.verdict(a, form)
	})
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
		err = s.print("Intact: %d links, head %s", a.Links, a.Head)
	}
	if err == nil && form != formatJSON {
		for _, line := range append(a.Checkpoints.lines(), a.Trail.lines()...) {
			if err = s.print("%s", line); err != nil {
				return err
			}
		}
	}
	if err == nil && !a.Intact {
		err = &failed{"the audit trail does not hold: " + a.Broken}
	}
	return err
}

// say adds a line to those of a part of the verdict.
func say(to *[]string, format string, args ...any) { *to = append(*to, fmt.Sprintf(format, args...)) }
