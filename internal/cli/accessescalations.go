package cli

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"jobzero/internal/access/reach"
	"jobzero/internal/policy"
)

func (s *shell) accessEscalations() *cobra.Command {
	var o asking
	var fixes int
	c := &cobra.Command{
		Use:   "escalations [PRINCIPAL] --from FILE… [--fixes N] [--context KEY=VALUE]… [--format table|json|svg]",
		Short: "Find who can become an administrator, and how",
		Long: `Finds the shortest paths of a user or role to administrators: principals that set permissions without limit in an account.
Each step is decided over the calls that it needs, with the statements that allow them in JSON. A step that hangs on what is
not known is kept, and called perhaps; what has to be so beside permissions, such as a machine that is reached, stands in
"when".

Without a principal, all are found who are no administrators and can become one, and the statements to take away that cut most
of those paths, each beside the ones before it (--fixes). What a statement is worth is decided again without it.

` + asked + `

Exit codes: 0 nobody can, 1 somebody can, 2 it could not run, 3 it hangs on what is not known.`,
		Example: `  jobzero access escalations --from iam.json
  jobzero access escalations arn:aws:iam::111122223333:user/ana --from iam.json --format json | jq .steps
  jobzero access escalations --from iam.json --format svg > escalations.svg`,
		Args: arguments(cobra.MaximumNArgs(1)),
		RunE: func(c *cobra.Command, args []string) error {
			g, err := s.graph(c.Context(), &o)
			if err != nil {
				return err
			}
			if len(args) == 0 {
				return s.showOverview(g, g.Overview(fixes), o.form)
			}
			paths, cut, err := g.Escalations(args[0])
			if err != nil {
				return err
			}
			return s.showEscalations(g, paths, cut, o.form)
		},
	}
	o.graphFlags(c, formatSVG)
	c.Flags().IntVar(&fixes, "fixes", 5, "how many statements to take away, at most")
	return c
}

// showEscalations answers for one principal, and gives the exit code.
func (s *shell) showEscalations(g *reach.Graph, paths []reach.Path, cut bool, form format) error {
	t := table{columns: []column{{name: "ADMINISTRATOR OF"}, {name: "STEPS"}, {name: "", colour: sureColour}, {name: "HOW"}}}
	for _, p := range paths {
		x := pathOf(g, p)
		x.Administrator = g.Account(p.To)
		if form == formatJSON {
			if err := s.object(x); err != nil {
				return err
			}
		}
		t.add(x.Administrator, strconv.Itoa(p.Length()), x.Sure, x.how())
	}
	switch {
	case form == formatSVG:
		title := "Escalations"
		if len(paths) > 0 {
			title += " of " + g.Name(paths[0].From)
		}
		if _, err := s.out.Write(g.PathsPicture(title, "", paths).SVG()); err != nil {
			return err
		}
	case form == formatTable && len(paths) > 0:
		if err := t.write(s.out); err != nil {
			return err
		}
	}
	if cut {
		s.complain("there may be more: the work was cut off by its limit")
	}
	return verdict(worst(paths), cut)
}

// verdict is the exit code: an escalation is a failure, and one that hangs on something cannot be told.
func verdict(t policy.Truth, cut bool) error {
	switch {
	case t == policy.Yes:
		return &said{&failed{"an administrator"}}
	case t == policy.Maybe || cut:
		return &said{&unsure{"it hangs on what is not known"}}
	}
	return nil
}

