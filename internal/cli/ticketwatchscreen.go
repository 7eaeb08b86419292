package cli

import (
	"context"
	"fmt"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"jobzero/internal/store"
	"jobzero/internal/ticket"
)

// watch is the screen of `ticket watch`, as Bubble Tea asks for it.
type watch struct {
	shell *shell
	ctx   context.Context //nolint:containedctx // of the command; Bubble Tea's commands get none
	store *store.Store

	of         lens
	last       sight
	at         int // the ticket that is pointed at
	wide, high int
	tale       *tale // nil: the list is shown
	top        int   // the first line of the tale that is shown
}

// tick says that it is time to look again.
type tick struct{}

func again() tea.Cmd { return tea.Tick(watchEvery, func(time.Time) tea.Msg { return tick{} }) }

// Init looks for the first time.
func (w *watch) Init() tea.Cmd { return tea.Batch(w.see(w.of), again()) }

// Update takes what happened.
func (w *watch) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	switch m := msg.(type) {
	case tea.WindowSizeMsg:
		w.wide, w.high = m.Width, m.Height
	case tick:
		if w.tale != nil {
			return w, tea.Batch(w.open(w.tale.id), again())
		}
		return w, tea.Batch(w.see(w.of), again())
	case sight:
		if m.of == w.of {
			w.last = m
			w.at = max(0, min(w.at, len(m.tickets)-1))
		}
	case tale:
		if w.tale != nil && w.tale.id == m.id {
			w.tale = &m
		}
	case tea.KeyPressMsg:
		return w, w.key(m.String())
	}
	return w, nil
}

// key does what a key means.
func (w *watch) key(name string) tea.Cmd {
	switch name {
	case "q", "ctrl+c":
		return tea.Quit
	case "esc":
		w.tale = nil
	case "tab":
		w.of, w.at, w.tale = (w.of+1)%lenses, 0, nil
		return w.see(w.of)
	case "j", "down":
		w.step(1)
	case "k", "up":
		w.step(-1)
	case "pgdown", "space":
		w.step(max(1, w.room()-1))
	case "pgup":
		w.step(-max(1, w.room()-1))
	case "enter":
		if w.tale == nil && w.at < len(w.last.tickets) {
			id := w.last.tickets[w.at].ID
			w.tale, w.top = &tale{id: id}, 0
			return w.open(id)
		}
	}
	return nil
}

// step goes on by some tickets, or by some lines of a story.
func (w *watch) step(by int) {
	if w.tale != nil {
		w.top = max(0, min(w.top+by, len(w.tale.lines)-w.room()))
		return
	}
	w.at = max(0, min(w.at+by, len(w.last.tickets)-1))
}

// room is how many lines there are between head and foot.
func (w *watch) room() int { return max(1, w.high-4) }

// View draws the screen.
func (w *watch) View() tea.View {
	var b strings.Builder
	w.head(&b)
	switch {
	case w.tale != nil && w.tale.err != nil:
		b.WriteString(clean(w.tale.err.Error()) + "\n")
	case w.tale != nil:
		for _, l := range w.tale.lines[min(w.top, len(w.tale.lines)):min(w.top+w.room(), len(w.tale.lines))] {
			b.WriteString(l + "\n")
		}
	case w.last.err != nil:
		b.WriteString(clean("Not known: "+w.last.err.Error()) + "\n")
	case w.last.at.IsZero():
		b.WriteString("Looking …\n")
	case len(w.last.tickets) == 0:
		b.WriteString("No tickets.\n")
	default:
		w.list(&b)
	}
	lines := strings.Count(b.String(), "\n")
	b.WriteString(strings.Repeat("\n", max(0, w.high-1-lines)))
	b.WriteString(shorten("tab other tickets   j k move   enter story   esc back   q leave", max(10, w.wide)))
	v := tea.NewView(b.String())
	v.AltScreen = true
	return v
}

// head says what is looked at and how many there are of what.
func (w *watch) head(b *strings.Builder) {
	var names []string
	for l := range lenses {
		name := " " + l.String() + " "
		if l == w.of {
			name = "[" + l.String() + "]"
		}
		names = append(names, name)
	}
	var counts []string
	for _, s := range ticket.States() {
		if n := w.last.counts[s]; n > 0 {
			more := ""
			if n >= watchCounted {
				more = "+"
			}
			counts = append(counts, fmt.Sprintf("%d%s %s", n, more, s))
		}
	}
	line := strings.Join(names, " ") + "   " + strings.Join(counts, "  ")
	if !w.last.at.IsZero() {
		line += "   " + w.last.at.UTC().Format("15:04:05Z")
	}
	b.WriteString(shorten(line, max(10, w.wide)) + "\n\n")
}

// list draws the tickets around the one that is pointed at.
func (w *watch) list(b *strings.Builder) {
	t := table{columns: []column{
		{name: " "},
		{name: "SEVERITY", colour: severityColour},
		{name: "STATE", colour: stateColour},
		{name: "TITLE", give: 3},
		{name: "SUBJECT", give: 3},
		{name: "OWNER", give: 1},
		{name: "OPENED"},
	}}
	for i, k := range w.last.tickets {
		mark := ""
		if i == w.at {
			mark = ">"
		}
		t.add(mark, string(k.Severity), string(k.State), k.Title, about(k), owner(k.Owner), age(k.Clocks.Opened, w.last.at))
	}
	widths := t.widths(w.wide)
	t.line(b, widths, t.head(), false)
	rows := max(1, w.room()-1)
	top := max(0, min(w.at-rows/2, len(t.rows)-rows))
	for _, r := range t.rows[top:min(top+rows, len(t.rows))] {
		t.line(b, widths, r, coloured(w.shell.out))
	}
}

// storyLines is a ticket as lines that fit a screen.
func storyLines(d dossier, wide int, now time.Time) []string {
	p := &page{colour: false}
	p.dossier(d, now)
	var out []string
	for l := range strings.Lines(p.text.String()) {
		out = append(out, shorten(strings.TrimRight(l, "\n"), max(20, wide)))
	}
	return out
}
