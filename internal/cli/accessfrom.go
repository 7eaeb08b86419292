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
	var others []check.Input
	for _, name := range o.from {
		mine, err := details(e, name)
		if err == nil && !mine {
			err = s.folder(ctx, e, name)
		}
		if err != nil {
			return err
		}
		if mine {
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

// folder reads the files of a folder that are in the estate's own forms, such as collect writes; what else is in it is read as texts.
func (s *shell) folder(ctx context.Context, e *estate.Estate, name string) error {
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
		case d.IsDir() || filepath.Ext(at) != ".json":
			return nil
		}
		_, err = details(e, at)
		return err
	})
}

// details reads a file in one of the estate's own forms; false when it is another, or a folder.
func details(e *estate.Estate, name string) (bool, error) {
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
	if !estate.Looks(begin) {
		return false, nil
	}
	return true, e.Read(name, r)
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
