package cli

import (
	"io"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"jobzero/internal/finding"
)

// column is one column of a table.
type column struct {
	name string
	// give says how readily the column gives up width when the terminal is narrow; 0 never does.
	give int
	// wide is the width of the column in a table that is written while it grows; 0 fits the widest cell.
	wide int
	// colour picks the colour of a cell, or is nil.
	colour func(cell string) string
}

const (
	gap     = "  "
	minimum = 8 // columns never shrink below this
)

// table aligns cells. Cells are cleaned, so that no log can play with the terminal.
type table struct {
	columns []column
	rows    [][]string
}

func (t *table) add(cells ...string) {
	for i := range cells {
		cells[i] = clean(strings.Join(strings.Fields(cells[i]), " "))
	}
	t.rows = append(t.rows, cells)
}

// write lays the table out for a stream.
func (t *table) write(w io.Writer) error {
	width, _ := terminal(w)
	colour := coloured(w)
	widths := t.widths(width)
	var b strings.Builder
	t.line(&b, widths, t.head(), false)
	for _, r := range t.rows {
		t.line(&b, widths, r, colour)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func (t *table) head() []string {
	out := make([]string, len(t.columns))
	for i, c := range t.columns {
		out[i] = c.name
	}
	return out
}

// grown is widths with room for all of the first row.
func (t *table) grown(widths []int) []int {
	out := make([]int, len(widths))
	for i, w := range widths {
		out[i] = max(w, utf8.RuneCountInString(t.rows[0][i]))
	}
	return out
}

// widths fits the columns to their cells and then to the screen.
func (t *table) widths(screen int) []int {
	out := make([]int, len(t.columns))
	sum := len(gap) * (len(t.columns) - 1)
	for i, c := range t.columns {
		out[i] = max(c.wide, utf8.RuneCountInString(c.name))
		for _, r := range t.rows {
			if c.wide == 0 {
				out[i] = max(out[i], utf8.RuneCountInString(r[i]))
			}
		}
		sum += out[i]
	}
	for ; screen > 0 && sum > screen; sum-- {
		widest := -1
		for i, c := range t.columns {
			if c.give > 0 && out[i] > minimum && (widest < 0 || out[i]*c.give > out[widest]*t.columns[widest].give) {
				widest = i
			}
		}
		if widest < 0 {
			break
		}
		out[widest]--
	}
	return out
}

func (t *table) line(b *strings.Builder, widths []int, cells []string, colour bool) {
	for i, cell := range cells {
		cell = shorten(cell, widths[i])
		shown := cell
		if paint := t.columns[i].colour; colour && paint != nil && cell != "" {
			if code := paint(cell); code != "" {
				shown = "\x1b[" + code + "m" + cell + "\x1b[0m"
			}
		}
		b.WriteString(shown)
		if i < len(cells)-1 {
			b.WriteString(strings.Repeat(" ", max(0, widths[i]-utf8.RuneCountInString(cell))) + gap)
		}
	}
	b.WriteString("\n")
}

// shorten cuts a text to a width and shows that it did.
func shorten(text string, width int) string {
	if utf8.RuneCountInString(text) <= width {
		return text
	}
	return string([]rune(text)[:max(0, width-1)]) + "…"
}

// severityColour is bold red, red, yellow and blue, worst first.
func severityColour(cell string) string {
	switch finding.Severity(cell) {
	case finding.Critical:
		return "1;31"
	case finding.High:
		return "31"
	case finding.Medium:
		return "33"
	case finding.Low:
		return "34"
	default:
		return ""
	}
}

// stateColour marks what waits for a person and what is done.
func stateColour(cell string) string {
	switch cell {
	case "human", "failed":
		return "1;31"
	case "closed", "settled", "done":
		return "32"
	}
	return ""
}

// age is how long ago something was, in one unit that a person would use.
func age(then, now time.Time) string {
	if then.IsZero() {
		return "-"
	}
	return span(now.Sub(then)) + " ago"
}

// span is a duration in one unit, or two where one would be coarse.
func span(d time.Duration) string {
	switch {
	case d < 0:
		return "-" + span(-d)
	case d < time.Second:
		return d.Round(time.Millisecond).String()
	case d < 10*time.Second:
		return d.Round(100 * time.Millisecond).String()
	case d < time.Minute:
		return d.Round(time.Second).String()
	case d < time.Hour:
		return pair(d, time.Minute, "m", time.Second, "s")
	case d < 48*time.Hour:
		return pair(d, time.Hour, "h", time.Minute, "m")
	}
	return plural(int(d.Hours()/24), "day")
}

// pair writes a duration in a unit and what is left of it in a smaller one.
func pair(d, unit time.Duration, name string, small time.Duration, smallName string) string {
	text := strconv.Itoa(int(d/unit)) + name
	if rest := int(d % unit / small); rest > 0 {
		text += strconv.Itoa(rest) + smallName
	}
	return text
}

// plural is a count with its word.
func plural(n int, word string) string {
	text := strconv.Itoa(n) + " " + word
	if n != 1 {
		text += "s"
	}
	return text
}

// instant is a point in time, in UTC as in the logs.
func instant(t time.Time) string {
	if t.IsZero() {
		return "-"
	}
	return t.UTC().Format("2006-01-02 15:04:05")
}
