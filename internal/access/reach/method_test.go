package reach_test

import (
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"

	"jobzero/internal/access/reach"
	"jobzero/internal/policy/names"
	"jobzero/test/genestate"
)

// TestMethods: the table has each name once, says what each method does, and names actions that there are.
func TestMethods(t *testing.T) {
	all := reach.Methods()
	if len(all) < 100 {
		t.Errorf("%d methods", len(all))
	}
	seen := map[string]bool{}
	for _, m := range all {
		if seen[m.Name] || m.Title == "" || len(m.Actions()) == 0 {
			t.Errorf("%s: %+v", m.Name, m)
		}
		seen[m.Name] = true
		for _, a := range m.Actions() {
			if got, ok := names.Find(a); !ok || got.Name != a {
				t.Errorf("%s: there is no action %s", m.Name, a)
			}
		}
		for _, s := range m.Services() {
			if !strings.HasSuffix(s, ".amazonaws.com") {
				t.Errorf("%s: service %s", m.Name, s)
			}
		}
	}
}

// TestPicture: of many, a picture shows few, counts the others, and is well formed, whatever names there are.
func TestPicture(t *testing.T) {
	e, err := genestate.Estate(t.Context(), genestate.Size{Accounts: 30, Principals: 40, Resources: 60})
	if err != nil {
		t.Fatal(err)
	}
	g := reach.New(e, reach.Options{})
	r, err := g.Radius(arn(genestate.Account(0), "user/ops"))
	if err != nil || len(r.Principals) < 1000 {
		t.Fatal(len(r.Principals), err)
	}
	p := r.Picture(g)
	if len(p.Boxes) > 200 || len(p.Facts) != 2 {
		t.Errorf("%d boxes, %v", len(p.Boxes), p.Facts)
	}
	hidden := false
	for _, b := range p.Boxes {
		hidden = hidden || b.Kind == "others"
	}
	if !hidden {
		t.Error("nobody is left out")
	}
	p.Boxes[0].Name, p.Boxes[0].Label, p.Title = `<script>"&'`, "\x00<b>", "a & b"
	wellFormed(t, p.SVG())
	wellFormed(t, reach.Picture{}.SVG())
}

func wellFormed(t *testing.T, svg []byte) {
	t.Helper()
	in := xml.NewDecoder(strings.NewReader(string(svg)))
	for {
		token, err := in.Token()
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			t.Fatalf("%v in %s", err, svg)
		}
		if s, ok := token.(xml.StartElement); ok && s.Name.Local == "script" {
			t.Fatal("there is a script")
		}
	}
}
