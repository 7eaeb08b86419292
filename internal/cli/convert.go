package cli

import (
	"context"
	"errors"
	"time"

	"github.com/spf13/cobra"

	"jobzero/internal/fault"
	"jobzero/internal/source"
	"jobzero/internal/source/file"
	"jobzero/internal/source/logs"
)

// target is what convert writes.
type target string

const (
	toOCSF    target = "ocsf"
	toParquet target = "parquet"
)

// convertOptions are what a person can say to convert.
type convertOptions struct {
	logFlags
	to      target
	out     string
	raw     bool
	stats   bool
	letters string
}

func (s *shell) convert() *cobra.Command {
	o := convertOptions{to: toOCSF}
	c := &cobra.Command{
		Use:   "convert [--to ocsf|parquet] [--out FILE|DIR] [--raw] [--stats] [--dead-letters DIR] PATH…",
		Short: "Write logs anew in OCSF, as JSON or as Parquet for Security Lake",
		Long: `Reads the logs that replay reads and writes every event in the shape of its OCSF class, in the order of the input, duplicates
left out. What a class has no place for stands in "unmapped", so nothing is lost; --raw keeps the record itself as well.

--to ocsf writes one JSON object a line, to the standard output or to --out FILE; one whose name ends in .gz is packed.

--to parquet writes into --out DIR in the layout of Amazon Security Lake, a file for each place, sorted by time:
ext/<source>/region=<r>/accountId=<id>/eventDay=YYYYMMDD/. A source holds one class of one log: cloudtrail-api_activity. What is
there already stays; the same events give the same files. All is written at the end, so a run that is stopped leaves nothing.

What cannot be read becomes a dead letter: it is counted, named and, with --dead-letters, kept; the next record goes on.

Exit codes: 0 it ran, 2 it could not run.`,
		Example: `  # What did this address do?
  jobzero convert ./AWSLogs | jq -c 'select(.src_endpoint.ip == "198.51.100.7")'

  # One file to hand on, with the records as AWS wrote them
  jobzero convert --raw --out events.json.gz ./AWSLogs

  # For Security Lake and Athena
  jobzero convert --to parquet --out ./lake ./AWSLogs
  aws s3 cp --recursive ./lake s3://aws-security-data-lake-eu-central-1-example/`,
		Args: arguments(cobra.MinimumNArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error { return s.runConvert(cmd.Context(), o, args) },
	}
	f := c.Flags()
	choices := []target{toOCSF, toParquet}
	f.Var(&choice[target]{&o.to, choices}, "to", "what to write: "+join(choices))
	complete(c, "to", choices...)
	f.StringVarP(&o.out, "out", "o", "", "`FILE` to write to instead of the standard output; for parquet the folder")
	f.BoolVar(&o.raw, "raw", false, "keep each record as it was delivered, in raw_data")
	f.BoolVar(&o.stats, "stats", false, "write one JSON object with the figures as the last line of the standard error")
	lettersFlag(c, &o.letters)
	o.logFlags.flags(c)
	return c
}

// conversion is what the figures of a conversion are.
type conversion struct {
	taken
	Written      int64 `json:"written"` // events
	FilesWritten int64 `json:"files_written"`
	BytesWritten int64 `json:"bytes_written"`
	leftOut
}

// runConvert reads and writes, and says at the end what it did.
func (s *shell) runConvert(ctx context.Context, o convertOptions, paths []string) (err error) {
	if o.to == toParquet && o.out == "" {
		return fault.New(fault.Invalid, "--to parquet writes many files: name their folder with --out DIR")
	}
	t := &tally{began: s.now(), cpu: cpuTime()}
	kept, err := openLetters(o.letters)
	if err != nil {
		return err
	}
	known, err := s.logs(o.logFlags)
	if err != nil {
		return err
	}
	to, err := s.sink(o)
	if err != nil {
		return err
	}
	err = s.rewrite(ctx, o, paths, rewriting{telling{tally: t, kept: kept}, known, to})
	if fault.Is(err, fault.NotFound) && t.read.Stats == (file.Stats{}) {
		return errors.Join(err, to.close())
	}
	if err == nil {
		err = to.finish(ctx)
	}
	err = errors.Join(err, to.close())
	made := to.written()
	t.end(s.now(), cpuTime())
	stopped := errors.Is(err, context.Canceled)
	if err != nil && !stopped {
		s.complain("jobzero: %s", err)
	}
	s.sum(t, stopped, func() {
		s.complain("%s written in %s (%s)", counted(made.Rows, "event"), counted(made.Files, "file"), size(made.Bytes))
	})
	if o.stats {
		if bad := writeJSON(s.err, conversion{t.taken(), made.Rows, made.Files, made.Bytes, t.leftOut()}); bad != nil {
			return bad
		}
	}
	if err != nil {
		return &said{err}
	}
	return nil
}

// rewriting is what one run works with.
type rewriting struct {
	telling
	logs logs.Options
	to   sink
}

// rewrite reads what is in the files and hands the views to the sink.
func (s *shell) rewrite(ctx context.Context, o convertOptions, paths []string, r rewriting) (err error) {
	window := source.NewDedupe(0)
	bar := s.newBar()
	defer bar.close()
	open := func() *rewritten { return &rewritten{known: window, raw: o.raw} }
	take := func(done *rewritten) error {
		if err := done.Unread(r.Letter, r.Skipped); err != nil {
			return err
		}
		if o.out == "" {
			bar.hide() // where both are the same screen, a line must not land in the middle of the bar
		}
		rows, duplicates := done.fresh()
		r.tally.read.Duplicates += duplicates
		for _, row := range rows {
			if err := r.to.add(ctx, row); err != nil {
				return err
			}
		}
		return nil
	}
	r.tally.read.Stats, err = file.Spread(ctx, paths, file.Options{Now: time.Now, Progress: bar.progress(), Logs: r.logs}, open, take)
	return err
}
