package inventory_test

import (
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"jobzero/internal/event"
	"jobzero/internal/inventory"
	"jobzero/internal/resource"
)

// TestTouches: every line of the table has a record that was made up for it, and the record touches what is said there.
func TestTouches(t *testing.T) {
	tested := map[string]bool{}
	for _, f := range lines(t, "testdata/touches.txt") {
		if len(f) != 5 {
			t.Fatalf("%v: want SOURCE CALL TYPE ID,ID RECORD", f)
		}
		typ := resource.Type(f[2])
		tested[f[0]+" "+f[1]+" "+f[2]] = true
		e := &event.Event{Account: acct, Region: "eu-central-1", Source: f[0] + ".amazonaws.com", Name: f[1], Raw: []byte(f[4])}
		var want, got []resource.Ref
		for _, id := range strings.Split(f[3], ",") {
			ref := resource.Ref{Type: typ, Account: acct, ID: id}
			if !typ.Global() {
				ref.Region = "eu-central-1"
			}
			want = append(want, ref)
		}
		for _, ref := range inventory.Affected(e) {
			if ref.Type == typ {
				got = append(got, ref)
			}
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("%s %s: %s", f[0], f[1], d)
		}
	}
	n := 0
	for _, f := range lines(t, "touches.txt") {
		first, _, _ := strings.Cut(f[1], ",")
		if n++; !tested[f[0]+" "+first+" "+f[2]] {
			t.Errorf("no record for %s %s %s", f[0], first, f[2])
		}
	}
	if n < 60 {
		t.Errorf("%d lines", n)
	}
}

func lines(t *testing.T, file string) [][]string {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var out [][]string
	for _, line := range strings.Split(string(text), "\n") {
		if f := strings.Fields(line); len(f) > 0 && f[0] != "#" {
			out = append(out, f)
		}
	}
	return out
}
