package cfn_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"jobzero/internal/design"
	"jobzero/internal/design/cfn"
	"jobzero/internal/resource"
)

func lessUnknown(a, b resource.Unknown) bool { return a.Path < b.Path }

func unjson(data []byte, v any) error { return json.Unmarshal(data, v) }

// block writes a value as YAML in blocks; functions become short tags where they can be.
func block(b *strings.Builder, v any, indent string) {
	switch v := v.(type) {
	case map[string]any:
		if len(v) == 1 {
			for key, arg := range v {
				if s, ok := arg.(string); ok && (key == "Ref" || strings.HasPrefix(key, "Fn::")) {
					fmt.Fprintf(b, " !%s %q\n", strings.TrimPrefix(key, "Fn::"), s)
					return
				}
			}
		}
		b.WriteString("\n")
		for _, key := range slices.Sorted(maps.Keys(v)) {
			fmt.Fprintf(b, "%s%s:", indent, key)
			block(b, v[key], indent+"  ")
		}
	case []any:
		b.WriteString("\n")
		for _, item := range v {
			fmt.Fprintf(b, "%s-", indent)
			if m, ok := item.(map[string]any); ok && len(m) > 0 {
				var inner strings.Builder
				block(&inner, m, indent+"  ")
				text := inner.String()
				if strings.HasPrefix(text, "\n") {
					text = " " + strings.TrimPrefix(text[1:], indent+"  ")
				}
				b.WriteString(text)
				continue
			}
			block(b, item, indent+"  ")
		}
	case string:
		fmt.Fprintf(b, " %q\n", v)
	default:
		fmt.Fprintf(b, " %v\n", v)
	}
}

// TestBothForms: what is written in YAML is what is written in JSON.
func TestBothForms(t *testing.T) {
	for seed := range 3 {
		j, err := cfn.Read("t.json", generated(seed, false), cfn.Options{})
		if err != nil {
			t.Fatal(err)
		}
		y, err := cfn.Read("t.yaml", generated(seed, true), cfn.Options{})
		if err != nil {
			t.Fatal(err)
		}
		byName := cmpopts.SortSlices(func(a, b design.Declared) bool { return a.Name < b.Name })
		if d := cmp.Diff(j.Resources, y.Resources, byName, cmpopts.SortSlices(lessUnknown),
			cmpopts.IgnoreFields(design.Declared{}, "Place", "At")); d != "" {
			t.Error(d)
		}
		if len(j.Resources) != 51 || len(j.Links) < 40 {
			t.Errorf("%d resources, %d links", len(j.Resources), len(j.Links))
		}
	}
}

func num(i int) string { return fmt.Sprint(i) }
