package cli

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"jobzero/internal/app"
	"jobzero/internal/detect/correlate"
	"jobzero/internal/detect/intel"
	"jobzero/internal/detect/sigma"
	"jobzero/internal/event"
	"jobzero/internal/fault"
	"jobzero/internal/finding"
	"jobzero/internal/hunt"
	"jobzero/internal/principal/lineage"
	"jobzero/internal/source"
	"jobzero/internal/source/file"
)

// reading is what replay and hunt have in common: what to judge by, and how to say what was found.
type reading struct {
	ruling
	form    format
	stats   bool
	profile bool
	lineage bool
	intel   []string
	deep    bool // likewise
	letters string
	failOn  finding.Severity
}

func (o *reading) flags(c *cobra.Command) {
	o.ruling.flags(c)
	o.logFlags.flags(c)
	o.form.flag(c, formatOCSF)
	f := c.Flags()
	f.BoolVar(&o.stats, "stats", false, "write one JSON object with the figures as the last line of the standard error")
	f.BoolVar(&o.profile, "profile", false, "say on the standard error what each rule costs: a table, or one JSON object with --format json")
	severityFlag(c, &o.failOn, "fail-on", "exit with 1 when a finding is at least this severe")
	f.BoolVar(&o.lineage, "lineage", false, "say with every finding who is behind it; reads everything twice")
	f.StringArrayVar(&o.intel, "intel", nil, "file or feed folder at `PATH` with threat intelligence; repeatable")
	f.BoolVar(&o.deep, "intel-deep", false, "look for indicators in the parameters and answers of calls too, which takes longer")
	lettersFlag(c, &o.letters)
}

// work is what is read, by which rules, and how.
type work struct {
	rules    ruleset
	inputs   []file.Input
	hunt     hunt.Options
	forecast *hunt.Forecast // takes the findings; nil: they are written
	resumes  bool           // it can go on behind a file
}

// read judges what the inputs hold, says what was found and sums up.
func (s *shell) read(ctx context.Context, o reading, w work) error {
	defer spendMemory()()
	t := &tally{began: s.now(), cpu: cpuTime(), severities: map[finding.Severity]int{}}
	bar := s.newBar()
	defer bar.close()
	w.hunt.Lineage, w.hunt.Org, w.hunt.Progress, w.hunt.Now = o.lineage, w.rules.org, bar.progress(), s.now
	w.hunt.Silent = o.form != formatOCSF // nothing else says why
	w.hunt.Logs = w.rules.logs
	known, bad, err := app.Indicators(o.intel, intel.Options{Deep: o.deep})
	s.warn("", bad)
	if err != nil {
		return err
	}
	if known != nil {
		w.hunt.Also = known
	}
	if o.profile {
		_, others := w.rules.ByLineage() // what asks who is behind an event is judged at the end
		w.hunt.Profile = sigma.NewProfile(others)
	}
	run, more := hunt.New(w.rules.Set, w.hunt)
	s.warn("", more)
	if run == nil {
		return more[len(more)-1]
	}
	to := &telling{tally: t, out: newWriter(s.out, o.form, s.now), bar: bar, forecast: w.forecast}
	if to.kept, err = openLetters(o.letters); err != nil {
		return err
	}
	t.read, err = run.Run(ctx, w.inputs, to)
	bar.close()
	if (fault.Is(err, fault.NotFound) || fault.Is(err, fault.Invalid)) && t.read.Stats == (file.Stats{}) {
		return err // nothing was read: there is nothing to sum up
	}
	t.end(s.now(), cpuTime())
	return s.conclude(o, t, w, err)
}

// conclude sums up, in the order: what went wrong, the summary, what rules cost, the figures.
func (s *shell) conclude(o reading, t *tally, w work, err error) error {
	stopped := errors.Is(err, context.Canceled)
	if err != nil && !stopped {
		s.complain("jobzero: %s", err)
	}
	s.only(w.hunt.Window.Logs)
	s.losses(t.read.Losses)
	s.forgotten(t.read.Sessions)
	if o.form == formatTable {
		s.sum(t, stopped, func() { s.sumFindings(t) })
	} else if stopped {
		s.complain("jobzero: stopped before the end")
	}
	if err != nil && w.resumes && t.read.Stats.Last != "" {
		s.complain("jobzero: go on with --after %s; correlations begin anew then", t.read.Stats.Last)
	}
	if w.hunt.Profile != nil {
		if bad := s.showProfile(w.hunt.Profile, o.form); bad != nil {
			return bad
		}
	}
	n := t.atLeast(o.failOn)
	if n > 0 {
		s.complain("jobzero: %s at or above %s", plural(n, "finding"), o.failOn)
	}
	if w.forecast != nil && err == nil {
		if bad := s.showForecast(w.forecast.Sum(t.read, w.hunt.Window), o.form); bad != nil {
			return bad
		}
	}
	if o.stats {
		if bad := writeJSON(s.err, t.stats()); bad != nil {
			return bad
		}
	}
	switch { // what there is to say was said above: the figures stay the last line
	case err != nil:
		return &said{err}
	case n > 0:
		return &said{&failed{}}
	}
	return nil
}

// telling is what the reading tells what it finds.
type telling struct {
	tally    *tally
	out      *writer
	kept     *letters // nil: they are only counted
	bar      *bar
	forecast *hunt.Forecast // nil: findings are written
}

// Hits takes findings.
func (t *telling) Hits(hits []hunt.Hit) error {
	if t.forecast != nil {
		for _, h := range hits {
			t.tally.add(h)
			t.forecast.Add(h)
		}
		return nil
	}
	t.bar.hide() // where both are the same screen, a row must not land in the middle of the bar
	for _, h := range hits {
		t.tally.add(h)
		if err := t.out.write(h); err != nil {
			return fault.Wrap(fault.Unavailable, err, "write the findings")
		}
	}
	return fault.Wrap(fault.Unavailable, t.out.to.Flush(), "write the findings")
}

// Letter takes what could not be read.
func (t *telling) Letter(d source.DeadLetter) error {
	t.tally.letter(d)
	if t.kept == nil {
		return nil
	}
	return t.kept.write(d)
}

// Skipped takes what was no log.
func (t *telling) Skipped(path, reason string) { t.tally.skip(path, reason) }

// forgotten says what had to be given up of sessions.
func (s *shell) forgotten(c lineage.Counts) {
	if c.Evicted > 0 {
		s.complain("jobzero: warning: more than %s were issued: %s were forgotten, and who is behind them is unknown: replay fewer days at a time",
			counted(int64(c.Grants), "temporary credential"), count(int64(c.Evicted)))
	}
}

// only says that not every log was read.
func (s *shell) only(logs []event.Log) {
	var names []string
	for _, l := range logs {
		names = append(names, l.String())
	}
	slices.Sort(names)
	if len(names) > 0 {
		s.complain("Of logs whose place says what they are, only those that the rules are about were read: %s", join(slices.Compact(names)))
	}
}

// losses says what correlations had to give up.
func (s *shell) losses(all []correlate.Loss) {
	if len(all) == 0 {
		return
	}
	kinds := map[correlate.Kind]int{}
	for _, l := range all {
		kinds[l.Kind]++
	}
	var parts []string
	for k, n := range kinds {
		parts = append(parts, fmt.Sprintf("%d %s", n, k))
	}
	slices.Sort(parts)
	s.complain("jobzero: warning: correlations could not use everything (%s), the first: %s: %s", strings.Join(parts, ", "), all[0].Correlation, all[0].Why)
}
