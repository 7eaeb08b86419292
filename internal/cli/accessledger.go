package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"jobzero/internal/access/ledger"
	"jobzero/internal/fault"
	"jobzero/internal/hunt"
	"jobzero/internal/hunt/fold"
	"jobzero/internal/source/archive"
)

// folding is what the commands of the ledger have in common: where it comes from, and the time that is asked about.
type folding struct {
	logFlags
	file     string
	store    bool
	window   archive.Window
	parallel int
	once     bool
	leaves   int
	letters  string
	form     format
}

const folded = `A ledger is CloudTrail folded into principal, action, resource and day, with who was behind it. A PATH is what replay reads:
files, folders, archives, s3://BUCKET/PREFIX. Of paths with the layout of CloudTrail only those of the time are read (see
jobzero hunt). Everything is read twice, first for the sessions, so that whoever assumed a role is known; --once reads once,
and then only what a record says itself is known.

Of more than --leaves objects of a bucket (or log groups, machines …) that one principal touched by one action, the ledger
tells the folder, the bucket or the kind, with * at its end. Calls that no trail recorded are not in it: data events need a
trail that has them.`

func (o *folding) flags(c *cobra.Command) {
	o.logFlags.flags(c)
	o.form.flag(c)
	f := c.Flags()
	f.StringVar(&o.file, "ledger", "", "the ledger's `FILE`")
	f.BoolVar(&o.store, "from-store", false, "take the ledger that `jobzero serve` keeps in its database")
	f.Var((*timeValue)(&o.window.Since), "since", "from this time on (RFC 3339 or a date, UTC); of a ledger's file from its day on")
	f.Var((*timeValue)(&o.window.Until), "until", "before this time; of a ledger's file to its day")
	f.StringSliceVar(&o.window.Accounts, "account", nil, "read logs of this account `ID` only; repeatable")
	f.StringSliceVar(&o.window.Regions, "region", nil, "read logs of this `REGION` only; repeatable")
	f.IntVar(&o.parallel, "parallel", 16, "how many objects of a bucket to fetch at once")
	f.BoolVar(&o.once, "once", false, "read the logs once; who is behind a session is known less often")
	f.IntVar(&o.leaves, "leaves", 100, "how many resources of a kind, by one principal and action, are told one by one")
	lettersFlag(c, &o.letters)
}

func (s *shell) accessLedger() *cobra.Command {
	var o folding
	c := &cobra.Command{
		Use:   "ledger PATH|s3://BUCKET/PREFIX…|--from-store --ledger FILE [--since TIME] [--until TIME]",
		Short: "Fold logs into a file that says who did what",
		Long: `Makes the file, or adds to it when it is there. Files that CloudTrail delivered count once, however often they are read; of
others the last million events are remembered, so that none of those counts twice. The file is written when all is read, or
not at all. With --from-store it is a copy of what ` + "`jobzero serve`" + ` keeps (settings: ledger), and must not be there yet.

` + folded,
		Example: `  # Every night: what came since yesterday
  jobzero access ledger --ledger use.ledger --since 2026-03-01 s3://example-trail
  jobzero access used arn:aws:iam::111122223333:role/deploy --ledger use.ledger
  # What the running house has kept, as a file
  jobzero access ledger --from-store --ledger house.ledger`,
		RunE: func(cmd *cobra.Command, args []string) error { return s.runLedger(cmd.Context(), o, args) },
	}
	o.flags(c)
	_ = c.MarkFlagRequired("ledger")
	return c
}

// kept is what a ledger holds and what was read for it, for programs.
type kept struct {
	Ledger struct {
		ledger.Counts
		ledger.Size
		Coarse ledger.Coarse `json:"coarse"`
	} `json:"ledger"`
	Outside int64 `json:"outside,omitempty"` // records out of the window
	Again   int64 `json:"again,omitempty"`   // records of files that were read before
	Before  int   `json:"before,omitempty"`  // files that were read before, not opened
	taken
	leftOut
}

func (s *shell) runLedger(ctx context.Context, o folding, args []string) error {
	if err := o.checkStore(args); err != nil {
		return err
	}
	if o.store {
		return s.copyLedger(ctx, o)
	}
	if len(args) == 0 {
		return fault.New(fault.Invalid, "name logs to read, PATH or s3://BUCKET/PREFIX; or --from-store for what the house keeps")
	}
	l, err := o.open()
	if err != nil {
		return err
	}
	t, stats, err := s.fold(ctx, o, l, args)
	if err != nil {
		return err
	}
	return s.wrote(o, l, kept{Outside: stats.Outside, Again: stats.Again, Before: stats.Before, taken: t.taken(), leftOut: t.leftOut()})
}

// wrote writes a ledger into its file and says what it holds.
func (s *shell) wrote(o folding, l *ledger.Ledger, x kept) error {
	if err := writeLedger(o.file, l); err != nil {
		return err
	}
	if o.form == formatJSON {
		x.Ledger.Counts, x.Ledger.Size, x.Ledger.Coarse = l.Counts(), l.Size(), l.Coarse()
		return s.object(x)
	}
	size := l.Size()
	return s.print("%s: %s of %s, %s", o.file, counted(int64(size.Rows), "row"), counted(l.Counts().Kept, "event"), counted(int64(len(l.Principals())), "principal"))
}

