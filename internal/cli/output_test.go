package cli

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"jobzero/internal/fault"
	"jobzero/internal/finding"
)

func TestCleanDisarms(t *testing.T) {
	cases := map[string]string{
		"plain ünïcode ✓":       "plain ünïcode ✓",
		"red \x1b[31m":          `red \x1b[31m`,
		"back\b\rover":          `back\x08\x0dover`,
		"bell\a\x00":            `bell\x07\x00`,
		"c1 \u009b31m":          `c1 \x9b31m`,
		"turn \u202eevil":       `turn \u202eevil`,
		"zero\u200bwidth":       `zero\u200bwidth`,
		"line\u2028sep":         `line\u2028sep`,
		"not utf-8 \xff":        `not utf-8 \ufffd`,
		"new\nline and tab\tok": `new\x0aline and tab\x09ok`,
	}
	for in, want := range cases {
		if got := clean(in); got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
}

func FuzzClean(f *testing.F) {
	f.Add("a\x1b[2Jb")
	f.Fuzz(func(t *testing.T, in string) {
		got := clean(in)
		if strings.ContainsFunc(got, unsafe) {
			t.Errorf("%q gives %q", in, got)
		}
		if again := clean(got); again != got {
			t.Errorf("%q is cleaned to %q and then to %q", in, got, again)
		}
	})
}

func TestTable(t *testing.T) {
	tab := table{columns: []column{{name: "A"}, {name: "LONG NAME"}, {name: "C"}}}
	tab.add("ä", "x", "last")
	tab.add("longer", "two  words\nhere", "\x1b[31m")
	var got bytes.Buffer
	if err := tab.write(&got); err != nil {
		t.Fatal(err)
	}
	want := "A       LONG NAME       C\n" +
		"ä       x               last\n" +
		"longer  two words here  \\x1b[31m\n"
	if d := cmp.Diff(want, got.String()); d != "" {
		t.Error(d)
	}
}

func TestTableFitsTheScreen(t *testing.T) {
	tab := table{columns: []column{{name: "ID"}, {name: "TITLE", give: 3}, {name: "SUBJECT", give: 1}}}
	tab.add("0123456789012345", strings.Repeat("t", 60), strings.Repeat("s", 30))
	w := tab.widths(60)
	if sum := w[0] + w[1] + w[2] + 4; sum != 60 || w[0] != 16 {
		t.Errorf("widths %v make %d columns, want 60 and an ID that is whole", w, sum)
	}
	var b strings.Builder
	tab.line(&b, w, tab.rows[0], false)
	if !strings.Contains(b.String(), "t…") {
		t.Errorf("nothing shows that the title was cut: %q", b.String())
	}
	if w := tab.widths(10); w[0] != 16 || w[1] != minimum || w[2] != minimum {
		t.Errorf("a tiny screen gives %v", w)
	}
}

func TestColourStaysOutsideOfTheWidth(t *testing.T) {
	tab := table{columns: []column{{name: "SEVERITY", colour: severityColour}, {name: "X"}}}
	tab.add("high", "x")
	var b strings.Builder
	tab.line(&b, tab.widths(0), tab.rows[0], true)
	if want := "\x1b[31mhigh\x1b[0m      x\n"; b.String() != want {
		t.Errorf("got %q, want %q", b.String(), want)
	}
}

func TestSpan(t *testing.T) {
	cases := map[time.Duration]string{
		0: "0s", 1500 * time.Microsecond: "2ms", 1200 * time.Millisecond: "1.2s", 12*time.Second + 300*time.Millisecond: "12s",
		time.Minute: "1m", 70 * time.Second: "1m10s", time.Hour: "1h", 90 * time.Minute: "1h30m", 25 * time.Hour: "25h",
		49 * time.Hour: "2 days", -3 * time.Second: "-3s", time.Hour + 3*time.Second: "1h",
	}
	for d, want := range cases {
		if got := span(d); got != want {
			t.Errorf("%s: got %s, want %s", d, got, want)
		}
	}
}

func TestCountAndSize(t *testing.T) {
	for n, want := range map[int64]string{0: "0", 999: "999", 1000: "1,000", 1234567: "1,234,567", -1000: "-1,000"} {
		if got := count(n); got != want {
			t.Errorf("%d: got %s, want %s", n, got, want)
		}
	}
	for n, want := range map[int64]string{5: "5 B", 1500: "1.5 kB", 2_500_000: "2.5 MB", 3e12: "3.0 TB", 4e15: "4000.0 TB"} {
		if got := size(n); got != want {
			t.Errorf("%d: got %s, want %s", n, got, want)
		}
	}
}

func TestPick(t *testing.T) {
	all := []string{"01AAXX", "01ABYY", "01ABYYZZ"}
	cases := map[string]struct {
		want string
		code fault.Code
	}{
		"01ABYY": {"01ABYY", ""}, // the whole name counts before a beginning
		"zz":     {"01ABYYZZ", ""},
		"01aa":   {"01AAXX", ""},
		"01":     {"", fault.Invalid},
		"nope":   {"", fault.NotFound},
		"":       {"", fault.NotFound},
	}
	for name, c := range cases {
		got, err := pick("ticket", name, all)
		if got != c.want || c.code != "" && !fault.Is(err, c.code) || c.code == "" && err != nil {
			t.Errorf("%q: got %q, %v", name, got, err)
		}
	}
}

func TestAtLeast(t *testing.T) {
	tl := tally{severities: map[finding.Severity]int{finding.Low: 2, finding.High: 3, finding.Critical: 1}}
	for least, want := range map[finding.Severity]int{"": 0, finding.Informational: 6, finding.Medium: 4, finding.Critical: 1} {
		if got := tl.atLeast(least); got != want {
			t.Errorf("%q: got %d, want %d", least, got, want)
		}
	}
}
