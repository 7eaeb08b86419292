package trail

import (
	_ "embed"
	"fmt"
	"strings"
	"sync"
)

//go:embed actions.txt
var actionsText string

//go:embed keys.txt
var keysText string

//go:embed resources.txt
var resourcesText string

// tables are the texts, read.
type tables struct {
	sources   map[string]string   // event source to prefix
	calls     map[string][]string // prefix:event in small letters to actions
	also      map[string][]also   // likewise
	keys      map[string][]row    // action in small letters to rows
	resources map[string][]string // service and type to paths
}

type also struct {
	action, path string
	role         bool // the path names the role that is passed
}

// row is one condition key of an action.
type row struct {
	kind  string // type of resource, empty for the whole call
	key   string // in small letters
	path  []string
	other string // what it is when the parameter is not there; empty: not known
	gone  bool   // it is absent then
	more  bool   // the call may touch more resources of the type
	words map[string]string
}

var loaded = sync.OnceValue(load)

// load panics when a table is broken: it is part of the program, and a test reads all of it.
func load() *tables {
	t := &tables{sources: map[string]string{}, calls: map[string][]string{}, also: map[string][]also{}, keys: map[string][]row{}, resources: map[string][]string{}}
	for _, f := range lines(actionsText) {
		switch f[0] {
		case "source":
			t.sources[f[1]] = f[2]
		case "call":
			t.calls[strings.ToLower(f[1])] = f[2:]
		case "also":
			name := strings.ToLower(f[1])
			t.also[name] = append(t.also[name], also{action: f[2], path: f[3]})
		case "passes":
			name := strings.ToLower(f[1])
			t.also[name] = append(t.also[name], also{"iam:PassRole", f[2], true})
		default:
			panic(fmt.Sprintf("actions.txt: %q is no line of it", f))
		}
	}
	for _, f := range lines(keysText) {
		r := readRow(f)
		for a := range strings.SplitSeq(strings.ToLower(f[0]), ",") {
			t.keys[a] = append(t.keys[a], r)
		}
	}
	for _, f := range lines(resourcesText) {
		t.resources[f[0]+" "+f[1]] = f[2:]
	}
	return t
}

func readRow(f []string) row {
	all := f
	r := row{}
	if f[1] != "-" {
		r.kind = f[1]
	}
	if f = f[2:]; f[0] == "more+" {
		r.more, f = true, f[1:]
	}
	r.key, r.path = strings.ToLower(f[0]), strings.Split(f[1], ".")
	for f = f[2:]; len(f) >= 2; f = f[2:] {
		switch {
		case f[0] == "else" && f[1] == "absent":
			r.gone = true
		case f[0] == "else" && f[1] == "unknown":
		case f[0] == "else":
			r.other = f[1]
		case f[0] == "map":
			r.words = map[string]string{}
			for pair := range strings.SplitSeq(f[1], ",") {
				from, to, _ := strings.Cut(pair, "=")
				r.words[from] = to
			}
		default:
			panic(fmt.Sprintf("keys.txt: %q is no line of it", all))
		}
	}
	return r
}

// lines gives the words of each line that says something.
func lines(text string) (out [][]string) {
	for line := range strings.Lines(text) {
		if f := strings.Fields(line); len(f) > 0 && !strings.HasPrefix(f[0], "#") {
			out = append(out, f)
		}
	}
	return out
}
