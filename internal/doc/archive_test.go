package doc_test

import (
	"strings"
	"testing"

	"jobzero/internal/doc"
)

func TestArchive(t *testing.T) {
	a, err := doc.Archive("x.test", []byte("words\n-- fire/one.json --\n{}\n"))
	if err != nil || len(a.Files) != 1 || a.Files[0].Name != "fire/one.json" {
		t.Errorf("got %v %v", a, err)
	}
	for _, broken := range []string{"", "only words\n", "-- --\n", "--  --\n{}"} {
		if _, err := doc.Archive("x.test", []byte(broken)); err == nil || !strings.HasPrefix(err.Error(), "x.test:1:1: ") {
			t.Errorf("%q: want an error with its place, got %v", broken, err)
		}
	}
}

func FuzzArchive(f *testing.F) {
	f.Add([]byte("-- fire/one.json --\n{}\n"))
	f.Add([]byte("-- --"))
	f.Fuzz(func(t *testing.T, data []byte) {
		a, err := doc.Archive("x.test", data)
		if (a == nil) == (err == nil) {
			t.Errorf("got %v and %v", a, err)
		}
	})
}
