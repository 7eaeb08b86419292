package check

import (
	"bytes"
	"cmp"
	"encoding/json"
	"io"
	"slices"
	"strings"

	"jobzero/internal/doc"
	"jobzero/internal/fault"
)

// Entry is one violation that was there before. It has no line: text above it comes and goes.
type Entry struct {
	Expectation string `json:"expectation"`
	File        string `json:"file"` // as it is shown, with slashes
	Resource    string `json:"resource"`
}

// Baseline is what was not met when it was written.
type Baseline map[Entry]bool

const (
	maxBaseline = 4 << 20 // bytes, enough for 40,000 entries
	listOpen    = "[\n"
	listClose   = "\n]\n"
)

// ParseBaseline reads what WriteBaseline wrote. Errors begin with file:line:column.
func ParseBaseline(name string, data []byte) (*Baseline, error) {
	nodes, err := doc.Reader{Max: maxBaseline, Nodes: maxNodes}.Parse(name, data)
	switch {
	case err != nil:
		return nil, err
	case len(nodes) != 1 || nodes[0].Kind != doc.List:
		return nil, fault.New(fault.Invalid, "%s:1:1: want a list of violations: write it anew with --write-baseline", name)
	}
	b := Baseline{}
	for _, n := range nodes[0].Items {
		var e Entry
		into := map[string]*string{"expectation": &e.Expectation, "file": &e.File, "resource": &e.Resource}
		for _, p := range n.Pairs {
			part, ok := into[p.Key.Text]
			if !ok || p.Value.Kind != doc.String {
				return nil, p.Key.Errorf("%s is no part of an entry: want the texts expectation, file and resource", p.Key.Text)
			}
			*part = p.Value.Text
		}
		if e.Expectation == "" || e.File == "" || e.Resource == "" {
			return nil, n.Errorf("want expectation, file and resource: write it anew with --write-baseline")
		}
		b[e] = true
	}
	return &b, nil
}

func (r *Result) entry() Entry { return Entry{r.Expectation.ID, r.Place.File, r.Name} }

// Know makes what fails and is in the baseline known. It gives the entries that are no longer needed: of what was read, or is no
// longer where it was looked for, nothing of the kind is left. What is undecided may still be wrong, and keeps its entry.
func (r *Report) Know(b *Baseline) []Entry {
	if b == nil {
		return nil
	}
	open := map[Entry]bool{}
	for i := range r.Results {
		x := &r.Results[i]
		if x.Verdict == Fail && (*b)[x.entry()] {
			x.Verdict = Known
		}
		if x.Verdict == Known || x.Verdict == Undecided {
			open[x.entry()] = true
		}
	}
	var gone []Entry
	for e := range *b {
		if !open[e] && r.looked(e.File) {
			gone = append(gone, e)
		}
	}
	slices.SortFunc(gone, byEntry)
	return gone
}

// looked reports whether a file was read, or would have been if it were there.
func (r *Report) looked(file string) bool {
	for _, root := range r.roots {
		if root == "." || file == root || strings.HasPrefix(file, strings.TrimSuffix(root, "/")+"/") {
			return !slices.ContainsFunc(r.unreadable, func(at string) bool { return file == at || strings.HasPrefix(file, at+"/") })
		}
	}
	return false
}

func byEntry(a, b Entry) int {
	return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Resource, b.Resource), cmp.Compare(a.Expectation, b.Expectation))
}

// WriteBaseline writes what is not met, in an order that does not change: one entry a line, so that a change of one violation is a
// change of one line.
func (r *Report) WriteBaseline(w io.Writer) error {
	seen := Baseline{}
	var list []Entry
	for i := range r.Results {
		x := &r.Results[i]
		if e := x.entry(); (x.Verdict == Fail || x.Verdict == Known) && !seen[e] {
			seen[e] = true
			list = append(list, e)
		}
	}
	slices.SortFunc(list, byEntry)
	if len(list) == 0 {
		_, err := io.WriteString(w, "[]\n")
		return err
	}
	lines := make([][]byte, len(list))
	for i, e := range list {
		var b bytes.Buffer
		out := json.NewEncoder(&b)
		out.SetEscapeHTML(false)
		if err := out.Encode(e); err != nil {
			return err
		}
		lines[i] = bytes.TrimSpace(b.Bytes())
	}
	_, err := io.WriteString(w, listOpen+string(bytes.Join(lines, []byte(",\n")))+listClose)
	return err
}
