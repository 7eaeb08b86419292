// Command genlogs writes a folder of made-up CloudTrail logs for benchmarks.
//
// It is: the driver of test/genlogs/cloudlog.
// It takes: a folder, a number of events and a seed; the same give the same logs.
// It gives: the folder in the layout of S3 with a manifest beside it, and what was written on the standard output.
// Next door: test/bench measures on such a folder.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"jobzero/test/genlogs/cloudlog"
)

func main() {
	switch err := run(os.Args[1:], os.Stdout, os.Stderr); {
	case errors.Is(err, flag.ErrHelp):
	case err != nil:
		fmt.Fprintln(os.Stderr, "genlogs:", err)
		os.Exit(2)
	}
}

func run(args []string, out, problems io.Writer) error {
	var o cloudlog.Options
	f := flag.NewFlagSet("genlogs", flag.ContinueOnError)
	f.SetOutput(problems)
	dir := f.String("out", "", "folder `DIR` to write; made when it is not there")
	f.IntVar(&o.Events, "events", cloudlog.DefaultEvents, "how many `records` to write, those delivered twice counted twice")
	f.Uint64Var(&o.Seed, "seed", 1, "`number` to draw from: the same gives the same logs")
	f.DurationVar(&o.Span, "span", cloudlog.DefaultSpan, "`time` over which the deliveries are spread")
	f.IntVar(&o.Plant, "plant", cloudlog.DefaultPlant, "one record in `so many` is suspicious")
	if err := f.Parse(args); err != nil {
		return err
	}
	if *dir == "" || o.Events < 1 || o.Plant < 1 || o.Span <= 0 || f.NArg() > 0 {
		return errors.New("say where to: go run ./test/genlogs -out DIR [-events 200000] [-seed 1] [-span 24h] [-plant 2500]; the numbers are above zero")
	}
	m, err := cloudlog.New(o).Write(*dir)
	if err != nil {
		return err
	}
	tell(out, *dir, m)
	return nil
}

// tell says what was written and what it is good for.
func tell(out io.Writer, dir string, m cloudlog.Manifest) {
	fmt.Fprintf(out, "wrote %s: %d records in %d objects, %s to %s\n", dir, m.Events, m.Objects, m.From.Format("2006-01-02 15:04"), m.To.Format("2006-01-02 15:04 MST"))
	fmt.Fprintf(out, "  %.1f MB of JSON, %.1f MB compressed (%.1f to 1), %d bytes a record\n",
		float64(m.BytesJSON)/1e6, float64(m.BytesCompressed)/1e6, float64(m.BytesJSON)/float64(m.BytesCompressed), m.BytesJSON/int64(m.Events))
	fmt.Fprintf(out, "  %d records delivered a second time\n", m.Duplicates)
	for _, rule := range slices.Sorted(maps.Keys(m.Planted)) {
		fmt.Fprintf(out, "  %d for the rule %s\n", m.Planted[rule], rule)
	}
	logs := filepath.Join(dir, "AWSLogs")
	fmt.Fprintf(out, "the same in %s\nread it with: jobzero replay --format json --stats %s >/dev/null\n", filepath.Join(dir, cloudlog.ManifestName), logs)
}
