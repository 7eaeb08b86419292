package draw_test

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"math"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"jobzero/internal/draw"
)

func picture(text string) []byte {
	s := draw.New(text, []string{text, text}, draw.Wide(text, nil), 300)
	s.Frame(1, 2, 30, 40, text)
	s.Box(draw.Box{X: 10, Y: 90, Wide: 200, High: 50, Tone: draw.Good, Dashed: true, Title: text, Name: draw.Short(text, 20), Lines: draw.Wrapped(text, 20, 2)})
	s.Line(draw.Line{Path: "M1 1V" + text, Tip: true, Faint: true, Title: text})
	s.Word(1, 2, text, text)
	s.Swatch(1, 2, draw.Faint, true, text)
	return s.Bytes()
}

// FuzzPicture shows that a picture stays one whatever the texts hold: nothing in them becomes a tag, let alone a script.
func FuzzPicture(f *testing.F) {
	f.Add("plain")
	f.Add(`"><script>alert(1)</script><a href="https://example.com">`)
	f.Add("\x00\xff\u202e]]>&lt;")
	f.Fuzz(func(t *testing.T, text string) {
		in := xml.NewDecoder(strings.NewReader(string(picture(text))))
		for {
			token, err := in.Token()
			if errors.Is(err, io.EOF) {
				return
			}
			if err != nil {
				t.Fatalf("%q: %v", text, err)
			}
			if s, ok := token.(xml.StartElement); ok && !strings.Contains(" svg title style defs marker path rect text g ", " "+s.Name.Local+" ") {
				t.Fatalf("%q makes a %s", text, s.Name.Local)
			}
		}
	})
}

func TestTextsAreCutToWhatFits(t *testing.T) {
	if got := draw.Short("abcdefghij", 5); utf8.RuneCountInString(got) != 5 || got != "ab…ij" {
		t.Errorf("short: %q", got)
	}
	for _, tc := range []struct {
		text string
		want []string
	}{
		{"", nil},
		{"one two", []string{"one two"}},
		{"one two three four", []string{"one two", "three four"}},
		{"one two three four five six", []string{"one two", "three fou…"}},
		{"abcdefghijklmnop", []string{"abcde…mnop"}},
	} {
		if diff := cmp.Diff(tc.want, draw.Wrapped(tc.text, 10, 2)); diff != "" {
			t.Errorf("%q:\n%s", tc.text, diff)
		}
	}
}

// TestInkCanBeReadOnEveryGround holds the contrast of text and ground against 4.5 to 1, which WCAG 2.1 wants at the least (1.4.3), by day and
// by night.
func TestInkCanBeReadOnEveryGround(t *testing.T) {
	parts := strings.SplitN(string(picture("x")), "@media", 2)
	if len(parts) != 2 {
		t.Fatal("no colours for the night")
	}
	for name, sheet := range map[string]string{"day": parts[0], "night": parts[1]} {
		fill := map[string]string{}
		for _, m := range regexp.MustCompile(`\.([a-z]+)\{fill:(#[0-9a-f]+)`).FindAllStringSubmatch(sheet, -1) {
			fill[m[1]] = m[2]
		}
		for _, ground := range []string{"page", "plain", "begin", "danger", "alarm", "goal", "good", "intent", "faint"} {
			for _, ink := range []string{"ink", "soft", "word"} {
				if c := contrast(t, fill[ink], fill[ground]); c < 4.5 {
					t.Errorf("%s: %s on %s: %.1f", name, ink, ground, c)
				}
			}
		}
	}
}

// contrast is that of WCAG 2.1: https://www.w3.org/TR/WCAG21/#dfn-contrast-ratio
func contrast(t *testing.T, a, b string) float64 {
	x, y := light(t, a), light(t, b)
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

func light(t *testing.T, colour string) (sum float64) {
	t.Helper()
	hex := strings.TrimPrefix(colour, "#")
	if len(hex) == 3 {
		hex = fmt.Sprintf("%c%c%c%c%c%c", hex[0], hex[0], hex[1], hex[1], hex[2], hex[2])
	}
	for i, share := range []float64{0.2126, 0.7152, 0.0722} {
		n, err := strconv.ParseUint(hex[2*i:2*i+2], 16, 8)
		if err != nil {
			t.Fatalf("colour %q: %v", colour, err)
		}
		c := float64(n) / 255
		if c <= 0.04045 {
			sum += share * c / 12.92
		} else {
			sum += share * math.Pow((c+0.055)/1.055, 2.4)
		}
	}
	return sum
}
