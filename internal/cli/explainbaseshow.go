package cli

import (
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"jobzero/internal/detect/baseline"
)

// pageWidth is how wide text is written where no terminal says how wide it is.
const pageWidth = 120

// showUnusual says what baselines make of events, for people or for programs.
func (s *shell) showUnusual(x *unusual, form format) error {
	if form == formatJSON {
		return list(s, x.told())
	}
	width, _ := terminal(s.out)
	if width <= 0 {
		width = pageWidth
	}
	p := &page{colour: coloured(s.out)}
	for i, o := range x.told() {
		if i > 0 {
			p.line(0, "")
		}
		p.odd(o, width, len(x.kinds) > 0)
	}
	if x.more > 0 {
		p.line(0, "")
		p.line(0, "… and %s more with a surprise", plural(x.more, "event"))
	}
	_, err := s.out.Write([]byte(p.text.String()))
	return err
}

// odd shows what is made of one event. full: what is normal is shown of every kind, not only of surprises.
func (p *page) odd(o odd, width int, full bool) {
	p.line(0, "%s", p.paint("1", o.Event.Name+" "+o.Event.ID)+painted(clean(" of "+instant(o.Event.Time)+" ("+o.Event.Origin+")")))
	p.about("told", strings.TrimSpace(mark(o.Outlook.Told))+": "+o.Outlook.Why, width)
	p.about("risk", fmt.Sprintf("%.1f, %.1f of it by this event; it is told from %.1f", o.Outlook.After, o.Outlook.Adds, o.Outlook.Wanted), width)
	p.about("principal", o.Principal, width)
	p.about("peers", o.Group, width)
	p.about("normal", o.Known.Normal, width)
	p.about("learnt", learnt(o.Known, o.Learning), width)
	if len(o.Scores) == 0 {
		return
	}
	p.line(0, "")
	p.line(0, "%-9s  %-14s  %9s  %s", "KIND", "VERDICT", "ONE IN", "WHY")
	for _, s := range o.Scores {
		p.score(s, width, full)
	}
}

// about shows a line with its name before it.
func (p *page) about(name, text string, width int) {
	for i, l := range wrapped(text, width-11) {
		if i > 0 {
			name = ""
		}
		p.line(0, "%-9s  %s", name, l)
	}
}

func learnt(k baseline.Knowledge, learning bool) string {
	if k.Since.IsZero() {
		return "nothing yet"
	}
	text := fmt.Sprintf("%s from %s to %s, %s in which a principal was active; ", counted(int64(k.Events), "event"), hour(k.Since), hour(k.Until), counted(int64(k.Hours), "hour")) //nolint:gosec // they are counted one by one
	if learning {
		return text + "still learning: nothing is told before " + hour(k.Tells)
	}
	return text + "the learning period is over"
}

func hour(t time.Time) string { return t.UTC().Format("2006-01-02 15:04") }

// score shows what a kind says, and whom it asked.
func (p *page) score(s baseline.Score, width int, full bool) {
	colour, why := "", s.Why
	switch s.Verdict {
	case baseline.Surprising:
		colour, why = "1;31", s.Text
	case baseline.Unfinished:
		colour, why = "33", s.Text+"; "+s.Why
	case baseline.Unclear:
		colour = "33"
	case baseline.Beside:
		if s.Kind == baseline.Silence {
			why += "; " + s.Text
		}
	case baseline.Usual:
	}
	const indent = 38
	for i, l := range wrapped(why, width-indent) {
		if i > 0 {
			p.line(indent, "%s", l)
			continue
		}
		p.line(0, "%-9s  %s%s  %9s  %s", s.Kind.String(), p.paint(colour, string(s.Verdict)), strings.Repeat(" ", max(0, 14-len(s.Verdict))), oneIn(s), l)
	}
	if !full && s.Verdict != baseline.Surprising && s.Verdict != baseline.Unfinished {
		return
	}
	for _, n := range s.Normal {
		for i, l := range wrapped(normalOf(n, s.Size > 0), width-indent) {
			p.line(indent, "%s", strings.Repeat("  ", min(i, 1))+l)
		}
	}
}

// oneIn is how unusual it is; nothing when it is not.
func oneIn(s baseline.Score) string {
	const most = 1_000_000
	switch {
	case s.OneIn < 1.5:
		return ""
	case s.OneIn >= most:
		return count(most)
	}
	return count(int64(s.OneIn + 0.5))
}

// normalOf is what is normal for one of those against whom the event was held.
func normalOf(n baseline.Normal, rare bool) string {
	var who []string
	if n.Name != "" {
		who = append(who, n.Name)
	}
	if n.Principals > 0 {
		who = append(who, counted(int64(n.Principals), "principal")) //nolint:gosec // they are counted one by one
	}
	text := n.Whom + ": "
	if len(who) > 0 {
		text = n.Whom + " (" + strings.Join(who, ", ") + "): "
	}
	text += n.Text
	if rare && n.Hours > 0 {
		text += fmt.Sprintf("; %s of %s were as unusual", count(int64(n.Like)), counted(int64(n.Hours), "hour")) //nolint:gosec // likewise
	}
	if !n.Since.IsZero() {
		text += "; since " + n.Since.UTC().Format(time.DateOnly)
	}
	return text
}

// wrapped is a text in lines of so many characters, cut between words. A longer word has a line of its own.
func wrapped(text string, width int) (lines []string) {
	line := ""
	for word := range strings.FieldsSeq(text) {
		if line != "" && utf8.RuneCountInString(line)+1+utf8.RuneCountInString(word) > max(width, 20) {
			lines, line = append(lines, line), ""
		}
		if line != "" {
			line += " "
		}
		line += word
	}
	return append(lines, line)
}
