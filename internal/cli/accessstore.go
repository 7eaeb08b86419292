package cli

import (
	"context"
	"errors"
	"io/fs"
	"os"

	"jobzero/internal/access/ledger"
	"jobzero/internal/app"
	"jobzero/internal/fault"
	"jobzero/internal/store"
)

// unfolded has what the store holds told as it is: the house has folded it already.
const unfolded = 1 << 30

// keptLedger is the ledger that the running house keeps, of one principal or of all when it is empty.
func (s *shell) keptLedger(ctx context.Context, principal string) (l *ledger.Ledger, err error) {
	var told app.Told
	defer keepMuch()()
	err = s.with(ctx, func(st *store.Store) error {
		l, told, err = app.Ledger(ctx, st, principal, ledger.Options{Leaves: unfolded})
		return err
	})
	if err != nil {
		return nil, err
	}
	if l.Counts().Events == 0 {
		return nil, fault.New(fault.NotFound, "the store has no ledger yet: `jobzero serve` folds what its sources bring once a minute, unless ledger.days is 0")
	}
	if told.Waiting > 0 {
		s.complain("Not folded yet: %s of events; it takes a minute", plural(told.Waiting, "part"))
	}
	if told.Forgotten > 0 {
		s.complain("Too long ago to be told (ledger.days): %s", counted(told.Forgotten, "use"))
	}
	if told.Unread > 0 {
		s.complain("jobzero: warning: %s of events could not be read, and what is in there is not told", counted(told.Unread, "part"))
	}
	return l, nil
}

// checkStore says what else cannot be named where the ledger comes from the store.
func (o *folding) checkStore(logs []string) error {
	switch {
	case !o.store:
		return nil
	case len(logs) > 0:
		return fault.New(fault.Invalid, "--from-store takes the ledger that the house keeps: leave %s out", logs[0])
	case len(o.window.Accounts)+len(o.window.Regions) > 0:
		return fault.New(fault.Invalid, "--from-store: the ledger has all accounts and regions: leave --account and --region out")
	}
	return nil
}

// copyLedger writes the ledger of the store into a file that is not there yet.
func (s *shell) copyLedger(ctx context.Context, o folding) error {
	if !o.window.Since.IsZero() || !o.window.Until.IsZero() {
		return fault.New(fault.Invalid, "--from-store: a file has the whole ledger: leave --since and --until out")
	}
	if _, err := os.Stat(o.file); !errors.Is(err, fs.ErrNotExist) {
		return fault.New(fault.Conflict, "%s is there: name a file that is not, or nothing would say what is in it twice", o.file)
	}
	l, err := s.keptLedger(ctx, "")
	if err != nil {
		return err
	}
	s.losing(l)
	return s.wrote(o, l, kept{})
}
