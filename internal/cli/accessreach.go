package cli

import (
	"cmp"
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"jobzero/internal/access/reach"
	"jobzero/internal/policy"
)

// formatSVG is a picture: only questions over a graph are answered by one, so that it is no format of the others.
const formatSVG = "svg"

// graph reads what is known as something to get through.
func (s *shell) graph(ctx context.Context, o *asking, more ...string) (*reach.Graph, error) {
	keys, err := o.keys()
	if err != nil {
		return nil, err
	}
	all := o.knowing
	all.from = append(o.from[:len(o.from):len(o.from)], more...)
	e, err := s.estate(ctx, &all)
	if err != nil {
		return nil, err
	}
	return reach.New(e, reach.Options{Context: keys, Whole: o.whole}), nil
}

// graphFlags adds what the questions over a graph have in common.
func (o *asking) graphFlags(c *cobra.Command, more ...format) {
	o.form.flag(c, more...)
	o.knowing.flags(c)
	f := c.Flags()
	f.StringArrayVar(&o.context, "context", nil, "`KEY=VALUE` of a condition key of every call; repeatable")
	f.BoolVar(&o.whole, "whole", false, "there is nothing in the calls but what is given")
}

func (s *shell) accessReach() *cobra.Command {
	var o asking
	var after []string
	c := &cobra.Command{
		Use:   "reach PRINCIPAL --from FILE… [--after FILE]… [--context KEY=VALUE]… [--format table|json|svg]",
		Short: "Say how far one credential reaches",
		Long: `Follows everything that whoever has a user's or role's credential can become, one step after another, and says what that
reaches: accounts, users and roles, resources by type, data by class, ways to stay; as a number, and as a picture
(--format svg).

The score is a sum: 1000 for each account that it comes to administer; 10 for each other user or role; 2 for each resource that
it changes or controls; for each resource whose data it reads 1 (public), 2 (internal, or nobody classed it), 5 (of another
class), 20 (confidential) or 50 (restricted); 10 for each way to stay. What hangs on what is not known counts a half.

With --after the question is asked twice: of what --from says, and of that with further files, which replace whoever is in both.

` + asked,
		Example: `  jobzero access reach arn:aws:iam::111122223333:role/ci --from iam.json
  jobzero access reach arn:aws:iam::111122223333:role/ci --from iam.json --format svg > ci.svg
  jobzero access reach arn:aws:iam::111122223333:role/ci --from iam.json --after proposed.json`,
		Args: arguments(cobra.ExactArgs(1)),
		RunE: func(c *cobra.Command, args []string) error {
			g, err := s.graph(c.Context(), &o)
			if err != nil {
				return err
			}
			r, err := g.Radius(args[0])
			if err != nil {
				return err
			}
			if err := s.showRadius(g, r, o.form); err != nil || len(after) == 0 {
				return err
			}
			return s.showAfter(c.Context(), &o, r, after)
		},
	}
	o.graphFlags(c, formatSVG)
	c.Flags().StringArrayVar(&after, "after", nil, "`FILE` of what would be known after a change, beside --from; repeatable")
	return c
}

// showAfter says what a change is worth.
func (s *shell) showAfter(ctx context.Context, o *asking, before *reach.Radius, files []string) error {
	g, err := s.graph(ctx, o, files...)
	if err != nil {
		return err
	}
	r, err := g.Radius(before.Start)
	if err != nil {
		return err
	}
	if o.form == formatTable {
		if err := s.print("\nafter the change:\n"); err != nil {
			return err
		}
	}
	if err := s.showRadius(g, r, o.form); err != nil {
		return err
	}
	s.complain("score before %d, after %d", before.Score, r.Score)
	return nil
}

func (s *shell) showRadius(g *reach.Graph, r *reach.Radius, form format) error {
	if form == formatSVG {
		_, err := s.out.Write(r.Picture(g).SVG())
		return err
	}
	if form == formatJSON {
		return s.object(radiusOf(g, r))
	}
	if err := s.print("%s: score %d", clean(r.Start), r.Score); err != nil {
		return err
	}
	for _, t := range radiusTables(r) {
		if len(t.rows) == 0 {
			continue
		}
		if err := s.print(""); err != nil {
			return err
		}
		if err := t.write(s.out); err != nil {
			return err
		}
	}
	if r.Cut {
		s.complain("it is more: the work was cut off by its limit")
	}
	return nil
}

// maxRows is how many of a long list a table shows; JSON has all.
const maxRows = 40

func radiusTables(r *reach.Radius) []*table {
	number := strconv.Itoa
	accounts := &table{columns: []column{{name: "ACCOUNT"}, {name: "ADMINISTRATOR", colour: sureColour}, {name: "PRINCIPALS"}, {name: "PERHAPS"}}}
	for _, a := range shortened(r.Accounts) {
		accounts.add(a.ID, sureness(a.Administered), number(a.Principals), number(a.Perhaps))
	}
	people := &table{columns: []column{{name: "BECOMES", give: 1}, {name: "STEPS"}, {name: "", colour: sureColour}, {name: "BY"}, {name: "FROM", give: 2}}}
	for _, p := range shortened(r.Principals) {
		people.add(p.ARN, number(p.Steps), sureness(p.Truth), p.Method, p.From)
	}
	if n := len(r.Principals) - maxRows; n > 0 {
		people.add(fmt.Sprintf("and %d others", n), "", "", "", "")
	}
	things := &table{columns: []column{{name: "RESOURCES", give: 1}, {name: "OF"}, {name: "READS"}, {name: "CHANGES"}, {name: "CONTROLS"}, {name: "PERHAPS"}}}
	for _, x := range r.Resources {
		things.add(string(x.Type), number(x.Total), number(x.Reads), number(x.Changes), number(x.Controls), number(x.Perhaps))
	}
	data := &table{columns: []column{{name: "DATA"}, {name: "OF"}, {name: "READS"}, {name: "PERHAPS"}}}
	for _, d := range r.Data {
		data.add(cmp.Or(d.Class, "not classed"), number(d.Total), number(d.Reads), number(d.Perhaps))
	}
	stays := &table{columns: []column{{name: "STAYS: IT", give: 1}, {name: "", colour: sureColour}, {name: "AS", give: 2}}}
	for _, x := range r.Stays {
		stays.add(x.Title, sureness(x.Truth), x.As)
	}
	return []*table{accounts, people, things, data, stays}
}

func shortened[T any](list []T) []T { return list[:min(len(list), maxRows)] }

func sureness(t policy.Truth) string {
	return map[policy.Truth]string{policy.Yes: "certain", policy.Maybe: "perhaps", policy.No: "no"}[t]
}

func sureColour(cell string) string {
	return map[string]string{"certain": "31", "perhaps": "33"}[cell]
}

// lastPart is an ARN without what stands before its name.
func lastPart(arn string) string {
	if parts := strings.SplitN(arn, ":", 6); len(parts) == 6 && parts[0] == "arn" {
		return parts[5]
	}
	return arn
}
