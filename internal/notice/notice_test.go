package notice_test

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"pgregory.net/rapid"

	"jobzero/internal/fault"
	"jobzero/internal/finding"
	"jobzero/internal/notice"
)

var now = time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)

func TestWhatSaysNothingIsRefused(t *testing.T) {
	good := notice.Message{Occasion: "o", Kind: notice.Page, Title: "x"}
	for want, change := range map[string]func(*notice.Message, *notice.To){
		"":                  func(*notice.Message, *notice.To) {},
		"names no occasion": func(m *notice.Message, _ *notice.To) { m.Occasion = "" },
		"kind":              func(m *notice.Message, _ *notice.To) { m.Kind = "letter" },
		"has no title":      func(m *notice.Message, _ *notice.To) { m.Title = " \n" },
		"nobody is named":   func(_ *notice.Message, to *notice.To) { *to = notice.To{} },
	} {
		m, to := good, notice.To{Person: "kim"}
		change(&m, &to)
		_, err := notice.Queue(m, to, now)
		if (err == nil) != (want == "") || err != nil && (!fault.Is(err, fault.Invalid) || !strings.Contains(err.Error(), want)) {
			t.Errorf("%v, want %q", err, want)
		}
	}
}

func TestUrgent(t *testing.T) {
	for m, want := range map[notice.Kind]map[finding.Severity]bool{
		notice.Page: {finding.Low: true, finding.Critical: true}, notice.Handoff: {"": true}, notice.Approval: {finding.Medium: false, finding.High: true},
		notice.Report: {finding.Critical: false}, notice.Digest: {finding.Critical: false},
	} {
		for s, urgent := range want {
			if got := (notice.Message{Kind: m, Severity: s}).Urgent(); got != urgent {
				t.Errorf("%s %s: %v", m, s, got)
			}
		}
	}
}

// TestNames: the same occasion and receiver are one delivery, and no two others are.
func TestNames(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringMatching(`[a-c]{0,3}`)
		a, b := text.Draw(t, "occasion"), text.Draw(t, "another")
		x := notice.To{Person: text.Draw(t, "person"), Channel: text.Draw(t, "channel")}
		y := notice.To{Person: text.Draw(t, "person"), Channel: text.Draw(t, "channel")}
		if same := notice.Name(a, x) == notice.Name(b, y); same != (a == b && x == y) {
			t.Fatalf("%q %v and %q %v: %v", a, x, b, y, same)
		}
	})
}

// TestLimits: whatever is said is kept within its limits, as valid text.
func TestLimits(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := notice.Message{Occasion: "o", Kind: notice.Digest, Title: "x" + rapid.StringN(0, 2000, -1).Draw(t, "title"), Text: rapid.StringN(0, 40000, -1).Draw(t, "text") + "\xff"}
		for range rapid.IntRange(0, 40).Draw(t, "facts") {
			m.Facts = append(m.Facts, notice.Fact{Name: "n", Text: rapid.StringN(0, 3000, -1).Draw(t, "fact")})
		}
		d, err := notice.Queue(m, notice.To{Person: "kim"}, now)
		if err != nil {
			t.Fatal(err)
		}
		got := d.Message
		if len(got.Title) > 310 || len(got.Text) > 17<<10 || len(got.Facts) > 20 || strings.ContainsAny(got.Title, "\r\n") || !utf8.ValidString(got.Title+got.Text) || got.Thread != "o" {
			t.Fatalf("%d, %d, %d facts, %q", len(got.Title), len(got.Text), len(got.Facts), got.Thread)
		}
	})
}

// TestEveryWayEnds walks a delivery through random answers of its channels: what was refused is not asked again, each round asks a channel once, and it is
// over when one takes it or none is left.
func TestEveryWayEnds(t *testing.T) {
	order := []string{"a", "b", "c"}
	rapid.Check(t, func(t *rapid.T) {
		d, err := notice.Queue(notice.Message{Occasion: "o", Kind: notice.Page, Title: "x"}, notice.To{Person: "kim"}, now)
		if err != nil {
			t.Fatal(err)
		}
		refused, asked := map[string]bool{}, map[string]int{}
		for d.State == notice.Queued {
			c, spent := d.Next(order)
			if c == "" {
				if spent != (len(refused) == len(order)) {
					t.Fatalf("spent %v with %v", spent, refused)
				}
				if spent || d.Round == 4 {
					return
				}
				d.Round++
				asked = map[string]int{}
				continue
			}
			if asked[c]++; refused[c] || asked[c] > 1 {
				t.Fatalf("%s is asked %d times in round %d, refused %v", c, asked[c], d.Round, refused[c])
			}
			d.Begin(c, c, now)
			if rapid.Bool().Draw(t, "died") {
				if again, _ := d.Next(order); again != c {
					t.Fatalf("after a death %s is asked instead of %s", again, c)
				}
				d.Begin(c, c, now)
			}
			o := rapid.SampledFrom([]notice.Outcome{notice.Later, notice.Later, notice.Refused, notice.Taken}).Draw(t, "outcome")
			d.Done(o, "", "", now)
			refused[c] = refused[c] || o == notice.Refused
			if !refused[c] {
				delete(refused, c)
			}
		}
		if len(d.Taken()) != 1 || !d.Open() {
			t.Fatalf("%+v", d)
		}
		if !d.Answer(notice.Press{Person: "kim"}) || d.Answer(notice.Press{Person: "lee"}) || d.By != "kim" || d.Lapse("x", now) {
			t.Fatalf("it is answered by %s, %s", d.By, d.State)
		}
	})
}
