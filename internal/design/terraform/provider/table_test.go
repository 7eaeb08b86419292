package provider

import (
	"slices"
	"strings"
	"testing"

	"jobzero/internal/resource/schema"
)

// TestTable follows every target of the table into CloudFormation's schema.
func TestTable(t *testing.T) {
	b, err := readAll(tables)
	if err != nil {
		t.Fatal(err)
	}
	rules, folds := 0, 0
	for _, e := range b.own {
		rules += follow(t, e)
	}
	for _, list := range b.folds {
		folds += len(list)
		for _, e := range list {
			for _, attribute := range e.same {
				if !slices.Contains(identities(), attribute) {
					t.Errorf("%s: nothing is found by %s", e.place, attribute)
				}
			}
			rules += follow(t, e)
		}
	}
	for _, list := range b.each {
		for _, e := range list {
			part := *e
			part.at = "" // it is a block of the text, and no list of the type
			rules += follow(t, &part)
			if typ, ok := schema.Of(e.cfn); !ok || wrong(&typ.Shape, []string{e.by}) != "" {
				t.Errorf("%s: %s names nothing by %s", e.place, e.cfn, e.by)
			}
		}
	}
	if len(b.own) < 60 || folds < 30 {
		t.Errorf("%d types, %d folds", len(b.own), folds)
	}
	t.Logf("%d types, %d folds, %d rules", len(b.own), folds, rules)
}

func follow(t *testing.T, e *entry) (n int) {
	t.Helper()
	typ, ok := schema.Of(e.cfn)
	if !ok {
		t.Errorf("%s: there is no %s", e.place, e.cfn)
		return 0
	}
	root := &typ.Shape
	if e.at != "" {
		if root = objectOf(kindOf(root, e.at)); root == nil {
			t.Errorf("%s: %s has no list %s", e.place, e.cfn, e.at)
			return 0
		}
	}
	for at, list := range e.rules {
		for _, r := range list {
			n++
			if r.from == '@' || len(r.target) == 0 {
				continue
			}
			shape, known := root, true
			if r.from == '/' {
				shape = &typ.Shape
			} else if i := strings.LastIndexByte(at, '.'); i > 0 {
				shape, known = blockOf(e, root, at[:i])
			}
			if !known {
				t.Errorf("%s: %s: the block leads nowhere", e.place, at)
				continue
			}
			if at := wrong(shape, r.target); at != "" {
				t.Errorf("%s: %s: %s has no %s", e.place, at, name(shape), at)
			}
		}
	}
	for _, r := range e.always {
		if at := wrong(root, r.target); at != "" {
			t.Errorf("%s: %s has no %s", e.place, name(root), at)
		}
	}
	for _, set := range []map[string]bool{e.ignored, e.apart} {
		for at := range set {
			if e.rules[at] != nil {
				t.Errorf("%s: %s is ignored and has a rule", e.place, at)
			}
		}
	}
	return n
}

func name(s *schema.Shape) string {
	if s == nil {
		return "nothing"
	}
	return s.Name
}

// wrong is the first name of a target that does not exist.
func wrong(shape *schema.Shape, names []string) string {
	for i, n := range names {
		n = strings.TrimRight(n, "+[]")
		if shape == nil {
			return n
		}
		m, ok := shape.Member(n)
		if !ok || !settable(shape, m) {
			return n
		}
		if i < len(names)-1 && (m.Value.Kind == schema.JSON || m.Value.Kind == schema.Map) {
			return ""
		}
		shape = objectOf(m.Value)
	}
	return ""
}

// blockOf is the object that a block fills.
func blockOf(e *entry, shape *schema.Shape, at string) (*schema.Shape, bool) {
	last := at
	if i := strings.LastIndexByte(at, '.'); i > 0 {
		last = at[i+1:]
		var ok bool
		if shape, ok = blockOf(e, shape, at[:i]); !ok {
			return nil, false
		}
	}
	if rules := e.rules[at]; rules != nil {
		for _, n := range rules[0].target {
			shape = objectOf(kindOf(shape, strings.TrimRight(n, "+[]")))
		}
		return shape, shape != nil
	}
	m := (&mapping{e: e}).member(shape, last, []any{})
	if m == nil {
		return nil, false
	}
	shape = objectOf(m.Value)
	return shape, shape != nil
}

// TestGiven: what the provider gives by itself is understood, so that it makes nothing doubtful.
func TestGiven(t *testing.T) {
	b := open()
	for tf, e := range b.own {
		if len(e.defaults) == 0 {
			continue
		}
		values := map[string]any{}
		for _, g := range e.defaults { // the blocks that have some
			at := values
			for _, name := range g.path[:len(g.path)-1] {
				if at[name] == nil {
					at[name] = []any{map[string]any{}}
				}
				at = at[name].([]any)[0].(map[string]any)
			}
		}
		res := Translate([]*Resource{{Address: tf + ".x", Type: tf, Values: values, New: true, Bare: true}})[0]
		if len(res.Left) > 0 || res.Values.Read == 0 {
			t.Errorf("%s: %+v of %v", tf, res.Left, values)
		}
	}
}
