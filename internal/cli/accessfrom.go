package cli

import (
	"context"
	"errors"

	"github.com/spf13/cobra"

	"jobzero/internal/access/estate"
	"jobzero/internal/access/estate/files"
	"jobzero/internal/check"
	"jobzero/internal/design"
	"jobzero/internal/design/cfn"
	"jobzero/internal/fault"
)

// knowing is where what is known of policies stands.
type knowing struct {
	from    []string
	account string
}

func (o *knowing) flags(c *cobra.Command) {
	f := c.Flags()
	f.StringArrayVar(&o.from, "from", nil, "`PATH` of what is known; repeatable")
	f.StringVar(&o.account, "account", "", "`ID` of the account that templates and Terraform make things in")
	_ = c.MarkFlagRequired("from")
}

// estate reads all that is known.
func (s *shell) estate(ctx context.Context, o *knowing) (*estate.Estate, error) {
	e := estate.New()
	if err := s.known(ctx, e, *o); err != nil {
		return nil, err
	}
	return e, e.Done()
}

// known reads all that is known into an estate.
func (s *shell) known(ctx context.Context, e *estate.Estate, o knowing) error {
	var all []*files.File
	for _, name := range o.from {
		more, err := files.At(ctx, name)
		if err != nil {
			return err
		}
		all = append(all, more...)
	}
	bar := s.newCounter("reading")
	defer bar.close()
	count := bar.counts("files of policies")
	err := files.Read(ctx, e, all, func(done int) {
		if count != nil {
			count(done, len(all))
		}
	})
	if err != nil {
		return err
	}
	mine := map[string]bool{}
	for _, f := range all {
		mine[f.Path] = f.Mine
	}
	var others []check.Input
	for _, name := range o.from {
		if mine[name] {
			continue
		}
		in, err := inputOf(name)
		if err != nil {
			return err
		}
		others = append(others, in)
	}
	return s.designed(ctx, e, others, o.account)
}

// designed reads texts of resources: templates, folders and plans of Terraform, items of AWS Config.
func (s *shell) designed(ctx context.Context, e *estate.Estate, inputs []check.Input, account string) error {
	if len(inputs) == 0 {
		return nil
	}
	var broken error
	report, err := check.Documents(ctx, inputs, check.Options{Template: cfn.Options{Account: account}}, func(d *design.Document) {
		for i := range d.Resources {
			r := &d.Resources[i]
			if err := e.Add(r.Resource); err != nil && broken == nil {
				broken = fault.Wrap(fault.Invalid, err, "%s: %s", r.Place, r.Name)
			}
		}
	})
	switch {
	case err != nil:
		return err
	case len(report.Unread) > 0 && errors.Is(report.Unread[0], check.ErrOther):
		return fault.New(fault.Invalid, "%v; or %s", report.Unread[0], estate.Wanted)
	case len(report.Unread) > 0:
		return report.Unread[0]
	}
	return broken
}
