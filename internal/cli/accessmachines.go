package cli

import (
	"cmp"
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"jobzero/internal/access/machine"
	"jobzero/internal/fault"
	"jobzero/internal/org"
	"jobzero/internal/resource"
)

// machining is what a person can say to machines.
type machining struct {
	looking
	use   folding
	stale string
	org   string
}

// machineLine is an identity, and who answers for it.
type machineLine struct {
	*machine.Identity
	Owner string `json:"owner,omitempty"` // empty: nobody
	Via   string `json:"owner_by,omitempty"`
	Idle  bool   `json:"idle"`
	Known bool   `json:"idle_known"`
}

func (s *shell) accessMachines() *cobra.Command {
	var o machining
	c := &cobra.Command{
		Use:   "machines --from PATH… [--ledger FILE] [--org FILE] [--stale TIME] [--format table|json]",
		Short: "List the identities that are no person's: who owns them, what runs with them, when they were used",
		Long: `Lists every role and every user that is no person's, and the providers of identities from outside: which service, account or
issuer may take it on, what runs with it (functions, tasks, pods, machines through their profiles), who owns it, when it was
last used and who was the last person behind it. Roles of permission sets are left out: people come in by them.

Who owns it says a tag with the name of somebody who is known, else the file of the organisation: by pattern, service, tag,
account or unit. Use is what IAM has noted of the last 400 days, and what a ledger knows; the last person is whoever used it,
or else whoever changed it last, and only a ledger knows either. What nobody said is shown as not known, and is not never.`,
		Example: `  jobzero access collect ./estate && jobzero access machines --from ./estate
  jobzero access machines --from ./estate --ledger use.ledger --stale 90d
  jobzero access machines --from ./estate --format json | jq -r 'select(.owner == null) | .arn'`,
		Args: arguments(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error { return s.runMachines(cmd.Context(), o) },
	}
	o.flags(c)
	f := c.Flags()
	f.StringVar(&o.use.file, "ledger", "", "`FILE` of what was done; see access ledger")
	f.StringVar(&o.org, "org", "", "`FILE` of the organisation; that of the settings when it is not given")
	f.StringVar(&o.stale, "stale", "", "only those that nobody used for so long, such as 90d, and those of which it is not known (`TIME`)")
	return c
}

func (s *shell) runMachines(ctx context.Context, o machining) error {
	since, err := spell(o.stale)
	if err != nil {
		return err
	}
	x, err := s.scene(ctx, o.looking)
	if err != nil {
		return err
	}
	in := machine.Input{World: x.World, Estate: x.Estate, Joins: x.Result.Joins}
	if o.use.file != "" {
		o.use.leaves, o.use.parallel = 100, 16
		v, _, err := s.view(ctx, o.use, "", nil)
		if err != nil {
			return err
		}
		in.Ledger = &v
	}
	owners, err := s.owners(o.org)
	if err != nil {
		return err
	}
	found, left := machine.All(in)
	lines, names := []machineLine{}, map[string]string{}
	for _, p := range x.people {
		names[string(p.ID)] = p.UserName
	}
	for _, i := range found {
		l := machineLine{Identity: i}
		l.Owner, l.Via = ownerOf(owners, names, i)
		if l.Idle, l.Known = i.Idle(since, x.Now); o.stale == "" || l.Idle || !l.Known {
			lines = append(lines, l)
		}
	}
	if o.form == formatJSON {
		return list(s, lines)
	}
	if err := s.showMachines(lines, x.Now); err != nil {
		return err
	}
	s.complain("%s listed; left out as people's: %s, %s", plural(len(lines), "line"), plural(left.Roles, "role"), plural(left.Users, "user"))
	return nil
}

// owners is the file of the organisation, nil when there is none.
func (s *shell) owners(file string) (*org.Org, error) {
	settings, err := s.settings()
	if err != nil || file == "" && settings.Org == "" {
		return nil, err
	}
	return loaded(cmp.Or(file, settings.Org), wantOrg, org.Parse)
}

// ownerOf says who answers for an identity: a person by its tags before the organisation.
func ownerOf(o *org.Org, names map[string]string, i *machine.Identity) (owner, via string) {
	switch {
	case names[i.Person] != "":
		return names[i.Person], "tag"
	case i.Kind == machine.ServiceLinked:
		return "AWS", "its service"
	}
	ref := resource.Ref{Type: resource.Role, Account: i.Account, ID: i.ARN[strings.LastIndexAny(i.ARN, "/:")+1:]}
	switch i.Kind {
	case machine.User:
		ref.Type = resource.User
	case machine.Provider:
		ref.Type, ref.ID = resource.OIDCProvider, i.ARN
		if strings.Contains(i.ARN, ":saml-provider/") {
			ref.Type = resource.SAMLProvider
		}
	default:
	}
	w := o.OwnerOf(ref, i.Tags, i.ARN)
	return cmp.Or(w.Team, w.Person), w.Via
}

func (s *shell) showMachines(lines []machineLine, now time.Time) error {
	if len(lines) == 0 {
		return s.print("No such identities.")
	}
	t := table{columns: []column{
		{name: "IDENTITY", give: 1}, {name: "KIND"}, {name: "OWNER", colour: nobodyColour}, {name: "LAST USED"}, {name: "LAST PERSON", give: 3}, {name: "RUNS WITH IT", give: 2}, {name: "TRUSTS", give: 2},
	}}
	for _, l := range lines {
		owner := "nobody"
		if l.Owner != "" {
			owner = l.Owner + " (" + l.Via + ")"
		}
		person := "-"
		if l.Human != "" {
			person = fmt.Sprintf("%s %s %s", l.Human, l.HumanBy, age(l.HumanAt, now))
		}
		t.add(l.ARN, string(l.Kind), owner, usedText(l.Identity, now), person, few(l.Runs, tail), few(l.Trusts, strings.Clone))
	}
	return t.write(s.out)
}

func nobodyColour(cell string) string {
	if cell == "nobody" {
		return "33"
	}
	return ""
}

func usedText(i *machine.Identity, now time.Time) string {
	switch {
	case i.Kind == machine.Provider:
		return "-"
	case !i.Told:
		return "not known"
	case i.Used.IsZero():
		return "never"
	}
	return age(i.Used, now)
}

// few tells the first of a list, and how many there are besides.
func few(all []string, name func(string) string) string {
	switch len(all) {
	case 0:
		return "-"
	case 1:
		return name(all[0])
	}
	return name(all[0]) + " +" + strconv.Itoa(len(all)-1)
}

// tail is the end of an ARN, with its service.
func tail(arn string) string {
	if p := strings.SplitN(arn, ":", 6); len(p) == 6 {
		return p[2] + ":" + p[5]
	}
	return arn
}

// spell reads a time such as 90d, 36h or 2w; an empty one is none.
func spell(text string) (time.Duration, error) {
	if text == "" {
		return 0, nil
	}
	day := map[string]time.Duration{"d": 24 * time.Hour, "w": 7 * 24 * time.Hour}[text[len(text)-1:]]
	if n, err := strconv.Atoi(text[:len(text)-1]); day > 0 && err == nil && n > 0 && n < 10_000 {
		return time.Duration(n) * day, nil
	}
	if d, err := time.ParseDuration(text); day == 0 && err == nil && d > 0 {
		return d, nil
	}
	return 0, fault.New(fault.Invalid, "--stale %s: want a time such as 90d, 2w or 36h", text)
}
