package doc_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"jobzero/internal/doc"
)

type garden struct {
	Name  string            `yaml:"name"`
	Beds  []bed             `yaml:"beds"`
	Tools []string          `yaml:"tools"`
	Notes map[string]string `yaml:"notes"`
	Shed  *bed              `yaml:"shed"`
	Open  bool              `yaml:"open"`
	Trees int               `yaml:"trees"`
	Water time.Duration     `yaml:"water"`
	Path  string            `yaml:"-"`
}

type bed struct {
	Kind  string `yaml:"kind"`
	Plots []bed  `yaml:"plots"`
}

func TestWrite(t *testing.T) {
	g := garden{
		Name: "yes", Beds: []bed{{Kind: "herbs", Plots: []bed{{Kind: "a: b"}}}, {}}, Tools: []string{"hoe", "rake"},
		Notes: map[string]string{"b": "two\nlines\n", "a": ""}, Shed: &bed{}, Trees: 2, Water: 4 * time.Hour, Path: "x",
	}
	want := `name: "yes"
beds:
  - kind: herbs
    plots:
      - kind: "a: b"
  - {}
tools: [hoe, rake]
notes:
  a: ""
  b: |
    two
    lines
shed: {}
trees: 2
water: 4h
`
	if d := cmp.Diff(want, string(doc.Write(g))); d != "" {
		t.Error(d)
	}
}

// TestWhatIsWrittenIsReadBack holds the writer and the reader together on odd texts.
func TestWhatIsWrittenIsReadBack(t *testing.T) {
	odd := rapid.OneOf(
		rapid.StringMatching(`[a-z:#'"{}\[\]|>&*!%@,?`+"`"+` \n-]{0,40}`),
		rapid.StringMatching(`([a-z]{1,9}[ ,.:] ?){0,40}`),
		rapid.StringMatching(`[ -~äß😀]{0,20}`),
		rapid.SampledFrom([]string{"", "no", "~", "1_0", "0x1f", "1e3", "2026-11-23", "- a", "a: b", " a", "a ", "a\n", "\na", "a\n\n", "a\tb", "\u007f", "\u0085", "\u2028", "---", "a\n---\nb", "=", "<<"}),
	)
	beds := rapid.Custom(func(t *rapid.T) bed { return bed{Kind: odd.Draw(t, "kind")} })
	rapid.Check(t, func(t *rapid.T) {
		want := garden{
			Name: odd.Draw(t, "name"), Beds: rapid.SliceOfN(beds, 1, 3).Draw(t, "beds"), Tools: rapid.SliceOfN(odd, 1, 4).Draw(t, "tools"),
			Notes: rapid.MapOfN(rapid.StringMatching(`[a-z: #]{1,9}`), odd, 1, 3).Draw(t, "notes"), Shed: &bed{Plots: []bed{{Kind: odd.Draw(t, "plot")}}},
			Open: rapid.Bool().Draw(t, "open"), Water: time.Duration(rapid.Int64Range(0, 1e15).Draw(t, "water")),
		}
		text := doc.Write(want)
		var got garden
		if err := doc.Decode("garden.yml", text, &got); err != nil {
			t.Fatalf("%v\n%s", err, text)
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Fatalf("%s\n%s", d, text)
		}
	})
}
