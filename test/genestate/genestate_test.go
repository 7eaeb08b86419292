package genestate_test

import (
	"io"
	"testing"

	"jobzero/internal/access"
	"jobzero/internal/access/estate"
	"jobzero/test/genestate"
)

// TestEstate: it has as much as was asked for, its hub gets into all accounts, and what runs runs as somebody who is there.
func TestEstate(t *testing.T) {
	e, err := genestate.Estate(t.Context(), genestate.Size{Accounts: 3, Principals: 50, Resources: 100})
	if err != nil || len(e.Holders()) != 150 || len(e.Assets()) < 300 {
		t.Fatalf("%d principals, %d resources, %v", len(e.Holders()), len(e.Assets()), err)
	}
	for i := 1; i < 3; i++ {
		d, err := e.Can("arn:aws:iam::"+genestate.Account(0)+":role/deploy",
			estate.Question{Action: "sts:AssumeRole", Resource: "arn:aws:iam::" + genestate.Account(i) + ":role/admin"})
		if err != nil || d.Outcome != access.Allowed {
			t.Errorf("account %d: %+v %v", i, d, err)
		}
	}
	runs := 0
	for _, x := range e.Assets() {
		if _, ok := e.Holder(x.Runs); x.Runs != "" && !ok {
			t.Errorf("%s runs as %s, who is not there", x.ARN, x.Runs)
		}
		if x.Runs != "" {
			runs++
		}
	}
	if runs < 90 {
		t.Errorf("%d resources run as somebody", runs)
	}
}

// TestSeed: the same numbers give the same bytes, and another seed gives others.
func TestSeed(t *testing.T) {
	read := func(s genestate.Size) (out string) {
		for _, f := range genestate.Files(s) {
			in, err := f.Open()
			if err != nil {
				t.Fatal(err)
			}
			text, err := io.ReadAll(in)
			if err != nil {
				t.Fatal(err)
			}
			out += string(text)
		}
		return out
	}
	one := genestate.Size{Accounts: 2, Principals: 40, Resources: 20}
	two := one
	two.Seed = 7
	if first, second := read(one), read(one); first != second {
		t.Error("twice is not the same")
	}
	if read(one) == read(two) {
		t.Error("another seed makes the same organisation")
	}
}
