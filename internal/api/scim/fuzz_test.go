package scim

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// sample is a resource with something of every kind.
func sample(tb testing.TB) map[string]any {
	tb.Helper()
	var in map[string]any
	err := json.Unmarshal([]byte(`{"userName":"ana@example.com","active":true,"name":{"givenName":"Ana"},"title":"Lead","externalId":"X1",
"emails":[{"value":"ana@example.com","type":"work","primary":true},{"value":"ana@example.org","type":"home"}],"roles":[{"value":"admin"}],
"`+enterpriseSchema+`":{"department":"Shop","manager":{"value":"01B"}},"`+ownSchema+`":{"endDate":"2030-04-05"}}`), &in)
	if err != nil {
		tb.Fatal(err)
	}
	res, err := userShape().settle(in)
	if err != nil {
		tb.Fatal(err)
	}
	return res
}

// FuzzFilter: every filter is read or refused, answers the same twice, and its opposite answers the opposite.
func FuzzFilter(f *testing.F) {
	for _, s := range []string{
		`userName eq "ana@example.com"`, `emails[type eq "work" and value co "@"].value sw "a" or not (active eq "True")`, `title pr and externalId ne "x1"`,
		enterpriseSchema + `:manager.value eq "01B"`, ownSchema + `:endDate gt "2030-01-01T00:00:00Z"`, `((name.givenName ge "A"))`, `emails[`, `a eq "\`,
		`emails co null`, `not`, `not (`, `roles[primary eq "False"]`, `userName eq 1e400`, "userName eq \"\\u0000\"", `urn:`, `urn:ietf:params:scim:schemas:core:2.0:User`,
	} {
		f.Add(s)
	}
	res := sample(f)
	f.Fuzz(func(t *testing.T, text string) {
		n, err := userShape().filterOf(text)
		if err != nil {
			if refusalOf(err).status != 400 {
				t.Errorf("%q: %v", text, err)
			}
			return
		}
		yes := n.matches(res)
		if n.matches(res) != yes || (&node{op: "not", kids: []*node{n}}).matches(res) == yes {
			t.Errorf("%q answers once this and once that", text)
		}
		again, err := userShape().filterOf("not (" + text + ")")
		if err == nil && again.matches(res) == yes {
			t.Errorf("%q and its opposite: both %t", text, yes)
		}
	})
}

// FuzzPatch: every change is made or refused, and what it leaves is in form: settling it again changes nothing.
func FuzzPatch(f *testing.F) {
	for _, s := range []string{
		`{"Operations":[{"op":"Replace","path":"active","value":"False"},{"op":"add","path":"emails[type eq \"other\"].value","value":"x"}]}`,
		`{"Operations":[{"op":"replace","value":{"name.givenName":"B","` + enterpriseSchema + `:department":null,"id":"x"}}]}`,
		`{"Operations":[{"op":"remove","path":"emails[value ew \".org\"]"},{"op":"remove","path":"roles","value":[{"value":"admin"}]}]}`,
		`{"Operations":[{"op":"add","path":"` + enterpriseSchema + `","value":{"manager":"01C"}},{"op":"remove","path":"` + ownSchema + `"}]}`,
		`{"Operations":[{"op":"replace","path":"emails[type eq \"work\"]","value":{"value":"y","primary":"True"}},{"op":"remove","path":"emails.type"}]}`,
		`{"Operations":[{"op":"add","path":"emails","value":{"value":"z","primary":true}},{"op":"replace","path":"addresses","value":[{"country":"PT"}]}]}`,
		`{"Operations":[{"op":"add","path":"photos.value","value":"p"},{"op":"replace","path":"name","value":null}]}`,
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		p, err := patchOf(body)
		if err != nil {
			return
		}
		res := sample(t)
		if err := userShape().apply(res, p.Operations); err != nil {
			if refusalOf(err).status != 400 {
				t.Errorf("%s: %v", body, err)
			}
			return
		}
		text, err := json.Marshal(res)
		if err != nil {
			t.Fatal(err)
		}
		var read map[string]any
		if err := json.Unmarshal(text, &read); err != nil {
			t.Fatal(err)
		}
		again, err := userShape().settle(read)
		if err != nil {
			t.Fatalf("%s leaves what is refused: %v in %s", body, err, text)
		}
		if d := cmp.Diff(again, read); d != "" {
			t.Errorf("%s leaves what is not in form:\n%s", body, d)
		}
		primary := 0
		list, _ := read["emails"].([]any)
		for _, e := range list {
			if isPrimary(e) {
				primary++
			}
		}
		if primary > 1 {
			t.Errorf("%s leaves %d primary addresses", body, primary)
		}
	})
}
