package cli

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"jobzero/internal/finding"
	"jobzero/internal/hunt"
	"jobzero/internal/source"
)

// maxNamed is how many dead letters and skipped files are named; all are counted.
const maxNamed = 10

// tally is what a replay counted.
type tally struct {
	began      time.Time
	cpu        time.Duration
	took       time.Duration
	read       hunt.Stats
	findings   int
	severities map[finding.Severity]int
	dead       []string // the first of them, named
	skipped    []string
	notices    int64 // how often something was skipped and named
}

// figures are the last line of the standard error of a replay with --stats.
type figures struct {
	taken
	Findings int `json:"findings"`
	leftOut
}

// taken is how much was read, and how fast.
type taken struct {
	Events          int64   `json:"events"` // read, duplicates included
	BytesCompressed int64   `json:"bytes_compressed"`
	BytesJSON       int64   `json:"bytes_json"`
	Seconds         float64 `json:"seconds"`
	CPUSeconds      float64 `json:"cpu_seconds"`
}

// leftOut is what nothing came of.
type leftOut struct {
	DeadLetters  int64 `json:"dead_letters"`
	FilesSkipped int64 `json:"files_skipped"`
	Files        int64 `json:"files"`
	Duplicates   int64 `json:"duplicates"`
}

func (t *tally) add(h hunt.Hit) {
	t.findings++
	t.severities[h.Match.Rule.Level]++
}

func (t *tally) letter(d source.DeadLetter) {
	if len(t.dead) < maxNamed {
		t.dead = append(t.dead, d.Origin.String()+": "+d.Reason)
	}
}

func (t *tally) skip(path, reason string) {
	t.notices++
	if len(t.skipped) < maxNamed {
		t.skipped = append(t.skipped, path+": "+reason)
	}
}

func (t *tally) end(now time.Time, cpu time.Duration) {
	t.took, t.cpu = now.Sub(t.began), cpu-t.cpu
}

// atLeast counts the findings that are at least so severe; none when no severity is asked for.
func (t *tally) atLeast(least finding.Severity) (n int) {
	if least == "" {
		return 0
	}
	for s, count := range t.severities {
		if s.Rank() >= least.Rank() {
			n += count
		}
	}
	return n
}

func (t *tally) stats() figures { return figures{t.taken(), t.findings, t.leftOut()} }

func (t *tally) taken() taken {
	return taken{
		Events: t.read.Events, BytesCompressed: t.read.BytesCompressed, BytesJSON: t.read.BytesJSON,
		Seconds: t.took.Seconds(), CPUSeconds: t.cpu.Seconds(),
	}
}

func (t *tally) leftOut() leftOut {
	return leftOut{DeadLetters: t.read.DeadLetters, FilesSkipped: t.read.FilesSkipped, Files: t.read.Files, Duplicates: t.read.Duplicates}
}

// sum writes the summary for people; what came of it is said by made.
func (s *shell) sum(t *tally, stopped bool, made func()) {
	if stopped {
		s.complain("Stopped before the end; so far:")
	}
	rate := ""
	if sec := t.took.Seconds(); sec > 0.05 && t.read.Events > 0 {
		rate = fmt.Sprintf(", %s events a second", count(int64(float64(t.read.Events)/sec)))
	}
	s.complain("%s, %s (%s) in %s%s", plural(int(t.read.Files), "file"), counted(t.read.Events, "event"), size(t.read.BytesJSON), span(t.took), rate)
	if t.read.Events == 0 && t.read.DeadLetters == 0 && !stopped {
		s.complain("jobzero: warning: nothing was read: no log was found there")
	}
	if t.read.Duplicates > 0 {
		s.complain("%s left out", counted(t.read.Duplicates, "duplicate"))
	}
	made()
	s.named(counted(t.read.DeadLetters, "dead letter"), t.read.DeadLetters, t.dead)
	var skipped []string
	if t.read.FilesSkipped > 0 {
		skipped = append(skipped, counted(t.read.FilesSkipped, "file"))
	}
	if t.read.RecordsSkipped > 0 {
		skipped = append(skipped, counted(t.read.RecordsSkipped, "record"))
	}
	s.named(strings.Join(skipped, " and ")+" skipped", t.notices, t.skipped)
}

// sumFindings says how many findings there are of each severity, the worst first.
func (s *shell) sumFindings(t *tally) {
	var parts []string
	for i := len(finding.Severities()) - 1; i >= 0; i-- {
		sev := finding.Severities()[i]
		if n := t.severities[sev]; n > 0 {
			parts = append(parts, fmt.Sprintf("%s %s", count(int64(n)), sev))
		}
	}
	line := counted(int64(t.findings), "finding")
	if len(parts) > 0 {
		line += ": " + strings.Join(parts, ", ")
	}
	s.complain("%s", line)
}

// named lists the first of what was counted.
func (s *shell) named(title string, n int64, first []string) {
	if n == 0 {
		return
	}
	s.complain("%s:", title)
	for _, f := range first {
		s.complain("  %s", strings.Join(strings.Fields(f), " "))
	}
	if rest := n - int64(len(first)); rest > 0 {
		s.complain("  … and %s more", count(rest))
	}
}

func counted(n int64, word string) string {
	text := count(n) + " " + word
	if n != 1 {
		text += "s"
	}
	return text
}

// count writes a number with commas between the thousands.
func count(n int64) string {
	text := strconv.FormatInt(n, 10)
	for i := len(text) - 3; i > 0 && text[i-1] != '-'; i -= 3 {
		text = text[:i] + "," + text[i:]
	}
	return text
}

// size writes bytes in the unit that a person would use.
func size(n int64) string {
	const step = 1000
	value, units := float64(n), []string{"B", "kB", "MB", "GB", "TB"}
	for len(units) > 1 && value >= step {
		value, units = value/step, units[1:]
	}
	if units[0] == "B" {
		return fmt.Sprintf("%d B", n)
	}
	return fmt.Sprintf("%.1f %s", value, units[0])
}
