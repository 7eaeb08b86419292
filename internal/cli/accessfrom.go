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
	var candidates []*candidate
	for _, name := range o.from {
		more, err := candidatesOf(ctx, name)
		if err != nil {
			return nil, err
		}
		candidates = append(candidates, more...)
	}
	files := make([]estate.File, 0, len(candidates))
	for _, c := range candidates {
		files = append(files, estate.File{Name: c.path, Open: c.open})
	}
	defer keepMuch()()
	bar := s.newCounter("reading")
	defer bar.close()
	count := bar.counts("files of policies")
	err := e.ReadFiles(ctx, files, func(done int) {
		if count != nil {
			count(done, len(files))
		}
	})
	if err != nil {
		return nil, err
	}
	mine := map[string]bool{}
	for _, c := range candidates {
		mine[c.path] = c.mine
	}
	var others []check.Input
	for _, name := range o.from {
		if mine[name] {
			continue
		}
		in, err := inputOf(name)
		if err != nil {
			return nil, err
		}
		others = append(others, in)
	}
	if err := s.designed(ctx, e, others, o.account); err != nil {
		return nil, err
	}
	return e, e.Done()
}

// candidate is a file that may be in one of the estate's own forms, such as collect writes.
type candidate struct {
	path string
	mine bool // it is; once it was opened
}

// candidatesOf are a file that was named, or those of a folder; what else is in a folder is read as texts.
func candidatesOf(ctx context.Context, name string) (out []*candidate, err error) {
	info, err := os.Stat(name)
	if err != nil {
		return nil, fault.Path(err, name, wantEstate)
	}
	if !info.IsDir() {
		return []*candidate{{path: name}}, nil
	}
	err = filepath.WalkDir(name, func(at string, d fs.DirEntry, err error) error {
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
		case !d.IsDir() && filepath.Ext(at) == ".json":
			out = append(out, &candidate{path: at})
		}
		return nil
	})
	return out, err
}

// open opens the file; nil when it is in another form.
func (c *candidate) open() (io.ReadCloser, error) {
	f, err := os.Open(c.path)
	if err != nil {
		return nil, fault.Path(err, c.path, wantEstate)
	}
	r := bufio.NewReaderSize(f, peeked)
	begin, err := r.Peek(peeked)
	if err != nil && err != io.EOF { //nolint:errorlint // bufio gives it as it is
		_ = f.Close()
		return nil, fault.Path(err, c.path, wantEstate)
	}
	if c.mine = estate.Looks(begin); !c.mine {
		return nil, f.Close()
	}
	return peekedFile{r, f}, nil
}

// peekedFile is a file of which the beginning was looked at.
type peekedFile struct {
	io.Reader
	io.Closer
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