// showOverview answers for all.
func (s *shell) showOverview(g *reach.Graph, o reach.Overview, form format) error {
	t := table{columns: []column{{name: "PRINCIPAL", give: 1}, {name: "ADMINISTRATOR OF"}, {name: "STEPS"}, {name: "", colour: sureColour}, {name: "HOW"}}}
	var paths []reach.Path
	for _, c := range o.Climbers {
		paths = append(paths, c.Path)
		x := pathOf(g, c.Path)
		x.Administrator = g.Account(c.Path.To)
		if form == formatJSON {
			x = pathOf(g, g.Explained(c.Path))
			x.Administrator = g.Account(c.Path.To)
			if err := s.object(x); err != nil {
				return err
			}
		}
		t.add(x.Principal, x.Administrator, strconv.Itoa(c.Path.Length()), x.Sure, x.how())
	}
	if form == formatSVG {
		if _, err := s.out.Write(g.PathsPicture("Who can become an administrator", "", paths).SVG()); err != nil {
			return err
		}
	}
	if form == formatTable && len(paths) > 0 {
		if err := t.write(s.out); err != nil {
			return err
		}
	}
	if err := s.showFixes(o.Fixes, form); err != nil {
		return err
	}
	s.complain("of %d users and roles %d are administrators, and %d can become one, for certain or perhaps; %d roles are taken on from outside",
		o.Principals, len(o.Admins), len(o.Climbers), len(o.Entries))
	if o.Cut {
		s.complain("there may be more: the work was cut off by its limit")
	}
	return verdict(worst(paths), o.Cut)
}

func (s *shell) showFixes(fixes []reach.Fix, form format) error {
	t := table{columns: []column{{name: "TAKE AWAY", give: 1}, {name: "STATEMENT"}, {name: "CAN CLIMB"}, {name: "STEPS"}}}
	for _, f := range fixes {
		if form == formatJSON {
			if err := s.object(fixOf(f)); err != nil {
				return err
			}
		}
		where := f.Policy
		if f.Holder != "" {
			where = strings.TrimSpace(cmp.Or(f.Policy, "policy") + " of " + f.Holder)
		}
		t.add(where, f.Statement.Name(), fmt.Sprintf("%d to %d", f.ClimbersBefore, f.ClimbersAfter), fmt.Sprintf("%d to %d", f.StepsBefore, f.StepsAfter))
	}
	if form != formatTable || len(fixes) == 0 {
		return nil
	}
	if err := s.print(""); err != nil {
		return err
	}
	return t.write(s.out)
}

func (s *shell) accessReachedBy() *cobra.Command {
	var o asking
	c := &cobra.Command{
		Use:   "reached-by RESOURCE --from FILE… [--context KEY=VALUE]… [--format table|json|svg]",
		Short: "Say who reaches a resource, and how",
		Long: `Finds everybody who reads, changes or controls a resource, and everybody who gets to somebody who does, by the fewest steps.
The resource need not be in any file: what its ARN says is enough.

` + asked,
		Example: `  jobzero access reached-by arn:aws:s3:::payroll --from iam.json --from buckets.json
  jobzero access reached-by arn:aws:secretsmanager:eu-west-1:111122223333:secret:root-x --from iam.json --format svg > root.svg`,
		Args: arguments(cobra.ExactArgs(1)),
		RunE: func(c *cobra.Command, args []string) error {
			g, err := s.graph(c.Context(), &o)
			if err != nil {
				return err
			}
			all, cut, err := g.ReachedBy(args[0])
			if err != nil {
				return err
			}
			if cut {
				s.complain("there may be more: the work was cut off by its limit")
			}
			return s.showReachers(g, args[0], all, o.form)
		},
	}
	o.graphFlags(c, formatSVG)
	return c
}

func (s *shell) showReachers(g *reach.Graph, resource string, all []reach.Reacher, form format) error {
	t := table{columns: []column{{name: "PRINCIPAL", give: 1}, {name: "STEPS"}, {name: "", colour: sureColour}, {name: "CAN"}, {name: "HOW"}}}
	var paths []reach.Path
	for _, r := range all {
		paths = append(paths, r.Path)
		x := pathOf(g, r.Path)
		x.Can = r.Can
		if form == formatJSON {
			x = pathOf(g, g.Explained(r.Path))
			x.Can = r.Can
			if err := s.object(x); err != nil {
				return err
			}
		}
		t.add(x.Principal, strconv.Itoa(r.Path.Length()), x.Sure, strings.Join(r.Can, ", "), x.how())
	}
	if form == formatSVG {
		_, err := s.out.Write(g.PathsPicture("Who reaches "+resource, resource, paths).SVG())
		return err
	}
	if form == formatTable && len(all) > 0 {
		if err := t.write(s.out); err != nil {
			return err
		}
	}
	s.complain("%d users and roles reach it", len(all))
	return nil
}
