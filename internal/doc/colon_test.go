package doc_test

import (
	"strings"
	"testing"

	"jobzero/internal/doc"
)

// TestAColonInAName: in braces a colon with no space behind it belongs to the name (YAML 1.2.2, section 7.3.3).
func TestAColonInAName(t *testing.T) {
	for text, want := range map[string]string{
		`a: {aws:SecureTransport: "false"}`:                                "a.aws:SecureTransport=false@1:26",
		`a: {Bool: {aws:SecureTransport: "false"}}`:                        "a.Bool.aws:SecureTransport=false@1:33",
		`a: {aws:x: 1, s3:y:z: two}`:                                       "a.aws:x=1@1:12 a.s3:y:z=two@1:23",
		`a: {ä: {aws:x: 1}}`:                                               "a.ä.aws:x=1@1:16",
		"a:\n  b: {aws:x: c:d, e: f}\n":                                    "a.b.aws:x=c:d@2:14 a.b.e=f@2:22",
		`a: {"aws:x":1, 'b':2}`:                                            "a.aws:x=1@1:13 a.b=2@1:20",
		`a: {b: c, d: "e:f", g: 'h:i'}`:                                    "a.b=c@1:8 a.d=e:f@1:14 a.g=h:i@1:24",
		"a: |\n  {b:c: d}\n":                                               "a={b:c: d}\n@1:4",
		`{"Statement":[{"Condition":{"Bool":{"aws:x":"false"}},"E":"D"}]}`: "Statement.0.Condition.Bool.aws:x=false@1:45 Statement.0.E=D@1:59",
	} {
		nodes, err := doc.Parse("x.yaml", []byte(text))
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		if got := strings.Join(leaves(nodes[0], ""), " "); got != want {
			t.Errorf("%s\n got %q\nwant %q", text, got, want)
		}
	}
}

func leaves(n *doc.Node, at string) (out []string) {
	join := func(name string) string { return strings.TrimPrefix(at+"."+name, ".") }
	for _, p := range n.Pairs {
		out = append(out, leaves(p.Value, join(p.Key.Text))...)
	}
	for i, item := range n.Items {
		out = append(out, leaves(item, join(string(rune('0'+i))))...)
	}
	if len(out) == 0 {
		place := n.Place()
		out = []string{at + "=" + n.Text + "@" + strings.TrimPrefix(place, "x.yaml:")}
	}
	return out
}
