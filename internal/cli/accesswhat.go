package cli

import (
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"jobzero/internal/access"
	"jobzero/internal/access/estate"
	"jobzero/internal/policy"
	awsnames "jobzero/internal/policy/names"
)

func (s *shell) accessWhat() *cobra.Command {
	var o asking
	var all bool
	c := &cobra.Command{
		Use:   "what-can PRINCIPAL --from PATH… [--all] [--format table|json]",
		Short: "Say what somebody can do",
		Long: `Lists what a user, a role or a session of one can do: for each service and access level how many actions, and on what. With
--all, and as JSON, each action has a line of its own. A narrower Deny may take out a part of what a line names.

` + asked,
		Example: `  jobzero access what-can arn:aws:iam::111122223333:role/deploy --from iam.json --from organisation.json
  jobzero access what-can arn:aws:iam::111122223333:user/ana --from iam.json --format json | jq -r 'select(.level == "Write").action'`,
		Args: arguments(cobra.ExactArgs(1)),
		RunE: func(c *cobra.Command, args []string) error {
			keys, err := o.keys()
			if err != nil {
				return err
			}
			e, err := s.estate(c.Context(), &o.knowing)
			if err != nil {
				return err
			}
			rights, err := e.What(args[0], estate.Question{Context: keys, Whole: o.whole})
			if err != nil {
				return err
			}
			return s.showWhat(rights, all, o.form)
		},
	}
	o.flags(c)
	c.Flags().BoolVar(&all, "all", false, "a line for each action")
	return c
}

// right is a line of JSON.
type right struct {
	Action   string         `json:"action"`
	Level    awsnames.Level `json:"level"`
	On       string         `json:"on"`
	But      []string       `json:"but,omitempty"`
	Decision access.Outcome `json:"decision"`
	Unknown  []string       `json:"unknown,omitempty"`
}

func (s *shell) showWhat(rights []estate.Right, all bool, form format) error {
	if form == formatJSON {
		for _, r := range rights {
			if err := s.object(right{r.Action, r.Level, shown(r.On), r.But, r.Outcome, r.Unknown}); err != nil {
				return err
			}
		}
		return nil
	}
	t := table{columns: []column{{name: "SERVICE"}, {name: "LEVEL"}, {name: "ACTIONS"}, {name: "ON", give: 1}, {name: "DECISION", colour: decisionColour}}}
	groups := grouped(rights, all)
	if everything(groups) {
		groups = nil
		t.add("all", "", strconv.Itoa(len(rights))+" of "+strconv.Itoa(len(rights)), "*", string(access.Allowed))
	}
	for _, group := range groups {
		first := group[0]
		service, action, _ := strings.Cut(first.Action, ":")
		if !all && len(group) > 1 {
			action = strconv.Itoa(len(group)) + " of " + strconv.Itoa(levelled(service, first.Level))
		}
		on := shown(first.On)
		if len(first.But) > 0 {
			on += " but " + strings.Join(first.But, ", ")
		}
		t.add(service, string(first.Level), action, on, string(first.Outcome))
	}
	if len(rights) > 0 {
		if err := t.write(s.out); err != nil {
			return err
		}
	}
	actions := map[string]bool{}
	for _, r := range rights {
		actions[r.Action] = true
	}
	s.complain("%s", plural(len(actions), "action"))
	return nil
}

// everything reports whether all actions of all services are allowed on everything.
func everything(groups [][]estate.Right) bool {
	n, every := 0, 0
	for _, g := range groups {
		if r := g[0]; r.On == "*" && len(r.But) == 0 && r.Outcome == access.Allowed {
			n += len(g)
		}
	}
	for _, name := range awsnames.Services() {
		of, _ := awsnames.Of(name)
		every += len(of.Actions)
	}
	return n == every
}

// shown is a pattern for people.
func shown(on string) string { return strings.ReplaceAll(on, policy.Hole, "(not known)") }

// levelled is how many actions of a level a service has.
func levelled(service string, level awsnames.Level) (n int) {
	of, _ := awsnames.Of(service)
	for _, a := range of.Actions {
		if a.Level == level {
			n++
		}
	}
	return n
}

// grouped puts actions of one service and level together that can be taken on the same.
func grouped(rights []estate.Right, all bool) (out [][]estate.Right) {
	at := map[string]int{}
	for _, r := range rights {
		service, _, _ := strings.Cut(r.Action, ":")
		key := strings.Join([]string{service, string(r.Level), r.On, strings.Join(r.But, " "), string(r.Outcome)}, "\x00")
		if i, ok := at[key]; ok && !all {
			out[i] = append(out[i], r)
			continue
		}
		at[key] = len(out)
		out = append(out, []estate.Right{r})
	}
	slices.SortStableFunc(out, func(a, b []estate.Right) int {
		service := func(r estate.Right) string { s, _, _ := strings.Cut(r.Action, ":"); return s }
		if c := strings.Compare(service(a[0]), service(b[0])); c != 0 {
			return c
		}
		return slices.Index(levels, a[0].Level) - slices.Index(levels, b[0].Level)
	})
	return out
}

// levels are in the order of how much they change.
var levels = []awsnames.Level{awsnames.Permissions, awsnames.Write, awsnames.Tagging, awsnames.Read, awsnames.List}
