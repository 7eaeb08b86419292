package cli_test

import (
	"bytes"
	"encoding/json"
	"os"

	"github.com/rogpeppe/go-internal/testscript"
)

// coded sets ID and CODE to those of a report that was sent: coded sent.json.
func coded(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: coded FILE")
	}
	var sent struct{ ID, Code string }
	ts.Check(json.Unmarshal([]byte(ts.ReadFile(args[0])), &sent))
	ts.Setenv("ID", sent.ID)
	ts.Setenv("CODE", sent.Code)
}

// mentions looks for a text in the bytes of a database, and in its log: mentions data/jobzero.db mallory; with ! it must not be there.
func mentions(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) != 2 {
		ts.Fatalf("usage: [!] mentions DATABASE TEXT")
	}
	found := false
	for _, name := range []string{args[0], args[0] + "-wal"} {
		data, err := os.ReadFile(ts.MkAbs(name))
		if err != nil && name == args[0] {
			ts.Check(err)
		}
		found = found || bytes.Contains(data, []byte(args[1]))
	}
	if found == neg {
		ts.Fatalf("%q in %s: %v", args[1], args[0], found)
	}
}
