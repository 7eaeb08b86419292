package cli

import (
	"context"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"jobzero/internal/access/ledger"
	"jobzero/internal/fault"
)

// view is the ledger that was named or is made of logs, within the time that is asked about.
// principal is the only one that is asked about; empty: all are.
func (s *shell) view(ctx context.Context, o folding, principal string, logs []string) (ledger.View, *ledger.Ledger, error) {
	var none ledger.View
	if err := o.checkStore(logs); err != nil {
		return none, nil, err
	}
	switch {
	case o.store && o.file != "":
		return none, nil, fault.New(fault.Invalid, "--from-store or --ledger: want one of them")
	case !o.store && o.file == "" && len(logs) == 0:
		return none, nil, fault.New(fault.Invalid, "name a ledger with --ledger FILE or --from-store, or logs to read: PATH or s3://BUCKET/PREFIX")
	}
	if err := (huntOptions{window: o.window, parallel: o.parallel}).check(); err != nil {
		return none, nil, err
	}
	var l *ledger.Ledger
	var err error
	if o.store {
		l, err = s.keptLedger(ctx, principal)
	} else {
		l, err = o.open()
	}
	if err != nil {
		return none, nil, err
	}
	if len(logs) > 0 {
		_, _, err = s.fold(ctx, o, l, logs)
	} else if !o.store && l.Counts().Events == 0 {
		err = fault.New(fault.NotFound, "%s does not exist or is empty: make it with jobzero access ledger", o.file)
	}
	if err != nil {
		return none, nil, err
	}
	if len(logs) == 0 {
		s.losing(l)
	}
	until := o.window.Until
	if !until.IsZero() {
		until = until.Add(-time.Second) // the moment itself is not included
	}
	return l.Within(o.window.Since, until), l, nil
}

func (s *shell) accessUsed() *cobra.Command {
	var o folding
	c := &cobra.Command{
		Use:   "used PRINCIPAL [PATH…] [--ledger FILE|--from-store] [--since TIME] [--format table|json]",
		Short: "Say what a user or role used, and when last",
		Long: `Lists the actions that a principal used and on which resources, refused calls too, and says when it did anything first and
last. PRINCIPAL is the ARN of a role or user, not of a session; of AWS services the name, such as lambda.amazonaws.com. In a
resource a * stands for what the record does not say, such as the path of a role, or for many resources.

` + folded,
		Example: `  jobzero access used arn:aws:iam::111122223333:role/deploy --ledger use.ledger --since 2026-01-01
  jobzero access used arn:aws:iam::111122223333:user/ana ./AWSLogs --format json | jq -r .action | sort -u
  jobzero access used arn:aws:iam::111122223333:role/deploy --from-store --since 2026-01-01`,
		Args: arguments(cobra.MinimumNArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error { return s.runUsed(cmd.Context(), o, args[0], args[1:]) },
	}
	o.flags(c)
	return c
}

func (s *shell) runUsed(ctx context.Context, o folding, principal string, logs []string) error {
	if strings.Contains(principal, ":assumed-role/") {
		return fault.New(fault.Invalid, "%s is a session: want the ARN of its role, arn:aws:iam::ACCOUNT:role/NAME", principal)
	}
	v, l, err := s.view(ctx, o, principal, logs)
	if err != nil {
		return err
	}
	a, ok := v.Activity(principal)
	if !ok {
		if o.store {
			s.complain("%s did nothing that the ledger knows of", principal)
		} else {
			s.complain("%s did nothing that the ledger knows of: it has %s", principal, counted(int64(len(l.Principals())), "principal"))
		}
		return nil
	}
	used := v.Used(principal)
	if o.form == formatJSON {
		if err := list(s, used); err != nil {
			return err
		}
	} else if len(used) > 0 {
		t := table{columns: []column{{name: "ACTION", give: 1}, {name: "RESOURCE", give: 2}, {name: "CALLS"}, {name: "REFUSED", colour: oddIfAny}, {name: "FIRST"}, {name: "LAST"}}}
		for _, u := range used {
			t.add(u.Action, u.Resource, count(int64(u.Count)), count(int64(u.Refused)), stamp(u.First), stamp(u.Last))
		}
		if err := t.write(s.out); err != nil {
			return err
		}
	}
	s.complain("%s: first %s, last %s, %s", principal, stamp(a.First), stamp(a.Last), counted(int64(a.Count), "use"))
	if !a.HumanLast.IsZero() {
		s.complain("The last person behind it: %s, %s (%s)", a.Human.ID, stamp(a.HumanLast), a.Human.Strength)
	}
	return nil
}
