package chart_test

import (
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"jobzero/internal/playbook/book"
	"jobzero/internal/playbook/chart"
)

const forked = `id: forked
title: A fork <in> "the" road
why: To see it drawn.
when: {hand: true}
guards: [{if: freeze == false, else: wait}]
steps:
  - {id: look, gather: [who]}
  - id: fork
    decide:
      - {if: finding.severity == "high", steps: [{id: a, action: s3.x, if: finding.count > 1}, {id: b, wait: {for: 1m}}]}
      - {if: finding.severity == "low", steps: []}
  - id: both
    parallel:
      - steps: [{id: c, action: s3.y}]
      - steps: [{id: d, manual: {do: Look.}}]
  - {id: rest, playbook: part}
`

const part = `id: part
title: A part
why: Of another.
when: {hand: true}
steps: [{id: only, action: s3.z}]
`

func parts(t interface{ Fatal(...any) }, texts ...string) (out []book.Definition) {
	for i, text := range texts {
		d, err := book.Parse(fmt.Sprint(i, ".yml"), []byte(text))
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, d)
	}
	return out
}

func TestEdges(t *testing.T) {
	c, err := chart.New(parts(t, forked, part), chart.Run{})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, e := range c.Edges {
		got = append(got, strings.TrimSpace(e.From+" "+e.To+" "+e.If))
	}
	high, low := `finding.severity == "high"`, `finding.severity == "low"`
	want := []string{
		"begin guards", "guards look", "look fork", "fork a " + high, "a b", "b both", "fork both " + low, "fork both else",
		"both c way 1", "both d way 2", "c rest", "d rest", "rest rest.only", "rest.only end",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestTheWaysThatARunDidNotTakeAreLeft(t *testing.T) {
	for took, want := range map[int][]string{1: {"both low", "both else"}, 2: {"a high", "both else"}, 0: {"a high", "both low"}} {
		c, err := chart.New(parts(t, forked, part), chart.Run{ID: "R", State: "running", Step: func(id string) (string, string, int) {
			if id == "fork" {
				return "done", "because", took
			}
			return "waiting", "", 0
		}})
		if err != nil {
			t.Fatal(err)
		}
		var left []string
		for _, e := range c.Edges {
			if e.Left {
				word := "else"
				if f := strings.Split(e.If, `"`); len(f) > 1 {
					word = f[1]
				}
				left = append(left, e.To+" "+word)
			}
		}
		if diff := cmp.Diff(want, left); diff != "" {
			t.Errorf("branch %d:\n%s", took, diff)
		}
	}
}

// rect is a box in the picture.
type rect struct{ x, y, wide, high int }

func boxes(t interface{ Fatalf(string, ...any) }, svg []byte) (page rect, out []rect) {
	in := xml.NewDecoder(strings.NewReader(string(svg)))
	for {
		token, err := in.Token()
		if errors.Is(err, io.EOF) {
			return page, out
		}
		if err != nil {
			t.Fatalf("%v in %s", err, svg)
		}
		s, ok := token.(xml.StartElement)
		if !ok || s.Name.Local != "rect" {
			continue
		}
		at := map[string]string{}
		for _, a := range s.Attr {
			at[a.Name.Local] = a.Value
		}
		n := func(name string) int {
			v, _ := strconv.Atoi(at[name])
			return v
		}
		r := rect{n("x"), n("y"), n("width"), n("height")}
		switch {
		case at["class"] == "page":
			page = r
		case at["rx"] == "7":
			out = append(out, r)
		}
	}
}

// TestBoxesStandApart draws playbooks of any form: no box lies over another, and all of them lie on the page.
func TestBoxesStandApart(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := 0
		var steps func(deep int) string
		steps = func(deep int) string {
			var all []string
			for range rapid.IntRange(1, 3).Draw(t, "steps") {
				n++
				id := fmt.Sprintf("{id: s%d, ", n)
				kind := rapid.SampledFrom([]string{"wait", "decide", "parallel"}).Draw(t, "kind")
				if deep == 0 || n > 25 || kind == "wait" {
					all = append(all, id+"wait: {for: 1m}}")
					continue
				}
				var branches []string
				for range rapid.IntRange(1, 3).Draw(t, "branches") {
					cond := ""
					if kind == "decide" {
						cond = `if: finding.by == "` + rapid.StringMatching(`[a-z ]{0,60}`).Draw(t, "cond") + `", `
					}
					branches = append(branches, "{"+cond+"steps: "+steps(deep-1)+"}")
				}
				all = append(all, id+kind+": ["+strings.Join(branches, ", ")+"]}")
			}
			return "[" + strings.Join(all, ", ") + "]"
		}
		c, err := chart.New(parts(t, "id: any\ntitle: Any\nwhy: w\nwhen: {hand: true}\nsteps: "+steps(3)+"\n"), chart.Run{ID: "R", State: "running", Step: func(string) (string, string, int) {
			return rapid.SampledFrom([]string{"waiting", "done", "failed", "skipped"}).Draw(t, "state"), "", 1
		}})
		if err != nil {
			t.Fatal(err)
		}
		page, all := boxes(t, c.SVG())
		if len(all) != len(c.Nodes) {
			t.Fatalf("%d boxes of %d nodes", len(all), len(c.Nodes))
		}
		for i, a := range all {
			if a.x < 0 || a.y < 0 || a.x+a.wide > page.wide || a.y+a.high > page.high {
				t.Fatalf("%v is not on the page %v", a, page)
			}
			for _, b := range all[i+1:] {
				if a.x < b.x+b.wide && b.x < a.x+a.wide && a.y < b.y+b.high && b.y < a.y+a.high {
					t.Fatalf("%v lies over %v", a, b)
				}
			}
		}
	})
}

func TestFormats(t *testing.T) {
	c, err := chart.New(parts(t, forked, part), chart.Run{})
	if err != nil {
		t.Fatal(err)
	}
	text := string(c.DOT())
	for _, want := range []string{`label="A fork <in> \"the\" road"`, `"fork" [label="fork\ndecides" shape=diamond`, `"a" -> "b" [label=""]`, `"rest" -> "rest.only"`} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
	data, err := json.Marshal(c)
	if err != nil || !strings.Contains(string(data), `{"id":"a","kind":"action","words":"s3.x","besides":["only if finding.count \u003e 1"]}`) {
		t.Errorf("%v: %s", err, data)
	}
	if !slices.ContainsFunc(c.Nodes, func(n chart.Node) bool { return n.ID == chart.End }) {
		t.Error("no end")
	}
}
