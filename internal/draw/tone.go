package draw

import (
	"fmt"
	"strings"
)

// Tone is what a thing is to whoever looks. Colour never says it alone: a box has its words, and what is perhaps or left out is dashed.
type Tone string

// The tones.
const (
	Plain  Tone = "plain"
	Begin  Tone = "begin"  // where it starts, or what is at work now
	Danger Tone = "danger" // the worst end, or what failed
	Alarm  Tone = "alarm"
	Goal   Tone = "goal" // what is aimed at, or what waits for people
	Good   Tone = "good"
	Intent Tone = "intent" // what would be
	Faint  Tone = "faint"
)

// tones are ground and border by day, then by night; the contrast of the ink on each ground is above 7 to 1.
var tones = []struct {
	tone Tone
	c    [4]string
}{
	{Plain, [4]string{"#f1f5f9", "#64748b", "#1e293b", "#94a3b8"}},
	{Begin, [4]string{"#dbeafe", "#2563eb", "#172554", "#60a5fa"}},
	{Danger, [4]string{"#fee2e2", "#dc2626", "#450a0a", "#f87171"}},
	{Alarm, [4]string{"#ffedd5", "#ea580c", "#431407", "#fb923c"}},
	{Goal, [4]string{"#fef9c3", "#ca8a04", "#422006", "#facc15"}},
	{Good, [4]string{"#ecfdf5", "#059669", "#022c22", "#34d399"}},
	{Intent, [4]string{"#f3e8ff", "#9333ea", "#3b0764", "#c084fc"}},
	{Faint, [4]string{"#f8fafc", "#cbd5e1", "#0f172a", "#475569"}},
}

// style are the colours, by day and for those who have told their browser that they like it dark.
func style() string {
	var b strings.Builder
	b.WriteString("<style>\n")
	sheet := func(night int, page, ink, soft, line, faint string) {
		fmt.Fprintf(&b, ".page{fill:%s}.ink{fill:%s}.soft{fill:%s}.tip{fill:%s}\n", page, ink, soft, line)
		fmt.Fprintf(&b, ".line{fill:none;stroke:%s;stroke-width:1.4}.faint-line{stroke:%s}.frame{fill:none;stroke:%s;stroke-dasharray:2 3}\n", line, faint, line)
		fmt.Fprintf(&b, ".word{fill:%s;stroke:%s;stroke-width:3px;paint-order:stroke}\n", soft, page)
		for _, t := range tones {
			fmt.Fprintf(&b, ".%s{fill:%s;stroke:%s}", t.tone, t.c[night], t.c[night+1])
		}
		b.WriteString("\n")
	}
	sheet(0, "#fff", "#0f172a", "#475569", "#64748b", "#cbd5e1")
	b.WriteString("@media (prefers-color-scheme: dark){\n")
	sheet(2, "#0b1120", "#f1f5f9", "#cbd5e1", "#94a3b8", "#475569")
	b.WriteString("}\n</style>\n")
	return b.String()
}
