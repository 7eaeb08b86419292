package cli

import (
	"bufio"
	"bytes"
	"context"
	"os"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"jobzero/internal/access/least"
	"jobzero/internal/access/ledger"
	"jobzero/internal/app"
	"jobzero/internal/fault"
)

// formatPolicy writes policies alone. It has no type, because no other command has it.
const formatPolicy = "policy"

// leasting is what access least is asked.
type leasting struct {
	asking
	used     []string
	declared []string
	logged   []string
	drop     bool
	inline   bool
	days     int
}

func (s *shell) accessLeast() *cobra.Command {
	var o leasting
	c := &cobra.Command{
		Use:   "least PRINCIPAL --from FILE… [--used FILE]… [--declared FILE]… [--days N] [--format table|json|policy]",
		Short: "Write the smaller policy of somebody",
		Long: `Holds what a user, a role or a permission set may do against what it did and what is declared, and writes a policy that allows
that and no more. Nothing is allowed that was not before, and every Deny stays. A permission set is called
permission-set/NAME.

Uses (--used) are a ledger, as access ledger writes it, or JSON lines, {"Principal", "Action", "Resource", "Count", "Refused",
"First", "Last"}; Principal is the ARN of the user, role or session. A Resource is an ARN, how ARNs begin with * behind it, *
of an action that has none, or empty where it is not known. What is needed and not in a log is declared: lines of an action
and, where you like, a resource; # begins a comment.

What CloudTrail does not log, such as iam:PassRole, cannot be judged and is kept as it was. So are data events, unless
--data-events names the service and the log has all of them. With --days N only the last N days up to the last use count, and
what was done before and would be denied is listed.

Where it does not fit into AWS's limits it is said in general, step by step, and split; that is said. --format policy writes
the policies and nothing else.`,
		Example: `  jobzero access ledger ./AWSLogs --ledger used.ledger
  jobzero access least arn:aws:iam::111122223333:role/deploy --from iam.json --used used.ledger
  jobzero access least arn:aws:iam::111122223333:role/deploy --from iam.json --used uses.jsonl --data-events s3 --format policy > least.json
  jobzero access least permission-set/Developer --from iam.json --used uses.jsonl --declared needs.txt --days 90`,
		Args: arguments(cobra.ExactArgs(1)),
		RunE: func(c *cobra.Command, args []string) error {
			return s.least(c.Context(), args[0], &o)
		},
	}
	o.form.flag(c, formatPolicy)
	o.knowing.flags(c)
	o.useFlags(c)
	c.Flags().BoolVar(&o.inline, "inline", false, "write it into the principal, not as managed policies")
	return c
}

// useFlags adds what is said of uses.
func (o *leasting) useFlags(c *cobra.Command) {
	f := c.Flags()
	f.StringArrayVar(&o.used, "used", nil, "`FILE` of uses: a ledger, or JSON lines; repeatable")
	f.StringArrayVar(&o.declared, "declared", nil, "`FILE` of what is needed, an action and a resource a line; repeatable")
	f.StringSliceVar(&o.logged, "data-events", nil, "`SERVICE` of which the log has all data events, such as s3; repeatable")
	f.BoolVar(&o.drop, "drop-unseen", false, "leave out what the log cannot show, unless it is declared or seen")
	f.IntVar(&o.days, "days", 0, "count only the last `N` days as used; 0: all")
}

// needs is what counts as needed, but for what was used.
func (o *leasting) needs() (out least.Options, err error) {
	out = least.Options{Logged: o.logged, Drop: o.drop, Inline: o.inline, Days: o.days}
	out.Declared, err = readDeclared(o.declared)
	return out, err
}

func (s *shell) least(ctx context.Context, who string, o *leasting) error {
	e, err := s.estate(ctx, &o.knowing)
	if err != nil {
		return err
	}
	subject, err := least.Find(e, who)
	if err != nil {
		return err
	}
	all, err := readUses(o.used, false)
	if err != nil {
		return err
	}
	needs, err := o.needs()
	if err != nil {
		return err
	}
	uses := least.Of(e, subject, all)
	needs.Used = since(uses, o.days)
	p, err := least.Reduce(subject, needs)
	if err != nil {
		return err
	}
	past, err := p.Missed(e, uses)
	if err != nil {
		return err
	}
	if o.form == formatPolicy {
		return s.showPolicies(p)
	}
	if o.form == formatJSON {
		return s.object(smaller(p, past))
	}
	return s.showLeast(p, past)
}

// readUses reads files of uses, and ledgers, and puts them together; of ledgers daily gives each day by itself.
func readUses(files []string, daily bool) (map[string][]least.Use, error) {
	out := map[string][]least.Use{}
	for _, name := range files {
		f, err := os.Open(name)
		if err != nil {
			return nil, fault.Path(err, name, "a ledger, or a file of uses as JSON lines")
		}
		uses, err := usesOf(name, bufio.NewReader(f), daily)
		_ = f.Close()
		if err != nil {
			return nil, err
		}
		for who, list := range uses {
			out[who] = append(out[who], list...)
		}
	}
	return out, nil
}

// usesOf reads a ledger, which is packed, or lines.
func usesOf(name string, r *bufio.Reader, daily bool) (map[string][]least.Use, error) {
	if begin, _ := r.Peek(2); !bytes.Equal(begin, []byte{0x1f, 0x8b}) {
		return least.ReadUses(name, r)
	}
	l, err := ledger.Read(name, r, ledger.Options{})
	if err != nil {
		return nil, err
	}
	out := map[string][]least.Use{}
	all := l.Within(time.Time{}, time.Time{})
	used := all.Used
	if daily {
		used = all.UsedDaily
	}
	for _, who := range l.Principals() {
		if uses := app.Uses(used(who)); len(uses) > 0 {
			out[who] = uses
		}
	}
	return out, nil
}

func readDeclared(files []string) (out []least.Declared, err error) {
	for _, name := range files {
		f, err := os.Open(name)
		if err != nil {
			return nil, fault.Path(err, name, "a list of actions and resources")
		}
		list, err := least.ReadDeclared(name, f)
		_ = f.Close()
		if err != nil {
			return nil, err
		}
		out = append(out, list...)
	}
	return out, nil
}

// since leaves out what was last used more than so many days before the last use of all.
func since(uses []least.Use, days int) []least.Use {
	if days <= 0 {
		return uses
	}
	var end time.Time
	for _, u := range uses {
		if u.Last.After(end) {
			end = u.Last
		}
	}
	begin := end.AddDate(0, 0, -days)
	return slices.DeleteFunc(slices.Clone(uses), func(u least.Use) bool { return u.Last.Before(begin) })
}
