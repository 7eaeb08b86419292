package cli

import (
	"context"
	"os"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"jobzero/internal/access/least"
	"jobzero/internal/fault"
	"jobzero/internal/policy"
)

// replaying is what access replay is asked.
type replaying struct {
	asking
	used     []string
	scp      string
	policies []string
	accounts []string
	since    string
}

func (s *shell) accessReplay() *cobra.Command {
	var o replaying
	c := &cobra.Command{
		Use:   "replay [PRINCIPAL] --from FILE… --used FILE… {--scp FILE [--for ID]… | --policy FILE…} [--since DAY]",
		Short: "Say what a policy would have denied",
		Long: `Holds a policy that is proposed against what was done: a service control policy over everybody whom it binds, or policies in
place of all that a user, a role or a permission set has. It lists by principal, action, resource and day what was let through
and would be refused. What hangs on something that the uses do not say is listed as perhaps.

A service control policy that only denies is taken to stand beside FullAWSAccess. Without --for it is for all accounts.

Exit codes: 0 nothing would be denied, 1 something would, 2 it could not run, 3 something perhaps would.`,
		Example: `  jobzero access replay --scp deny-regions.json --from iam.json --from organisation.json --used uses.jsonl
  jobzero access replay arn:aws:iam::111122223333:role/deploy --policy least.json --from iam.json --used uses.jsonl --since 2026-08-01`,
		Args: arguments(cobra.MaximumNArgs(1)),
		RunE: func(c *cobra.Command, args []string) error { return s.replayAccess(c.Context(), args, &o) },
	}
	o.form.flag(c)
	o.knowing.flags(c)
	f := c.Flags()
	f.StringArrayVar(&o.used, "used", nil, "`FILE` of uses: a ledger, or JSON lines; repeatable")
	f.StringVar(&o.scp, "scp", "", "`FILE` of a service control policy")
	f.StringArrayVar(&o.policies, "policy", nil, "`FILE` of a policy of the principal; repeatable")
	f.StringArrayVar(&o.accounts, "for", nil, "`ID` of an account that the service control policy is for; repeatable")
	f.StringVar(&o.since, "since", "", "first `DAY` that counts, such as 2026-08-01")
	_ = c.MarkFlagRequired("used")
	return c
}

func (s *shell) replayAccess(ctx context.Context, who []string, o *replaying) error {
	if (o.scp == "") == (len(o.policies) == 0) || (len(who) == 1) != (len(o.policies) > 0) {
		return fault.New(fault.Invalid, "want --scp FILE, or a principal and --policy FILE")
	}
	var from time.Time
	if o.since != "" {
		var err error
		if from, err = time.Parse(time.DateOnly, o.since); err != nil {
			return fault.New(fault.Invalid, "--since %s: want a day, such as 2026-08-01", o.since)
		}
	}
	e, err := s.estate(ctx, &o.knowing)
	if err != nil {
		return err
	}
	uses, err := readUses(o.used, true)
	if err != nil {
		return err
	}
	p := least.Proposal{Accounts: o.accounts, Identity: map[string][]*policy.Document{}}
	if o.scp != "" {
		if p.SCP, err = readPolicy(o.scp, policy.SCP); err != nil {
			return err
		}
	}
	if len(who) == 1 {
		subject, err := least.Find(e, who[0])
		if err != nil {
			return err
		}
		var docs []*policy.Document
		for _, name := range o.policies {
			d, err := readPolicy(name, policy.Identity)
			if err != nil {
				return err
			}
			docs = append(docs, d)
		}
		for _, arn := range subject.Holders {
			p.Identity[arn] = docs
		}
		uses[subject.Holders[0]] = append(uses[subject.Holders[0]], uses[""]...)
	}
	if n := len(uses[""]); n > 0 && o.scp != "" {
		s.complain("note: %s without a Principal: not judged", plural(n, "use"))
	}
	delete(uses, "")
	r, err := least.Replay(e, p, uses, from)
	if err != nil {
		return err
	}
	return s.showReplay(r, o.form)
}

func readPolicy(name string, kind policy.Kind) (*policy.Document, error) {
	text, err := os.ReadFile(name)
	if err != nil {
		return nil, fault.Path(err, name, "a policy")
	}
	d, _, err := policy.Parse(name, kind, text)
	return d, err
}

// showReplay answers, and gives the exit code.
func (s *shell) showReplay(r *least.Replayed, form format) error {
	sure := 0
	t := table{columns: []column{
		{name: "PRINCIPAL", give: 1}, {name: "ACTION"}, {name: "RESOURCE", give: 1}, {name: "DAY"}, {name: "CALLS"}, {name: "BECAUSE", give: 2},
	}}
	for _, m := range r.Missed {
		if !m.Perhaps {
			sure++
		}
		t.add(m.Principal, m.Action, orUnknown(m.Resource), m.Day, strconv.Itoa(m.Count), becauseOf(m))
	}
	switch {
	case form == formatJSON:
		if err := list(s, missedOf(r)); err != nil {
			return err
		}
	case len(r.Missed) > 0:
		if err := t.write(s.out); err != nil {
			return err
		}
	}
	s.complain("of %s of %s %d would be denied, and %d perhaps", plural(r.Tried, "use"), plural(r.Bound, "principal"), sure, len(r.Missed)-sure)
	if r.Blind > 0 {
		s.complain("note: %s not allowed by the policies as they are either, and not judged", plural(r.Blind, "use"))
	}
	for _, who := range r.Gone {
		s.complain("note: %s did something and is in no file: it is not judged", clean(who))
	}
	switch {
	case sure > 0:
		return &said{&failed{"something would be denied"}}
	case len(r.Missed) > 0:
		return &said{&unsure{"something perhaps would be denied"}}
	}
	return nil
}
