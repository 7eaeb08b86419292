package cli

import (
	"bufio"
	"io"
	"strings"
	"time"

	"jobzero/internal/hunt"
)

// writer writes hits in one format while they come.
type writer struct {
	to    *bufio.Writer
	write func(hunt.Hit) error
}

// newWriter makes the writer of a format. A table's columns have fixed widths, because what comes is not known.
func newWriter(to io.Writer, form format, now func() time.Time) *writer {
	w := &writer{to: bufio.NewWriterSize(to, 1<<16)}
	switch form {
	case formatJSON:
		w.write = func(h hunt.Hit) error { return writeJSON(w.to, h.Sighting()) }
	case formatOCSF:
		w.write = func(h hunt.Hit) error { return writeHit(w.to, h, now()) }
	default:
		w.table(to)
	}
	return w
}

// field is one column of the table of findings.
type field struct {
	column
	cell func(hunt.Hit, hunt.Sighting) string
	from int // columns that a screen must have for it; what is left out stands in the JSON
}

func fields() []field {
	return []field{
		{column{name: "TIME (UTC)", wide: 19}, func(h hunt.Hit, _ hunt.Sighting) string { return instant(h.Event.Time) }, 0},
		{column{name: "SEVERITY", wide: 13, colour: severityColour}, func(_ hunt.Hit, v hunt.Sighting) string { return v.Severity }, 0},
		{column{name: "FINDING", wide: 48, give: 3}, func(_ hunt.Hit, v hunt.Sighting) string { return v.Title }, 0},
		{column{name: "CALL", wide: 28, give: 3}, func(h hunt.Hit, _ hunt.Sighting) string { return h.Call() }, 0},
		{column{name: "WHO", wide: 36, give: 3}, func(h hunt.Hit, _ hunt.Sighting) string { return who(h.Who()) }, 80},
		{column{name: "ACCOUNT", wide: 12}, func(_ hunt.Hit, v hunt.Sighting) string { return v.Account }, 110},
		{column{name: "REGION", wide: 14}, func(_ hunt.Hit, v hunt.Sighting) string { return v.Region }, 150},
		{column{name: "FROM", wide: 15}, func(_ hunt.Hit, v hunt.Sighting) string { return v.SourceIP }, 130},
	}
}

// table writes the head with the first hit, so that no finding is no output.
func (w *writer) table(to io.Writer) {
	screen, person := terminal(to)
	t, shown := &table{}, []field{}
	for _, f := range fields() {
		if screen == 0 || screen >= f.from {
			t.columns, shown = append(t.columns, f.column), append(shown, f)
		}
	}
	widths, colour, headed := t.widths(screen), coloured(to), false
	w.write = func(h hunt.Hit) error {
		var b strings.Builder
		if !headed {
			headed = true
			t.line(&b, widths, t.head(), false)
		}
		v, cells := h.Sighting(), make([]string, len(shown))
		for i, f := range shown {
			cells[i] = f.cell(h, v)
		}
		t.rows = t.rows[:0]
		t.add(cells...)
		fit := widths
		if !person { // a file has room: nothing is cut
			fit = t.grown(widths)
		}
		t.line(&b, fit, t.rows[0], colour)
		for line := range strings.Lines(v.Why) {
			b.WriteString("    " + clean(strings.TrimRight(line, "\n")) + "\n")
		}
		_, err := w.to.WriteString(b.String())
		return err
	}
}

// who is a principal in as few letters as a person needs beside the account: the last part of an ARN.
func who(principal string) string {
	if p := strings.SplitN(principal, ":", 6); len(p) == 6 && p[0] == "arn" {
		return p[5]
	}
	return principal
}
