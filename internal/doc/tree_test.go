package doc_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"jobzero/internal/doc"
	"jobzero/internal/fault"
)

// show writes a tree out, with tags.
func show(n *doc.Node) string {
	var b strings.Builder
	b.WriteString(n.Tag)
	switch n.Kind {
	case doc.List:
		for i, item := range n.Items {
			b.WriteString([]string{"[", " "}[min(i, 1)] + show(item))
		}
		b.WriteString("]")
	case doc.Map:
		for i, p := range n.Pairs {
			b.WriteString([]string{"{", " "}[min(i, 1)] + p.Key.Text + ":" + show(p.Value))
		}
		b.WriteString("}")
	case doc.Null:
		b.WriteString("~")
	default:
		fmt.Fprintf(&b, "<%c %s>", n.Kind.String()[0], n.Text)
		if n.Kind == doc.String {
			return strings.NewReplacer("<a ", "(", ">", ")").Replace(b.String())
		}
	}
	return b.String()
}

func TestTree(t *testing.T) {
	for name, c := range map[string]struct{ file, text, want string }{
		"tags":            {"a.yaml", "a: !Ref b\nc: !Sub\n  - x\n  - {y: !GetAtt z.w}\nd: !Empty\n", "{a:!Ref(b) c:!Sub[(x) {y:!GetAtt(z.w)}] d:!Empty~}"},
		"tag on map":      {"a.yaml", "a: !Transform\n  Name: b\n", "{a:!Transform{Name:(b)}}"},
		"tags of YAML":    {"a.yaml", "a: !!str 1\nb: !!int 2\n", "{a:(1) b:<a 2>}"},
		"alias":           {"a.yaml", "a: &x [1]\nb: *x\nc: !If [*x]\n", "{a:[<a 1>] b:[<a 1>] c:!If[[<a 1>]]}"},
		"tag and anchor":  {"a.yaml", "a: &x !Ref b\nc: *x\n", "{a:!Ref(b) c:!Ref(b)}"},
		"merge":           {"a.yaml", "a: &x {b: 1, c: 2}\nd:\n  <<: *x\n  c: 3\n  e: 4\n", "{a:{b:<a 1> c:<a 2>} d:{c:<a 3> e:<a 4> b:<a 1>}}"},
		"merge of a list": {"a.yaml", "a: &x {b: 1}\nb: &y {b: 2, c: 3}\nd: {<<: [*x, *y]}\n", "{a:{b:<a 1>} b:{b:<a 2> c:<a 3>} d:{b:<a 1> c:<a 3>}}"},
		"json":            {"a.json", "\ufeff{\"a\":\t[1, -2.5e3, true, null, \"\\u00e4\\n\", {}], \"b\": []}", "{a:[<a 1> <a -2.5e3> <t true> ~ (ä\n) }] b:]}"},
		"json by content": {"a.template", "\n {\"a\": [\"b\"]}\n", "{a:[(b)]}"},
		"flow":            {"a.template", "{a: [b]}", "{a:[(b)]}"},
	} {
		t.Run(name, func(t *testing.T) {
			nodes, err := doc.Reader{Nodes: 100}.Parse(c.file, []byte(c.text))
			if err != nil || len(nodes) != 1 {
				t.Fatal(nodes, err)
			}
			if diff := cmp.Diff(c.want, show(nodes[0])); diff != "" {
				t.Error(diff)
			}
			if err := nodes[0].Decode(&struct{}{}); !fault.Is(err, fault.Internal) {
				t.Errorf("decoded: %v", err)
			}
		})
	}
}

