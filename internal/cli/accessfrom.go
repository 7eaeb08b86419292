package cli

import (
	"context"
	"errors"
	"path/filepath"
	"slices"

	"github.com/spf13/cobra"

	"jobzero/internal/access/estate"
	"jobzero/internal/access/estate/files"
	"jobzero/internal/access/holding"
	"jobzero/internal/check"
	"jobzero/internal/design"
	"jobzero/internal/design/cfn"
	"jobzero/internal/fault"
)

// knowing is where what is known of policies stands.
type knowing struct {
	from    []string
	account string
	seats   *holding.World // takes what the files say of who holds what; nil: nobody wants to know
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
	if err := s.known(ctx, e, o); err != nil {
		return nil, err
	}
	if o.seats != nil {
		o.seats.Done()
	}
	return e, e.Done()
}

// known reads all that is known into an estate, and into what is known of who holds what where somebody wants to know.
func (s *shell) known(ctx context.Context, e *estate.Estate, o *knowing) error {
	kinds := []string{".json"}
	if o.seats != nil {
		e.Tell(o.seats)
		kinds = append(kinds, ".csv")
	}
	var all []*files.File
	for _, name := range o.from {
		more, err := files.At(ctx, name, kinds...)
		if err != nil {
			return err
		}
		all = append(all, more...)
	}
	if err := s.readFiles(ctx, e, all); err != nil {
		return err
	}
	taken := map[string]bool{}
	for _, f := range all {
		taken[f.Path] = f.Mine
		if o.seats == nil || f.Mine {
			continue
		}
		var err error
		if taken[f.Path], err = o.holds(f.Path); err != nil {
			return err
		}
	}
	var others []check.Input
	for _, name := range o.from {
		if taken[name] {
			continue
		}
		in, err := check.InputOf(name)
		if err != nil {
			return err
		}
		others = append(others, in)
	}
	return s.designed(ctx, e, others, o)
}

// readFiles reads those that are in the estate's own forms, several at once.
func (s *shell) readFiles(ctx context.Context, e *estate.Estate, all []*files.File) error {
	defer keepMuch()()
	bar := s.newCounter("reading")
	defer bar.close()
	count := bar.counts("files of policies")
	return files.Read(ctx, e, all, func(done int) {
		if count != nil {
			count(done, len(all))
		}
	})
}

// holds reads a file of who holds what; false when it is another. A table that was named is one whatever it looks like.
func (o *knowing) holds(path string) (bool, error) {
	in, begin, err := files.Peek(path)
	if err != nil {
		return false, err
	}
	defer in.Close()
	if !holding.Looks(begin) && (filepath.Ext(path) != ".csv" || !slices.Contains(o.from, path)) {
		return false, nil
	}
	_, err = o.seats.Read(path, in)
	return true, err
}

// designed reads texts of resources: templates, folders and plans of Terraform, items of AWS Config.
func (s *shell) designed(ctx context.Context, e *estate.Estate, inputs []check.Input, o *knowing) error {
	if len(inputs) == 0 {
		return nil
	}
	var broken error
	report, err := check.Documents(ctx, inputs, check.Options{Template: cfn.Options{Account: o.account}}, func(d *design.Document) {
		for i := range d.Resources {
			r := &d.Resources[i]
			if err := e.Add(r.Resource); err != nil && broken == nil {
				broken = fault.Wrap(fault.Invalid, err, "%s: %s", r.Place, r.Name)
			}
			if o.seats != nil {
				o.seats.Mention(r.Resource)
			}
		}
	})
	switch {
	case err != nil:
		return err
	case len(report.Unread) > 0 && errors.Is(report.Unread[0], check.ErrOther):
		wanted := estate.Wanted
		if o.seats != nil {
			wanted += ", or " + holding.Wanted
		}
		return fault.New(fault.Invalid, "%v; or %s", report.Unread[0], wanted)
	case len(report.Unread) > 0:
		return report.Unread[0]
	}
	return broken
}
