package chart

import "jobzero/internal/draw"

// meanings are what the tones of a run's steps say, in the order of the legend.
var meanings = []struct {
	tone   draw.Tone
	dashed bool
	word   string
	states []string
}{
	{draw.Good, false, "done", []string{"done", "settled"}},
	{draw.Begin, false, "at work", []string{"inside", "doing", "running", "verifying", "undoing"}},
	{draw.Goal, false, "waits for people or time", []string{"asking", "tasked", "pausing"}},
	{draw.Intent, false, "would be done", []string{"planned"}},
	{draw.Danger, false, "failed", []string{"failed", "gave-up"}},
	{draw.Faint, true, "left out, or not taken", []string{"skipped"}},
	{draw.Alarm, false, "ended by a person", []string{"cancelled", "undone"}},
	{draw.Plain, false, "to come", []string{"waiting"}},
}

// tone is what a node is to whoever looks.
func (n Node) tone() draw.Tone {
	if n.Left {
		return draw.Faint
	}
	for _, m := range meanings {
		for _, s := range m.states {
			if s == n.State {
				return m.tone
			}
		}
	}
	if n.State == "" && (n.ID == Begin || n.ID == End) && !n.begun {
		return draw.Begin
	}
	return draw.Plain
}

// legend says what the tones mean.
func (p *painter) legend(y int) {
	x := draw.Margin
	for i, m := range meanings {
		if i == len(meanings)/2 {
			x, y = draw.Margin, y+lineHigh+8
		}
		p.sheet.Swatch(x, y, m.tone, m.dashed, m.word)
		x += 160
	}
}