func TestTreeRefuses(t *testing.T) {
	many := "{" + strings.TrimSuffix(strings.Repeat(`"k%d": 1, `, 20), ", ") + "}"
	var keys []any
	for i := range 20 {
		keys = append(keys, i%19)
	}
	for name, c := range map[string]struct{ file, text, want string }{
		"unknown alias":   {"a.yaml", "a: *x\n", "a.yaml:1:4: there is no anchor &x"},
		"own alias":       {"a.yaml", "a: &x [*x]\n", "there is no anchor &x"},
		"too many":        {"a.yaml", "a: &x [1, 2, 3, 4, 5, 6, 7, 8, 9]\nb: &y [*x, *x, *x, *x, *x]\nc: [*y, *y]\n", "a.yaml:3:4: more than 100 values once the aliases are written out"},
		"too many merged": {"a.yaml", "a: &x {b: [1, 2, 3, 4, 5, 6, 7, 8, 9]}\nb: [{<<: *x}, {<<: *x}, {<<: *x}, {<<: *x}, {<<: *x}, {<<: *x}, {<<: *x}, {<<: *x}, {<<: *x}]\n", "more than 100 values"},
		"too many json":   {"a.json", "[" + strings.Repeat("1,", 120) + "1]", "more than 100 values"},
		"merge of a text": {"a.yaml", "a: {<<: b}\n", "a.yaml:1:9: a text cannot be merged"},
		"twice":           {"a.json", "{\"a\": 1,\n \"a\": 2}", `a.json:2:2: the key "a" is there already`},
		"twice of many":   {"a.json", fmt.Sprintf(many, keys...), `the key "0" is there already`},
		"deep json":       {"a.json", strings.Repeat("[", 5000) + strings.Repeat("]", 5000), "a.json:1:102: more than 100 levels"},
		"not utf-8":       {"a.json", "{\"a\": \"\xff\"}", "a.json:1:8: byte 0xff"},
		"broken json":     {"a.json", "{\n \"name\": \"a\",\n}", "a.json:3:1: invalid character"},
	} {
		t.Run(name, func(t *testing.T) {
			limit := 100
			if name == "deep json" {
				limit = 100_000
			}
			text := strings.ReplaceAll(c.text, `"k`, `"`)
			_, err := doc.Reader{Nodes: limit}.Parse(c.file, []byte(text))
			if !fault.Is(err, fault.Invalid) || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v\nwant %s", err, c.want)
			}
		})
	}
}

// TestTreePlaces: a tree of JSON has the places that YAML has for the same text, and a chain of aliases is as deep as it is long.
func TestTreePlaces(t *testing.T) {
	text := []byte("{\"a\": [1, {\"ü\": \"x\", \"b\":\n  true}],\n \"c\": {\"d\": null}}")
	j, err := doc.Reader{Nodes: 100}.Parse("a.json", text)
	if err != nil {
		t.Fatal(err)
	}
	y, err := doc.Parse("a.json", text)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(places(y[0]), places(j[0])); d != "" {
		t.Error(d)
	}
	var chain strings.Builder
	chain.WriteString("a0: &a0 [x]\n")
	for i := range 200 {
		fmt.Fprintf(&chain, "a%d: &a%d [*a%d]\n", i+1, i+1, i)
	}
	if _, err := (doc.Reader{Nodes: 1 << 20}).Parse("a.yaml", []byte(chain.String())); err == nil || !strings.Contains(err.Error(), "more than 100 levels") {
		t.Error(err)
	}
}

func places(n *doc.Node) (out []string) {
	out = append(out, n.Place())
	for _, item := range n.Items {
		out = append(out, places(item)...)
	}
	for _, p := range n.Pairs {
		out = append(append(out, places(p.Key)...), places(p.Value)...)
	}
	return out
}

func FuzzTree(f *testing.F) {
	for _, s := range []string{"a: &x !Ref b\nc: *x", "a: {<<: [*x]}", "{\"a\": [1, {}]}", "a: !!str", "? !a b\n: &c d", "&a : b", "!x"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		for _, name := range []string{"a.yaml", "a.json"} {
			nodes, err := doc.Reader{Nodes: 1000}.Parse(name, data)
			if err != nil && !strings.HasPrefix(err.Error(), name+":") {
				t.Fatalf("error without a place: %v", err)
			}
			for _, n := range nodes {
				if all := places(n); len(all) > 3000 {
					t.Fatalf("%d nodes", len(all))
				}
			}
		}
	})
}
