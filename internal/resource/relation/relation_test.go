package relation

import (
	"strings"
	"testing"

	"jobzero/internal/resource"
	"jobzero/internal/resource/schema"
)

// TestTable follows every way through the table of resource types.
func TestTable(t *testing.T) {
	for typ, relations := range table() {
		seen := map[string]bool{}
		for _, r := range relations {
			if seen[r.Name] {
				t.Errorf("%s has %s twice", typ, r.Name)
			}
			seen[r.Name] = true
			for _, w := range r.Ways {
				at := typ
				for _, h := range w.Hops {
					if h.Type == Any {
						if h.Each {
							has(t, at, h.Path)
						}
						continue
					}
					if h.All {
						at = h.Type
						continue
					}
					if h.Back {
						at = h.Type
					}
					has(t, at, h.Path)
					at = h.Type
				}
				if w.Take != "" {
					has(t, at, w.Take)
				}
			}
		}
		if _, ok := schema.Of(typ); !ok {
			t.Errorf("there is no type %s", typ)
		}
	}
}

// has follows a path through lists.
func has(t *testing.T, typ resource.Type, path string) {
	t.Helper()
	s, ok := schema.Of(typ)
	if !ok {
		t.Errorf("there is no type %s", typ)
		return
	}
	var steps []schema.Step
	for _, name := range strings.Split(path, ".") {
		steps = append(steps, schema.Step{Name: name})
		if v, wrong, nearest := s.At(steps); wrong < len(steps) {
			t.Errorf("%s has no %s: did you mean %s?", typ, path, nearest)
			return
		} else if v.Kind == schema.List {
			steps = append(steps, schema.Step{Element: true})
		}
	}
}

func TestNamed(t *testing.T) {
	if r, _, ok := Named(resource.Bucket, "policy"); !ok || r.Many || len(r.Ways) != 1 || r.Ways[0].Take != "PolicyDocument" {
		t.Errorf("got %+v", r)
	}
	if _, nearest, ok := Named(resource.Bucket, "polcy"); ok || nearest != "policy" {
		t.Errorf("got %q", nearest)
	}
	if r, _, ok := Named(resource.Bucket, "acl"); !ok || r.Ways != nil {
		t.Errorf("got %+v", r)
	}
}

func TestBroken(t *testing.T) {
	for _, line := range []string{"A b", "A b some <C.d", "A b one", "A b live <C.d", "A b one C", "A b one <C", "A b many <C.d e f", "A b many >C", "A b many =", "A b many =C d", "A b many <C.d =E", "A b many ~ =C"} {
		if got, err := parse(line); err == nil {
			t.Errorf("%s: got %v", line, got)
		}
	}
}
