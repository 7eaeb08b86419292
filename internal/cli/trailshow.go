package cli

import (
	"fmt"
	"slices"

	"jobzero/internal/source/digest"
)

// maxListed is how many problems of one account and region a person is shown; programs get more.
const maxListed = 20

// verdicts are the reports as a person is shown them.
type verdicts struct {
	bounded bool // it was said up to when there must be digests
	table   table
	shown   []digest.Problem
	left    int // problems that are not shown

	reports, wrong, unknown, digests, empty, backfill, logs int
}

// add takes a report.
func (v *verdicts) add(r *digest.Report) {
	v.reports++
	v.wrong += r.Wrong
	v.unknown += r.Unknown
	v.digests += r.Digests.Found
	v.empty += r.Digests.Empty
	v.backfill += r.Digests.Backfill
	v.logs += r.Logs.Listed
	account := r.Account
	if r.Organisation != "" {
		account = r.Organisation + "/" + r.Account
	}
	v.table.add(account, dash(r.Region), instant(r.From), instant(r.To), fraction(r.Digests.Proven(), r.Digests.Found), fraction(r.Logs.Verified, r.Logs.Listed),
		count(int64(r.Wrong)), count(int64(r.Unknown)))
	worst := slices.Clone(r.Problems)
	slices.SortStableFunc(worst, func(a, b digest.Problem) int { return rank(a.Class) - rank(b.Class) })
	n := min(len(worst), maxListed)
	v.shown = append(v.shown, worst[:n]...)
	v.left += len(worst) - n + r.NotNamed
}

// err is what follows from them.
func (v *verdicts) err() error {
	switch {
	case v.wrong > 0:
		return &failed{fmt.Sprintf("the logs do not hold: %s wrong, %s unknown", count(int64(v.wrong)), count(int64(v.unknown)))}
	case v.unknown > 0:
		return &unsure{fmt.Sprintf("nothing is wrong, but not all is proven: %s unknown", count(int64(v.unknown)))}
	}
	return nil
}

func rank(c digest.Class) int {
	return slices.Index([]digest.Class{digest.Wrong, digest.Unknown, digest.Note}, c)
}

// amount is how many digests are of a kind.
func amount(n int) string {
	if n == 1 {
		return "1 is"
	}
	return count(int64(n)) + " are"
}

// fraction writes how many of how many.
func fraction(n, of int) string { return count(int64(n)) + " of " + count(int64(of)) }

// dash stands for what is empty.
func dash(text string) string {
	if text == "" {
		return "-"
	}
	return text
}

// showTrail shows the table and the problems.
func (s *shell) showTrail(v *verdicts) error {
	v.table.columns = []column{
		{name: "ACCOUNT"},
		{name: "REGION"},
		{name: "FROM (UTC)"},
		{name: "TO (UTC)"},
		{name: "DIGESTS PROVEN"},
		{name: "LOGS VERIFIED"},
		{name: "WRONG", colour: badIfAny},
		{name: "UNKNOWN", colour: oddIfAny},
	}
	if err := v.table.write(s.out); err != nil {
		return err
	}
	p := &page{colour: coloured(s.out)}
	p.gap()
	for _, d := range v.shown {
		p.problem(d)
	}
	if v.left > 0 {
		p.line(0, "… and %s more, which --format json names", count(int64(v.left)))
	}
	p.gap()
	p.line(0, "Of %s, %s of an hour without log files, %s for late log files.", counted(int64(v.digests), "digest"), amount(v.empty), amount(v.backfill))
	if v.wrong+v.unknown == 0 {
		p.line(0, "All is proven: %s, %s.", counted(int64(v.digests), "digest"), counted(int64(v.logs), "log file"))
		if !v.bounded {
			p.line(0, "Digests deleted from the end would not show: say with --until up to when there must be some.")
		}
	}
	_, err := s.out.Write([]byte(p.text.String()))
	return err
}

// problem shows one problem: what, where, why, and what to do.
func (p *page) problem(d digest.Problem) {
	file := d.File
	if d.Count > 1 {
		file += " and " + count(int64(d.Count-1)) + " more"
	}
	p.line(0, "%s %s %s", p.paint(classColour(d.Class), fmt.Sprintf("%-7s", d.Class)), fmt.Sprintf("%-16s", d.Kind), file)
	p.line(8, "%s", d.Text)
	if d.Do != "" {
		p.line(8, "%s", d.Do)
	}
}

func classColour(c digest.Class) string {
	switch c {
	case digest.Wrong:
		return "1;31"
	case digest.Unknown:
		return "33"
	case digest.Note:
	}
	return ""
}

func badIfAny(cell string) string {
	if cell == "0" {
		return ""
	}
	return classColour(digest.Wrong)
}

func oddIfAny(cell string) string {
	if cell == "0" {
		return ""
	}
	return classColour(digest.Unknown)
}
