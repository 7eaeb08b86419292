package doc_test

import (
	"testing"

	"jobzero/internal/doc"
)

func TestBegins(t *testing.T) {
	const text = "first: 1\n---\nplain: a\nquoted: 'a'\ndouble: \"a\"\nblock: |\n\n    a\n    b\nfolded: >-\n  a\n"
	trees, err := doc.Parse("x.yaml", []byte(text))
	if err != nil || len(trees) != 2 {
		t.Fatalf("%d trees: %v", len(trees), err)
	}
	for key, want := range map[string][2]int{"plain": {3, 8}, "quoted": {4, 10}, "double": {5, 10}, "block": {7, 5}, "folded": {11, 3}} {
		if line, col := trees[1].Get(key).Begins(); line != want[0] || col != want[1] {
			t.Errorf("%s begins at %d:%d: want %d:%d", key, line, col, want[0], want[1])
		}
	}
}
