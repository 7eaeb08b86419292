package sigma_test

import (
	"fmt"
	"testing"
)

// What the array forms demand of a list of ports, of none and of what is no list.
func TestArrayForms(t *testing.T) {
	const (
		none   = `{"o":{}}`
		null   = `{"o":{"items":null}}`
		empty  = `{"o":{"items":[]}}`
		single = `{"o":{"items":{"port":22,"open":true}}}`
		mixed  = `{"o":{"items":[{"port":22,"open":false},{"port":80,"open":true}]}}`
		all    = `{"o":{"items":[{"port":22,"open":true},{"port":22,"open":true,"deep":{"a":[1,2]}}]}}`
	)
	for _, c := range []struct {
		search string
		fires  []string
	}{
		{"{'o.items[any]': {port: 22, open: true}}", []string{single, all}},
		{"{o.items.port: 22, o.items.open: true}", []string{single, mixed, all}}, // without brackets: not the same element
		{"{'o.items[all].port': 22}", []string{single, all}},
		{"{'o.items[all_or_empty].port': 22}", []string{none, null, empty, single, all}},
		{"{'o.items[none].port': 80}", []string{none, null, empty, single, all}},
		{"{'o.items[0].port': 22}", []string{single, mixed, all}},
		{"{'o.items[1].port': 80}", []string{mixed}},
		{"{'o.items[-1].open': true}", []string{single, mixed, all}},
		{"{'o.items[1].deep.a[1]': 2}", []string{all}},
		{"{'o.items[any].deep.a[any]|gt': 1}", []string{all}},
	} {
		r := compile(t, "s: "+c.search+"\ncondition: s")
		for _, raw := range []string{none, null, empty, single, mixed, all} {
			want := false
			for _, f := range c.fires {
				want = want || f == raw
			}
			if got, err := r.Matches(record([]byte(raw))); err != nil || got != want {
				t.Errorf("%s on %s: %v, want %v (%v)", c.search, raw, got, want, err)
			}
		}
	}
}

// An element may have a detection of its own, and a line about itself.
func TestArrayFormsWithACondition(t *testing.T) {
	r := compile(t, `s:
  items[any]:
    web: {port: 80}
    shut: {open: false}
    condition: web and not shut
condition: s`)
	for raw, want := range map[string]bool{
		`{"items":[{"port":80,"open":false},{"port":22,"open":true}]}`: false,
		`{"items":[{"port":80,"open":true}]}`:                          true,
		`{"items":[{"port":80}]}`:                                      true,
		`{"items":7}`:                                                  false,
	} {
		if got, err := r.Matches(record([]byte(raw))); err != nil || got != want {
			t.Errorf("%s: %v, want %v (%v)", raw, got, want, err)
		}
	}
	plain := compile(t, "s: {'tags[all]|startswith': prod}\ncondition: s")
	for raw, want := range map[string]bool{`{"tags":["prod-1","PROD-2"]}`: true, `{"tags":["prod","dev"]}`: false, `{"tags":"prod"}`: true} {
		if got, err := plain.Matches(record([]byte(raw))); err != nil || got != want {
			t.Errorf("%s: %v, want %v (%v)", raw, got, want, err)
		}
	}
	reasons, err := r.Explain(record([]byte(`{"items":[{"port":80},{"port":22}]}`)))
	if err != nil || len(reasons) != 1 || reasons[0].Tests[0].Got != "2 elements, 1 of them as wanted" {
		t.Errorf("the reason is %s, %v", fmt.Sprint(reasons), err)
	}
}
