package check

import (
	"strings"

	"jobzero/internal/design"
	"jobzero/internal/design/terraform/hcl"
	"jobzero/internal/expect"
)

// written is a value that stands in a text of Terraform, and the one that it is to be.
type written struct {
	place design.Place
	value any
}

// lines says where the values of changes stand. None where one of them is written nowhere: its resource has to be made.
func lines(d *design.Declared, all []expect.Change) (out []written) {
	for _, c := range flat(all) {
		at := d.Where("properties." + strings.Join(c.Path, "."))
		if at == d.Place || at.Line == 0 {
			return nil
		}
		out = append(out, written{at, c.Value})
	}
	return out
}

// flat gives the values of maps one by one, as Terraform has them.
func flat(all []expect.Change) (out []expect.Change) {
	for _, c := range all {
		m, ok := c.Value.(map[string]any)
		if !ok {
			out = append(out, c)
			continue
		}
		var parts []expect.Change
		for name, v := range m {
			parts = append(parts, expect.Change{Path: append(append([]string(nil), c.Path...), name), Value: v})
		}
		out = append(out, flat(parts)...)
	}
	return out
}

// rewrite puts the values into the text.
func rewrite(file string, text []byte, all []written) (out []byte, why string) {
	for _, w := range all {
		if w.place.File != file {
			return nil, "a part of it is written in " + w.place.String()
		}
		next, err := hcl.Set(file, text, w.place.Line, w.value)
		if err != nil {
			return nil, err.Error()
		}
		text = next
	}
	return text, ""
}
