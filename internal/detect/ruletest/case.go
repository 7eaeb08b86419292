package ruletest

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/rogpeppe/go-internal/txtar"

	"jobzero/internal/access/ask"
	"jobzero/internal/access/estate"
	"jobzero/internal/detect"
	"jobzero/internal/detect/scope"
	"jobzero/internal/detect/sigma"
	"jobzero/internal/event"
	"jobzero/internal/fault"
	"jobzero/internal/principal/lineage"
)

// beforehand is the folder of what happened before the cases, and rights that of who may do what, for rules that ask about it.
const beforehand, rights = "given/", "access/"

// known reads what happened before the cases.
func known(files []txtar.File, file string, parse Parse) ([]*event.Event, error) {
	var out []*event.Event
	for _, f := range files {
		if !strings.HasPrefix(f.Name, beforehand) {
			continue
		}
		all, err := events(f, event.Origin{Source: "file", Place: file + "!" + f.Name}, parse)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", f.Name, err)
		}
		out = append(out, all...)
	}
	return out, nil
}

// events reads the records of one file of the archive.
func events(f txtar.File, origin event.Origin, parse Parse) ([]*event.Event, error) {
	raws, err := entries(f.Data)
	if err != nil {
		return nil, err
	}
	var out []*event.Event
	for i, raw := range raws {
		origin.Offset = int64(i)
		e, err := parse(raw, origin)
		if err != nil {
			return nil, fmt.Errorf("record %d: %w", i+1, err)
		}
		if e != nil { // a header of lines is none
			out = append(out, e)
		}
	}
	return out, nil
}

// mayDo reads who may do what; nil where no file says so.
func mayDo(files []txtar.File, file string) (*ask.Known, error) {
	e, any := estate.New(), false
	for _, f := range files {
		if !strings.HasPrefix(f.Name, rights) {
			continue
		}
		any = true
		if err := e.Read(file+"!"+f.Name, bytes.NewReader(f.Data)); err != nil {
			return nil, err
		}
	}
	if !any {
		return nil, nil //nolint:nilnil // nobody read it
	}
	if err := e.Done(); err != nil {
		return nil, err
	}
	return ask.New(e), nil
}

// counting are the matches on an event that count by their rules' conditions.
func counting(matches []detect.Match, s *scope.Scopes, e *event.Event) (out []detect.Match) {
	for _, m := range matches {
		if m, counts := s.Now(m, e); counts {
			out = append(out, m)
		}
	}
	return out
}

// runCase gives nil when the case holds.
func runCase(rules []*sigma.Compiled, scopes *scope.Scopes, given []*event.Event, f txtar.File, origin event.Origin, parse Parse) error {
	fire, quiet := strings.HasPrefix(f.Name, "fire/"), strings.HasPrefix(f.Name, "quiet/")
	if !fire && !quiet {
		return fault.New(fault.Invalid, "%s: name cases fire/… or quiet/…, and what came before them given/…", f.Name)
	}
	all, err := events(f, origin, parse)
	if err != nil {
		return err
	}
	graph := lineage.New(lineage.Options{})
	for _, e := range append(given[:len(given):len(given)], all...) {
		graph.Learn(e.Record())
	}
	engine := sigma.NewEngineWith(rules, graph)
	for i, e := range all {
		matches := counting(engine.Detect(e.Record()), scopes, e)
		if fire && len(matches) == 0 {
			return fault.New(fault.Invalid, "record %d: no rule fired\n%s", i+1, whyNot(rules, e, graph))
		}
		if quiet && len(matches) > 0 {
			return fault.New(fault.Invalid, "record %d: %s fired\n%s", i+1, matches[0].Rule.Title, detect.Explain(matches[0].Why))
		}
	}
	return nil
}

func whyNot(rules []*sigma.Compiled, e *event.Event, from sigma.Lineage) string {
	var parts []string
	for _, r := range rules {
		why, err := r.ExplainWith(e, from)
		if err != nil {
			parts = append(parts, err.Error())
			continue
		}
		parts = append(parts, detect.Explain(why))
	}
	return strings.Join(parts, "\n")
}
