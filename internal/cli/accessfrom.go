package cli

import (
	"bufio"
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"jobzero/internal/access/estate"
	"jobzero/internal/access/holding"
	"jobzero/internal/check"
	"jobzero/internal/design"
	"jobzero/internal/design/cfn"
	"jobzero/internal/fault"
)

// wantEstate is what a file of an estate is, for people.
const wantEstate = "a file or folder of what is known of policies"

// peeked is how much of a file is looked at to see what it is.
const peeked = 64 << 10

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
	if o.seats != nil {
		e.Tell(o.seats)
	}
	var others []check.Input
	for _, name := range o.from {
		mine, err := o.details(e, name, false)
		if err == nil && !mine {
			err = s.folder(ctx, e, o, name)
		}
		if err != nil {
			return nil, err
		}
		if mine {
			continue
		}
		in, err := inputOf(name)
		if err != nil {
			return nil, err
		}
		others = append(others, in)
	}
	if err := s.designed(ctx, e, others, o); err != nil {
		return nil, err
	}
	if o.seats != nil {
		o.seats.Done()
	}
	return e, e.Done()
}

// folder reads the files of a folder that are in the estate's own forms, such as collect writes; what else is in it is read as texts.
func (s *shell) folder(ctx context.Context, e *estate.Estate, o *knowing, name string) error {
	if info, err := os.Stat(name); err != nil || !info.IsDir() {
		return nil //nolint:nilerr // it is no folder, and who reads it says what is wrong with it
	}
	return filepath.WalkDir(name, func(at string, d fs.DirEntry, err error) error {
		switch {
		case ctx.Err() != nil:
			return context.Cause(ctx)
		case err != nil:
			return fault.Path(err, at, wantEstate)
		case at != name && strings.HasPrefix(d.Name(), "."):
			if d.IsDir() {
				return fs.SkipDir
			}
			return nil
		case d.IsDir() || filepath.Ext(at) != ".json" && filepath.Ext(at) != ".csv":
			return nil
		}
		_, err = o.details(e, at, true)
		return err
	})
}

// details reads a file in one of the estate's own forms, or one of who holds what; false when it is another, or a folder.
func (o *knowing) details(e *estate.Estate, name string, among bool) (bool, error) {
	info, err := os.Stat(name)
	if err != nil {
		return false, fault.Path(err, name, wantEstate)
	}
	if info.IsDir() {
		return false, nil
	}
	f, err := os.Open(name)
	if err != nil {
		return false, fault.Path(err, name, wantEstate)
	}
	defer f.Close()
	r := bufio.NewReaderSize(f, peeked)
	begin, err := r.Peek(peeked)
	if err != nil && err != io.EOF { //nolint:errorlint // bufio gives it as it is
		return false, fault.Path(err, name, wantEstate)
	}
	switch {
	case estate.Looks(begin):
		return true, e.Read(name, r)
	case o.seats != nil && (holding.Looks(begin) || !among && filepath.Ext(name) == ".csv"):
		_, err := o.seats.Read(name, r)
		return true, err
	}
	return false, nil
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