// open reads the ledger's file, where one is named and is there.
func (o *folding) open() (*ledger.Ledger, error) {
	limits := ledger.Options{Leaves: o.leaves}
	if o.leaves < 1 {
		return nil, fault.New(fault.Invalid, "--leaves %d: want 1 or more", o.leaves)
	}
	if o.file == "" {
		return ledger.New(limits), nil
	}
	f, err := os.Open(o.file)
	if errors.Is(err, fs.ErrNotExist) {
		return ledger.New(limits), nil
	}
	if err != nil {
		return nil, fault.Path(err, o.file, "a ledger, for --ledger")
	}
	defer func() { _ = f.Close() }()
	return ledger.Read(o.file, f, limits)
}

// fold adds logs to a ledger, and says what became of them.
func (s *shell) fold(ctx context.Context, o folding, l *ledger.Ledger, args []string) (*tally, fold.Stats, error) {
	var none fold.Stats
	if err := (huntOptions{window: o.window, parallel: o.parallel}).check(); err != nil {
		return nil, none, err
	}
	run := fold.Options{Window: o.window, Now: s.now, Once: o.once}
	var err error
	if run.Logs, err = s.logs(o.logFlags); err != nil {
		return nil, none, err
	}
	letters, err := openLetters(o.letters)
	if err != nil {
		return nil, none, err
	}
	inputs, end, err := s.inputs(ctx, args, o.window)
	if err != nil {
		return nil, none, err
	}
	defer end()
	for _, in := range inputs {
		if in.Streams != nil {
			run.Workers = o.parallel
		}
	}
	defer keepMuch()()
	bar := s.newBar()
	defer bar.close()
	t := &tally{began: s.now(), cpu: cpuTime()}
	to := &telling{tally: t, kept: letters, bar: bar}
	run.Progress, run.Letter, run.Skipped = bar.progress(), to.Letter, to.Skipped
	left := l.Counts().Left[ledger.Duplicate]
	stats, err := fold.Run(ctx, inputs, run, l)
	bar.close()
	if err != nil {
		return nil, none, err
	}
	t.read = hunt.Stats{Stats: stats.Stats, Outside: stats.Outside, Duplicates: l.Counts().Left[ledger.Duplicate] - left}
	t.end(s.now(), cpuTime())
	s.sumFold(t, stats, l)
	return t, stats, nil
}

// sumFold says what was read, and what the ledger does not tell.
func (s *shell) sumFold(t *tally, stats fold.Stats, l *ledger.Ledger) {
	if stats.Before > 0 && t.read.Files == 0 {
		s.complain("Nothing new: %s read before", counted(int64(stats.Before), "file"))
		return
	}
	s.forgotten(stats.Sessions)
	s.sum(t, false, func() {
		if stats.Before > 0 || stats.Again > 0 {
			s.complain("Read before, and not counted again: %s, %s", counted(int64(stats.Before), "file"), counted(stats.Again, "record"))
		}
		if stats.Outside > 0 {
			s.complain("%s out of the time, accounts and regions", counted(stats.Outside, "record"))
		}
	})
	s.losing(l)
}

// losing says what a ledger left out, and how far it was folded.
func (s *shell) losing(l *ledger.Ledger) {
	c, coarse := l.Counts(), l.Coarse()
	why := map[string]int64{}
	for reason, n := range c.Left {
		if reason != ledger.Duplicate {
			why[string(reason)] = n
		}
	}
	var parts []string
	for _, reason := range byCount(why) {
		parts = append(parts, fmt.Sprintf("%s %s", count(why[reason]), reason))
	}
	if len(parts) > 0 {
		s.complain("Not in the ledger: %s", strings.Join(parts, ", "))
	}
	if coarse.Rows > 0 {
		told := []string{"", "resources are told by their kind or bucket", "resources are told by service", "resources are told by service, and nobody is behind them"}
		s.complain("jobzero: warning: the ledger is full: %s. Make one for some accounts, with --account", told[coarse.Rows])
	}
	if coarse.Days > 0 {
		told := []string{"", "days are told as months", "no days are told"}
		s.complain("jobzero: warning: the ledger has too many days: %s. Make one for a shorter time, with --since", told[coarse.Days])
	}
	if c.Beyond > 0 {
		s.complain("jobzero: warning: of %s only the day is told, because the ledger is full", counted(c.Beyond, "use"))
	}
	if c.Roots > 0 {
		s.complain("jobzero: warning: who was behind %s is told as a kind only, because there were too many", counted(c.Roots, "use"))
	}
}

// writeLedger puts a ledger into a file, whole or not at all.
func writeLedger(name string, l *ledger.Ledger) error {
	wrong := func(err error) error { return fault.Wrap(fault.Invalid, err, "write the ledger %s", name) }
	f, err := os.CreateTemp(filepath.Dir(name), ".jobzero-*")
	if err != nil {
		return wrong(err)
	}
	defer func() { _ = os.Remove(f.Name()) }()
	err = l.Write(f)
	if err == nil {
		err = f.Sync()
	}
	if closing := f.Close(); err == nil {
		err = closing
	}
	if err == nil {
		err = os.Rename(f.Name(), name)
	}
	if err != nil {
		return wrong(err)
	}
	return nil
}
