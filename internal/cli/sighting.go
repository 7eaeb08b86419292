package cli

import (
	"bufio"
	"io"
	"strings"
	"time"

	"jobzero/internal/detect"
	"jobzero/internal/finding/ocsf"
)

// sighting is one rule that fired on one event, in the words that programs rely on.
type sighting struct {
	RuleID      string `json:"rule_id"`
	Title       string `json:"title"`
	Severity    string `json:"severity"`
	EventID     string `json:"event_id"`
	EventTime   string `json:"event_time"`
	EventName   string `json:"event_name"`
	EventSource string `json:"event_source"`
	Principal   string `json:"principal"`
	Account     string `json:"account"`
	Region      string `json:"region"`
	SourceIP    string `json:"source_ip"`
	File        string `json:"file"`
	Lineage     string `json:"lineage,omitempty"` // who was behind it, in words; where it was asked for
}

func (h hit) sighting() sighting {
	e, r := h.event, h.match.Rule
	return sighting{
		RuleID: r.ID, Title: r.Title, Severity: string(r.Level), EventID: string(e.ID),
		EventTime: e.Time.UTC().Format(time.RFC3339Nano), EventName: e.Name, EventSource: e.Source,
		Principal: e.Actor.Name(), Account: e.Account, Region: e.Region, SourceIP: e.SourceIP, File: e.Origin.Place, Lineage: h.behind,
	}
}

// writer writes hits in one format while they come.
type writer struct {
	to    *bufio.Writer
	write func(hit) error
}

// newWriter makes the writer of a format. A table's columns have fixed widths, because what comes is not known.
func newWriter(to io.Writer, form format, now func() time.Time) *writer {
	w := &writer{to: bufio.NewWriterSize(to, 1<<16)}
	switch form {
	case formatJSON:
		w.write = func(h hit) error { return writeJSON(w.to, h.sighting()) }
	case formatOCSF:
		product := buildInfo().Version
		w.write = func(h hit) error {
			r := h.match.Rule
			f := detect.Finding(h.event, h.match, now().UTC())
			if h.behind != "" {
				f.Why += "\nbehind it: " + h.behind
			}
			return writeJSON(w.to, ocsf.View(ocsf.Source{
				Finding: f, Event: h.event,
				Description: r.Description, Tags: r.Tags, Product: product,
			}))
		}
	default:
		w.table(to)
	}
	return w
}

// field is one column of the table of findings.
type field struct {
	column
	cell func(hit, sighting) string
	from int // columns that a screen must have for it; what is left out stands in the JSON
}

func fields() []field {
	return []field{
		{column{name: "TIME (UTC)", wide: 19}, func(h hit, _ sighting) string { return instant(h.event.Time) }, 0},
		{column{name: "SEVERITY", wide: 13, colour: severityColour}, func(_ hit, v sighting) string { return v.Severity }, 0},
		{column{name: "FINDING", wide: 48, give: 3}, func(_ hit, v sighting) string { return v.Title }, 0},
		{column{name: "CALL", wide: 28, give: 3}, func(_ hit, v sighting) string { return v.EventName }, 0},
		{column{name: "WHO", wide: 36, give: 3}, func(_ hit, v sighting) string { return who(v.Principal) }, 80},
		{column{name: "ACCOUNT", wide: 12}, func(_ hit, v sighting) string { return v.Account }, 110},
		{column{name: "REGION", wide: 14}, func(_ hit, v sighting) string { return v.Region }, 150},
		{column{name: "FROM", wide: 15}, func(_ hit, v sighting) string { return v.SourceIP }, 130},
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
	w.write = func(h hit) error {
		var b strings.Builder
		if !headed {
			headed = true
			t.line(&b, widths, t.head(), false)
		}
		v, cells := h.sighting(), make([]string, len(shown))
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
