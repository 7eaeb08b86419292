package cli

import (
	"context"
	"strings"

	"github.com/spf13/cobra"

	"jobzero/internal/access/reach"
)

// exposing is what access exposure is asked.
type exposing struct {
	asking
	within reach.Circle
}

// exposed is one resource for programs.
type exposed struct {
	Resource string   `json:"resource"`
	Sure     string   `json:"sure"`
	Most     string   `json:"most"`
	Unknown  []string `json:"unknown,omitempty"` // what it hangs on, where the two differ
}

func (s *shell) accessExposure() *cobra.Command {
	o := exposing{within: reach.Organisation}
	circle := o.within.String()
	c := &cobra.Command{
		Use:   "exposure [RESOURCE]… --from PATH… [--within CIRCLE] [--format table|json]",
		Short: "Say whom resources let in by themselves",
		Long: `Finds the widest circle that a resource lets in by its own policies, whatever may be done with it or with what is in it: its
account; the organisation (other accounts that are known); outside (accounts that its policies name and nobody here knows);
strangers (anybody with an account of AWS); or the world. What S3 blocks counts, and so does what the organisation denies. A
stranger comes from the internet; what he can choose, such as his tags, is not known. Services of AWS are not asked about.

Without a RESOURCE all that are known are asked, and those that may let in more than --within are listed.

Exit codes: 0 none lets in more than --within, 1 one does, 2 it could not run, 3 one may.`,
		Example: `  jobzero access exposure --from ./estate
  jobzero access exposure arn:aws:s3:::payroll --from ./estate --within account
  jobzero access exposure --from ./estate --within outside --format json | jq -r .resource`,
		RunE: func(c *cobra.Command, args []string) error {
			o.within = circleOf(circle)
			return s.exposure(c.Context(), &o, args)
		},
	}
	o.graphFlags(c)
	words := circles()
	c.Flags().Var(&choice[string]{&circle, words}, "within", "the widest circle that is well: "+join(words))
	complete(c, "within", words...)
	return c
}

func circles() (out []string) {
	for c := reach.Account; c <= reach.World; c++ {
		out = append(out, c.String())
	}
	return out
}

func circleOf(word string) reach.Circle {
	for c := reach.Account; c < reach.World; c++ {
		if c.String() == word {
			return c
		}
	}
	return reach.World
}

func (s *shell) exposure(ctx context.Context, o *exposing, resources []string) error {
	g, err := s.graph(ctx, &o.asking)
	if err != nil {
		return err
	}
	all, asked := resources, len(resources) > 0
	if !asked {
		all = g.Resources()
	}
	rows := []exposed{}
	t := table{columns: []column{{name: "RESOURCE", give: 1}, {name: "LETS IN"}, {name: "AT MOST"}, {name: "HANGS ON", give: 2}}}
	sure, maybe := 0, 0
	for _, arn := range all {
		a, err := g.Audience(arn)
		if err != nil {
			return err
		}
		switch {
		case a.Sure > o.within:
			sure++
		case a.Most > o.within:
			maybe++
		case !asked:
			continue
		}
		rows = append(rows, exposed{arn, a.Sure.String(), a.Most.String(), a.Unknown})
		t.add(arn, a.Sure.String(), a.Most.String(), strings.Join(a.Unknown, ", "))
	}
	if o.form == formatJSON {
		err = list(s, rows)
	} else if len(rows) > 0 {
		err = t.write(s.out)
	}
	if err != nil {
		return err
	}
	s.complain("of %s %d let in more than %s, and %d may", plural(len(all), "resource"), sure, o.within, maybe)
	switch {
	case sure > 0:
		return &said{&failed{"something lets in more"}}
	case maybe > 0:
		return &said{&unsure{"something may let in more"}}
	}
	return nil
}
