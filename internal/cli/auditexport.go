package cli

import (
	"bufio"
	"context"
	"errors"
	"io"
	"os"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"jobzero/internal/fault"
	"jobzero/internal/store"
	"jobzero/internal/ticket"
	"jobzero/internal/ticket/transcript"
)

// exporting says which part of the chain is written, and where to.
type exporting struct {
	since, until time.Time
	to           string
}

func (s *shell) auditExport() *cobra.Command {
	var o exporting
	c := &cobra.Command{
		Use:   "export",
		Short: "Write the chain to a file that proves itself",
		Long: `Writes the chain as JSON Lines: each link with its hash, and the entry of the timeline that it is of, in order. jobzero audit
verify --file checks the file without a database, and names the first line that was edited, removed or put in.

--since and --until choose by the time of entries: from the first entry that is not before the one, up to the last that is
before the other. All of the chain that lies between the two is there.`,
		Example: `  jobzero audit export -o audit.jsonl
  jobzero audit export --since 2026-11-01 --until 2026-12-01 -o november.jsonl
  jobzero audit export | jq -c 'select(.entry.made) | .entry.made[]'`,
		Args: arguments(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return s.with(cmd.Context(), func(st *store.Store) error { return s.export(cmd.Context(), st, o) })
		},
	}
	c.Flags().Var((*timeValue)(&o.since), "since", "entries from this time on (RFC 3339 or a date, UTC)")
	c.Flags().Var((*timeValue)(&o.until), "until", "entries before this time")
	c.Flags().StringVarP(&o.to, "output", "o", "", "file to write, which must not exist yet; else it is written out")
	_ = c.MarkFlagFilename("output", "jsonl")
	return c
}

// export writes the chain to a file, which is not there when it could not be written whole.
func (s *shell) export(ctx context.Context, st *store.Store, o exporting) (err error) {
	if o.to == "" {
		_, err = s.exportTo(ctx, st, o, s.out)
		return err
	}
	f, err := os.OpenFile(o.to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return fault.Wrap(fault.Invalid, err, "export")
	}
	end, err := s.exportTo(ctx, st, o, f)
	if err = errors.Join(err, f.Close()); err != nil {
		return errors.Join(err, os.Remove(o.to))
	}
	return s.print("%s: %s, of them %s, up to link %d, head %s", o.to, plural(int(end.Links), "link"), entries(end.Entries), end.Seq, end.Hash)
}

func entries(n int64) string {
	if n == 1 {
		return "1 entry"
	}
	return strconv.FormatInt(n, 10) + " entries"
}

func (s *shell) exportTo(ctx context.Context, st *store.Store, o exporting, to io.Writer) (end transcript.End, err error) {
	after, upto, err := s.part(ctx, st, o)
	if err != nil {
		return end, err
	}
	bar := s.newCounter("links")
	defer bar.close()
	buffer := bufio.NewWriter(to)
	w, err := transcript.New(buffer, after, s.now())
	if err != nil {
		return end, err
	}
	err = eachLinked(ctx, st, after.Seq, upto, func(l store.Linked) error {
		bar.step()
		return w.Add(l.Link, l.Of)
	})
	if err != nil {
		return end, err
	}
	if end, err = w.Close(); err != nil {
		return end, err
	}
	return end, fault.Wrap(fault.Unavailable, buffer.Flush(), "write the export")
}

// eachLinked tells of the links after one up to another one. What is written meanwhile comes behind them.
func eachLinked(ctx context.Context, st *store.Store, after, upto int64, tell func(store.Linked) error) error {
	for after < upto {
		some, err := view(ctx, st, func(tx *store.Tx) ([]store.Linked, error) { return tx.Exported(ctx, after, upto) })
		if err != nil {
			return err
		}
		if len(some) == 0 {
			return fault.New(fault.Conflict, "the chain ends at link %d, and had %d: run `jobzero audit verify`", after, upto)
		}
		for _, l := range some {
			if err := tell(l); err != nil {
				return err
			}
			after = l.Seq
		}
	}
	return nil
}

// errFound ends a walk through the chain.
var errFound = errors.New("found")

// part is the part of the chain that is asked for: the link before it, and its last one.
func (s *shell) part(ctx context.Context, st *store.Store, o exporting) (after ticket.Link, upto int64, err error) {
	last, err := view(ctx, st, func(tx *store.Tx) (ticket.Link, error) { return tx.LastLink(ctx) })
	if err != nil || o.since.IsZero() && o.until.IsZero() {
		return after, last.Seq, err
	}
	begun := o.since.IsZero()
	before := ticket.Link{}
	err = eachLinked(ctx, st, 0, last.Seq, func(l store.Linked) error {
		if l.Of != nil && !begun && !l.Of.At.Before(o.since) {
			begun, after = true, before
		}
		if l.Of != nil && !o.until.IsZero() && !l.Of.At.Before(o.until) {
			return errFound
		}
		before = l.Link
		return nil
	})
	if errors.Is(err, errFound) {
		err = nil
	}
	if !begun {
		after = before
	}
	return after, before.Seq, err
}

// verifyFile checks an export.
func (s *shell) verifyFile(name string, form format) (err error) {
	from := s.in
	if name != "-" {
		f, err := os.Open(name)
		if err != nil {
			return fault.Wrap(fault.Invalid, err, "check an export")
		}
		defer func() { _ = f.Close() }()
		from = f
	}
	begin, end, err := transcript.Check(from)
	a := audit{Intact: err == nil, Links: end.Links, Head: end.Hash}
	switch {
	case fault.Is(err, fault.Conflict):
		a.Broken, a.Head = err.Error(), ""
	case err != nil:
		return fault.Wrap(fault.CodeOf(err), err, "%s", name)
	case form != formatJSON && begin.After > 0:
		if err := s.print("The file begins after link %d, whose hash is %s.", begin.After, begin.Prev); err != nil {
			return err
		}
	}
	return s.verdict(a, form)
}
