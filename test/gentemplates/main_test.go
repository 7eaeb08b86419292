package main

import (
	"encoding/json"
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"

	"jobzero/internal/doc"
)

// TestForms reads both forms of a template again: they say the same, and the same seed makes the same.
func TestForms(t *testing.T) {
	made := func() map[string]any { return maker{rand.New(rand.NewPCG(1, 0))}.template(10) }
	text, err := block(made())
	if err != nil {
		t.Fatal(err)
	}
	var fromYAML, fromJSON any
	if err := doc.Decode("t.yaml", text, &fromYAML); err != nil {
		t.Fatalf("%v in\n%s", err, text)
	}
	data, err := json.Marshal(made())
	if err != nil {
		t.Fatal(err)
	}
	if err := doc.Decode("t.json", data, &fromJSON); err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(fromJSON, fromYAML); d != "" {
		t.Error(d)
	}
	if n := len(made()["Resources"].(map[string]any)); n != 51 {
		t.Errorf("%d resources", n)
	}
}
