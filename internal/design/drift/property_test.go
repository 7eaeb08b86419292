package drift_test

import (
	"encoding/json"
	"maps"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"jobzero/internal/design"
	"jobzero/internal/design/drift"
	"jobzero/internal/resource"
)

// anything draws properties of a type that the schema does not tie down, so that every form is met.
func anything(depth int) *rapid.Generator[any] {
	return rapid.Custom(func(t *rapid.T) any {
		kind := rapid.IntRange(0, 5).Draw(t, "kind")
		switch {
		case kind == 0 && depth > 0:
			return object(depth-1).Draw(t, "object")
		case kind == 1 && depth > 0:
			return rapid.SliceOfN(anything(depth-1), 0, 4).Draw(t, "list")
		case kind == 2:
			return rapid.Bool().Draw(t, "bool")
		case kind == 3:
			return rapid.Int64Range(-1<<40, 1<<40).Draw(t, "number")
		default:
			return rapid.StringMatching(`[a-z0-9:/.{\[-]{1,12}`).Draw(t, "text")
		}
	})
}

func object(depth int) *rapid.Generator[any] {
	return rapid.Custom(func(t *rapid.T) any {
		out := map[string]any{}
		for _, name := range rapid.SliceOfN(rapid.SampledFrom([]string{"Alpha", "Beta", "Gamma", "Key", "Name", "Delta"}), 1, 4).Draw(t, "names") {
			out[name] = anything(depth).Draw(t, name)
		}
		return out
	})
}

// rewritten is a value in another form that means the same: scalars as text, lists in another order, members that nobody said.
func rewritten(v any, r *rand.Rand) any {
	switch v := v.(type) {
	case map[string]any:
		out := map[string]any{}
		for k, e := range v {
			out[k] = rewritten(e, r)
		}
		out["Unsaid"] = "default"
		return out
	case []any:
		out := make([]any, len(v))
		for i, e := range v {
			out[i] = rewritten(e, r)
		}
		r.Shuffle(len(out), func(i, j int) { out[i], out[j] = out[j], out[i] })
		return out
	case bool:
		if r.IntN(2) == 0 {
			return strings.ToUpper(strconv.FormatBool(v))
		}
	case int64:
		switch r.IntN(3) {
		case 0:
			return strconv.FormatInt(v, 10)
		case 1:
			return json.Number(strconv.FormatInt(v, 10))
		}
	}
	return v
}

// scalars gives the ways to all scalars.
func scalars(v any, way []any, out *[][]any) {
	switch v := v.(type) {
	case map[string]any:
		for _, k := range slices.Sorted(maps.Keys(v)) {
			scalars(v[k], append(slices.Clone(way), k), out)
		}
	case []any:
		for i, e := range v {
			scalars(e, append(slices.Clone(way), i), out)
		}
	case nil: // it keeps the place of what is not known
	default:
		*out = append(*out, way)
	}
}

// with is a copy in which the scalar at the end of a way is another one.
func with(v any, way []any) any {
	if len(way) == 0 {
		switch v := v.(type) {
		case bool:
			return !v
		case int64:
			return v + 1
		case float64:
			return v + 1
		case string:
			return v + "x"
		}
		return v
	}
	switch v := v.(type) {
	case map[string]any:
		out := maps.Clone(v)
		name, _ := way[0].(string)
		out[name] = with(v[name], way[1:])
		return out
	case []any:
		out := slices.Clone(v)
		i, _ := way[0].(int)
		out[i] = with(v[i], way[1:])
		return out
	}
	return v
}

func compared(said, is any) drift.Compared {
	const kind = resource.Bucket
	s, _ := said.(map[string]any)
	i, _ := is.(map[string]any)
	d := design.Declared{Resource: resource.Resource{Ref: resource.Ref{Type: kind}, Properties: map[string]any{"Free": s}}, Name: "It"}
	ref := resource.Ref{Type: kind, Account: account, Region: region, ID: "it"}
	w := drift.World{Account: account, Region: region, IDs: map[string]string{"It": "it"}, Read: map[string]resource.Resource{
		ref.Key(): {Ref: ref, Properties: map[string]any{"Free": i}},
	}}
	return drift.Compare(design.Document{Resources: []design.Declared{d}}, w)[0]
}

// TestAgainstItself: in whatever form, nothing differs and nothing is left open.
func TestAgainstItself(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		said := object(3).Draw(t, "said")
		is := rewritten(said, rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1)))
		if c := compared(said, is); len(c.Differences)+len(c.Open) > 0 {
			t.Fatalf("%+v", c)
		}
	})
}

// TestAChangeIsSeen: whichever scalar is another one, that is a difference.
func TestAChangeIsSeen(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		said := object(3).Draw(t, "said")
		var ways [][]any
		scalars(said, nil, &ways)
		if len(ways) == 0 {
			return
		}
		way := rapid.SampledFrom(ways).Draw(t, "way")
		if c := compared(said, with(said, way)); len(c.Differences) == 0 {
			t.Fatalf("%v: nothing differs: %+v", way, c)
		}
	})
}
