// Command compare holds the findings of jobzero check against those of cfn-guard on the same templates.
//
// It is: a reader of both reports, and a table of the controls that both have.
// It takes: controls.txt, the report of cfn-guard (validate -z -o json) and that of jobzero check (--format json).
// It gives: a line for each control with both numbers of resources that fail; exit code 1 when any differs.
// Next door: test/bench/check.sh runs both and measures them.
package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"os"
	"path"
	"regexp"
	"slices"
	"strings"
)

func main() {
	if len(os.Args) != 4 {
		fmt.Fprintln(os.Stderr, "compare: want CONTROLS GUARD.json JOBZERO.json")
		os.Exit(2)
	}
	same, err := run(os.Args[1], os.Args[2], os.Args[3], os.Stdout)
	switch {
	case err != nil:
		fmt.Fprintln(os.Stderr, "compare:", err)
		os.Exit(2)
	case !same:
		os.Exit(1)
	}
}

// found are the resources that fail, as file and name, by control.
type found map[string]map[string]bool

func (f found) add(control, file, name string) {
	if f[control] == nil {
		f[control] = map[string]bool{}
	}
	f[control][strings.TrimSuffix(path.Base(file), path.Ext(file))+"/"+name] = true
}

func run(table, theirs, ours string, out io.Writer) (same bool, err error) {
	text, err := os.ReadFile(table)
	if err != nil {
		return false, err
	}
	guard, err := readGuard(theirs)
	if err != nil {
		return false, fmt.Errorf("read the report of cfn-guard: %w", err)
	}
	jobzero, err := readJobzero(ours)
	if err != nil {
		return false, fmt.Errorf("read the report of jobzero: %w", err)
	}
	same = true
	for line := range strings.Lines(string(text)) {
		f := strings.Fields(line)
		if len(f) != 2 || f[0] == "#" {
			continue
		}
		word := "agree"
		if !maps.Equal(guard[f[0]], jobzero[f[1]]) {
			word, same = "DIFFER", false
		}
		fmt.Fprintf(out, "%-14s %5d   %-32s %5d   %s\n", f[0], len(guard[f[0]]), f[1], len(jobzero[f[1]]), word)
		if len(guard[f[0]]) == 0 {
			fmt.Fprintf(out, "%-14s finds nothing, so that it compares nothing\n", f[0])
			same = false
		}
		if word != "agree" {
			fmt.Fprintln(out, "  theirs alone:", alone(guard[f[0]], jobzero[f[1]]), " ours alone:", alone(jobzero[f[1]], guard[f[0]]))
		}
	}
	return same, nil
}

// alone are a few of those that only the first has.
func alone(a, b map[string]bool) []string {
	out := slices.DeleteFunc(slices.Sorted(maps.Keys(a)), func(name string) bool { return b[name] })
	return out[:min(len(out), 5)]
}

func readJobzero(file string) (found, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	out := found{}
	for d := json.NewDecoder(bytes.NewReader(data)); d.More(); {
		var r struct{ Expectation, Verdict, Resource, File string }
		if err := d.Decode(&r); err != nil {
			return nil, err
		}
		if r.Verdict == "fail" {
			out.add(r.Expectation, r.File, r.Resource)
		}
	}
	return out, nil
}

func readGuard(file string) (found, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	var list []struct {
		Name string
		Not  any `json:"not_compliant"`
	}
	if err := json.Unmarshal(data, &list); err != nil {
		return nil, err
	}
	out := found{}
	for _, f := range list {
		out.walk(f.Name, "", f.Not)
	}
	return out, nil
}

var control = regexp.MustCompile(`\[(CT\.[A-Z0-9.]+)\]`)

// walk finds the control that a check is of, in its message, and below it the resources by their paths.
func (f found) walk(file, of string, v any) {
	switch v := v.(type) {
	case []any:
		for _, e := range v {
			f.walk(file, of, e)
		}
	case map[string]any:
		if m, ok := v["messages"].(map[string]any); ok {
			text, _ := m["custom_message"].(string)
			if id := control.FindStringSubmatch(text); id != nil {
				of = id[1]
			}
		}
		if at, ok := v["path"].(string); ok && of != "" {
			if p := strings.Split(at, "/"); len(p) > 2 && p[1] == "Resources" {
				f.add(of, file, p[2])
			}
		}
		for _, e := range v {
			f.walk(file, of, e)
		}
	}
}
