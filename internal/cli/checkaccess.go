package cli

import (
	"context"

	"jobzero/internal/access/ask"
	"jobzero/internal/access/estate"
	"jobzero/internal/check"
	"jobzero/internal/design"
	"jobzero/internal/design/cfn"
	"jobzero/internal/fault"
)

// supposed is who may do what once the texts are made: what is there, and what they add or make otherwise. Nothing unless somebody said what
// is there. A text that cannot be read is told by the check itself.
func (s *shell) supposed(ctx context.Context, o checkOptions, texts []check.Input) (*ask.Known, error) {
	if len(o.access) == 0 {
		return nil, nil
	}
	e := estate.New()
	if err := s.known(ctx, e, &knowing{from: o.access, account: o.account}); err != nil {
		return nil, err
	}
	var broken error
	_, err := check.Documents(ctx, texts, check.Options{Template: cfn.Options{Account: o.account, Region: o.region}}, func(d *design.Document) {
		for i := range d.Resources {
			r := &d.Resources[i]
			if err := e.Add(r.Resource); err != nil && broken == nil {
				broken = fault.Wrap(fault.Invalid, err, "%s: %s", r.Place, r.Name)
			}
		}
	})
	if err == nil {
		err = broken
	}
	if err == nil {
		err = e.Done()
	}
	return ask.New(e), err
}
