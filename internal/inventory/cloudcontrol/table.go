package cloudcontrol

import (
	_ "embed"
	"fmt"
	"strings"
	"sync"

	"jobzero/internal/resource"
)

//go:embed types.txt
var text string

// kind is how the resources of a type are listed.
type kind string

const (
	plain   kind = "plain"
	each    kind = "each"
	with    kind = "with"
	same    kind = "same"
	account kind = "account"
	never   kind = "never"
)

// entry is a line of the table.
type entry struct {
	typ      resource.Type
	how      kind
	parent   resource.Type // of each and same
	property string        // of each: where the parent's identifier goes
	last     bool          // of each: only what stands behind its last slash
	models   []model       // of with
}

// model is one value to list with, and the only region that has it; empty for all.
type model struct{ property, value, region string }

var table = sync.OnceValue(func() []entry {
	list, err := parse(text)
	if err != nil {
		panic(fmt.Errorf("the table of types: %w", err)) // it is part of the program, and a test reads all of it
	}
	return list
})

func parse(text string) ([]entry, error) {
	var out []entry
	seen := map[resource.Type]bool{}
	for i, line := range strings.Split(text, "\n") {
		f := strings.Fields(line)
		if len(f) == 0 || f[0] == "#" {
			continue
		}
		e, ok := entryOf(f)
		if !ok || seen[e.typ] {
			return nil, fmt.Errorf("line %d: %q: want a new TYPE and plain, each TYPE PROPERTY [last], with PROPERTY=VALUE …, same TYPE, account or never", i+1, line)
		}
		seen[e.typ] = true
		out = append(out, e)
	}
	return out, nil
}

func entryOf(f []string) (entry, bool) {
	if len(f) < 2 || strings.Count(f[0], "::") != 2 {
		return entry{}, false
	}
	e := entry{typ: resource.Type(f[0]), how: kind(f[1])}
	rest := f[2:]
	switch e.how {
	case plain, account, never:
		return e, len(rest) == 0
	case same:
		if len(rest) == 1 {
			e.parent = resource.Type(rest[0])
		}
		return e, e.parent != ""
	case each:
		e.last = len(rest) == 3 && rest[2] == "last"
		if len(rest) != 2 && !e.last {
			return e, false
		}
		e.parent, e.property = resource.Type(rest[0]), rest[1]
		return e, true
	case with:
		for _, w := range rest {
			property, value, ok := strings.Cut(w, "=")
			if !ok {
				return e, false
			}
			value, region, _ := strings.Cut(value, "@")
			e.models = append(e.models, model{property, value, region})
		}
		return e, len(rest) > 0
	}
	return e, false
}
