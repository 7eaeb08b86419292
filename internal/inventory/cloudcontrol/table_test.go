package cloudcontrol

import (
	"slices"
	"strings"
	"testing"

	"jobzero/internal/resource"
	"jobzero/internal/resource/schema"
)

// TestTable: every type of the table can be read through Cloud Control and listed in the way that its line says, as far as the
// published schemas know.
func TestTable(t *testing.T) {
	if n := len(table()); n < 50 {
		t.Errorf("%d types", n)
	}
	for _, e := range table() {
		h := schema.HandlersOf(e.typ)
		if _, ok := schema.Of(e.typ); !ok || !h.CanRead {
			t.Errorf("%s cannot be read", e.typ)
		}
		switch e.how {
		case plain:
			// Of a load balancer's or log group's list a model may be given, but none has to be.
			if !h.CanList || len(h.Of) > 0 {
				t.Errorf("%s cannot be listed plainly: it takes %v", e.typ, h.Of)
			}
		case each:
			listed(t, e.parent)
			if !slices.Equal(h.Of, []string{e.property}) {
				t.Errorf("%s is listed of %v, not of %s", e.typ, h.Of, e.property)
			}
		case with:
			for _, m := range e.models {
				if !slices.Equal(h.Of, []string{m.property}) {
					t.Errorf("%s is listed of %v, not of %s", e.typ, h.Of, m.property)
				}
			}
		case same:
			listed(t, e.parent)
		case account, never:
			if h.CanList {
				t.Errorf("%s can be listed after all", e.typ)
			}
		}
	}
}

func listed(t *testing.T, typ resource.Type) {
	t.Helper()
	if h := schema.HandlersOf(typ); !h.CanList || len(h.Of) > 0 {
		t.Errorf("the parent %s cannot be listed plainly", typ)
	}
}

// TestNeedsOnlyRead: the handlers' own lists of permissions were written for deployments. None that writes or reads what people keep
// is asked for.
func TestNeedsOnlyRead(t *testing.T) {
	for _, r := range Readers() {
		for _, a := range r.Needs() {
			verb := strings.ToLower(a[strings.IndexByte(a, ':')+1:])
			reads := slices.ContainsFunc([]string{"get", "list", "describe", "batchget", "batchdescribe"}, func(p string) bool { return strings.HasPrefix(verb, p) })
			if !reads || slices.Contains([]string{"getsecretvalue", "getobject", "getparameter", "getparameters", "getpassworddata"}, verb) {
				t.Errorf("%s asks for %s", r.Type(), a)
			}
		}
	}
}

func TestBrokenTable(t *testing.T) {
	for _, line := range []string{
		"A::B::C", "Bucket plain", "A::B::C plain x", "A::B::C each D::E::F", "A::B::C each D::E::F G first", "A::B::C with", "A::B::C with x",
		"A::B::C same", "A::B::C other", "A::B::C plain\nA::B::C never",
	} {
		if got, err := parse(line); err == nil {
			t.Errorf("%s: got %+v", line, got)
		}
	}
}
