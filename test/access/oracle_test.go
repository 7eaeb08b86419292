package access

import (
	"bytes"
	"encoding/json"
	"flag"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"jobzero/internal/access"
	"jobzero/internal/access/cases"
)

var (
	count = flag.Int("cases", 20_000, "how many random cases")
	seed  = flag.Uint64("seed", 1, "of the random cases")
)

func randomly(n int, seed uint64) []made {
	m := maker{Rand: rand.New(rand.NewPCG(seed, 7))}
	out := make([]made, n)
	for i := range out {
		out[i] = m.make()
	}
	return out
}

// read makes a case what `jobzero access evaluate` reads.
func read(t testing.TB, c *made, partial bool) *cases.Case {
	t.Helper()
	text, err := json.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	r := cases.NewReader("made", bytes.NewReader(text))
	r.Partial = partial
	x, err := r.Next()
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	return x
}

// script is that of the other evaluator.
func script(t *testing.T) string {
	t.Helper()
	name, err := filepath.Abs("../../bin/oracle/decide.mjs")
	if err == nil {
		_, err = os.Stat(name)
	}
	if err != nil && os.Getenv("JOBZERO_REQUIRE_CORPUS") != "" {
		t.Fatalf("there is no other evaluator: %v; run make oracle", err)
	}
	if err != nil {
		t.Skip("there is no other evaluator; make oracle brings it")
	}
	return name
}

// TestOracle: another evaluator decides as we do over random cases.
func TestOracle(t *testing.T) {
	all := randomly(*count, *seed)
	answers, err := asked(script(t), all)
	if err != nil {
		t.Fatal(err)
	}
	tally, shown := map[string]int{}, 0
	for i, want := range answers {
		c := read(t, &all[i], false)
		d := c.Policies.Decide(&c.Call)
		tally[want]++
		if want != string(d.Outcome) {
			if shown++; shown <= 10 {
				text, _ := json.Marshal(all[i])
				t.Errorf("case %d: theirs %s, ours %+v\n%s", i, want, d, text)
			}
		}
	}
	t.Log(tally)
	for _, o := range []access.Outcome{access.Allowed, access.ImplicitlyDenied, access.ExplicitlyDenied} {
		if tally[string(o)] < len(all)/10 {
			t.Errorf("of %d cases only %d are %s: the maker of cases has lost its balance", len(all), tally[string(o)], o)
		}
	}
	if shown > 0 {
		t.Errorf("%d of %d differ", shown, len(all))
	}
}
