package ocsf_test

import (
	"encoding/json"
	"flag"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"jobzero/internal/event"
	"jobzero/internal/event/ocsf"
)

var update = flag.Bool("update", false, "write the golden file again")

// TestViews holds the view of every log against what a person has looked at once.
func TestViews(t *testing.T) {
	const golden = "testdata/views.json"
	all := map[string]ocsf.View{}
	for name, e := range logs() {
		all[name] = ocsf.Of(e)
	}
	got, err := json.MarshalIndent(all, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	got = append(got, '\n')
	if *update {
		if err := os.WriteFile(golden, got, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(string(want), string(got)); d != "" {
		t.Errorf("views (-want +got):\n%s", d)
	}
}

// TestNothingIsLost looks for everything that a record says in its view.
func TestNothingIsLost(t *testing.T) {
	for name, e := range logs() {
		for _, l := range lost(t, e) {
			t.Errorf("%s: the view does not have %q", name, l)
		}
	}
	e := logs()["waf"]
	v := ocsf.Of(e)
	v.Head().Unmapped = nil
	if got := missing(t, e, v); len(got) == 0 {
		t.Error("a view without what is unmapped has lost nothing: this test cannot fail")
	}
}

// lost lists the values of a record that its view does not have.
func lost(t *testing.T, e *event.Event) []string {
	t.Helper()
	return missing(t, e, ocsf.Of(e))
}

func missing(t *testing.T, e *event.Event, v ocsf.View) (out []string) {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	var record, view any
	if json.Unmarshal(e.Raw, &record) != nil {
		if v.Head().RawData != string(e.Raw) {
			return []string{string(e.Raw)}
		}
		return nil
	}
	if err := json.Unmarshal(b, &view); err != nil {
		t.Fatal(err)
	}
	if b, err = json.Marshal(view); err != nil { // with every text escaped in the same way
		t.Fatal(err)
	}
	has := map[string]bool{}
	leaves(view, func(text string) { has[text] = true })
	all := string(b)
	leaves(record, func(text string) {
		for part := range strings.FieldsFuncSeq(text, func(r rune) bool { return strings.ContainsRune(" ,?", r) }) {
			quoted, _ := json.Marshal(part)
			if part != "-" && !has[part] && !strings.Contains(all, strings.Trim(string(quoted), `"`)) && !converted(part, all) {
				out = append(out, part)
			}
		}
	})
	return out
}

// converted knows what a view writes in another unit, and what it says by a number of its own.
func converted(part, all string) bool {
	if strings.Contains(all, part+"000") || strings.HasSuffix(part, "Z") && strings.Contains(all, `"created_time"`) {
		return true
	}
	for word, sign := range map[string]string{
		"ACCEPT": `"Allowed"`, "ALLOW": `"Allowed"`, "egress": `"Outbound"`, "REJECT": `"Blocked"`, "BLOCK": `"Blocked"`, "ingress": `"Inbound"`, "IPv4": `"protocol_ver_id":4`, "8": `"boundary_id":11`,
		"UDP": `"udp"`, "0.021": `"latency":21`, "true": `"is_mfa":true`,
	} {
		if word == part && strings.Contains(all, sign) {
			return true
		}
	}
	if host, port, ok := cutLast(part, ":"); ok {
		return strings.Contains(all, strings.Trim(host, "[]")) && strings.Contains(all, `"port":`+port)
	}
	return false
}

func cutLast(s, sep string) (before, after string, ok bool) {
	at := strings.LastIndex(s, sep)
	if at < 0 {
		return "", "", false
	}
	return s[:at], s[at+1:], true
}

// leaves visits every text and number.
func leaves(v any, visit func(string)) {
	switch v := v.(type) {
	case map[string]any:
		for _, in := range v {
			leaves(in, visit)
		}
	case []any:
		for _, in := range v {
			leaves(in, visit)
		}
	case string:
		visit(v)
	case float64:
		b, _ := json.Marshal(v)
		visit(string(b))
	}
}
