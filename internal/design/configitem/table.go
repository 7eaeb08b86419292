package configitem

import (
	"embed"
	"fmt"
	"io/fs"
	"strings"
	"sync"

	"jobzero/internal/resource"
)

// The table's lines. A block begins at the margin; what belongs to it is indented. A # begins a comment.
//
//	alias TYPE TYPE              what AWS Config calls a type, and CloudFormation another
//	type TYPE                    a type that is recorded as its API answers
//	  A.B -> P.Q VERB ...        what the configuration says in A.B is the property P.Q
//	  - A B.C                    what CloudFormation does not have: states, times, what AWS only says
//	  ? P Q                      properties that are not there when the item does not say otherwise
//	  ! a b                      relations that the item does not tell
//
// A source that begins with + is in the supplementary configuration. A target that begins with a dot belongs to the object that
// its source stands in, one with @ to what is related; another begins at the resource. The verbs are in verb.go.
//
//go:embed tables/*.txt
var tables embed.FS

// rule says what a part of a configuration is.
type rule struct {
	from   byte // . or @ or 0
	target []string
	do     verb
	args   []string
}

// entry is one type.
type entry struct {
	rules   map[string][]rule
	below   map[string]bool // parts that have rules below them
	ignored map[string]bool
	none    map[string]bool
	untold  []string
}

type book struct {
	types   map[resource.Type]*entry
	aliases map[string]resource.Type
}

// open panics when the table is broken: it is part of the program, and a test reads all of it.
var open = sync.OnceValue(func() *book {
	b := &book{types: map[resource.Type]*entry{}, aliases: map[string]resource.Type{}}
	files, err := fs.Glob(tables, "tables/*.txt")
	if err != nil {
		panic(fmt.Errorf("the tables of AWS Config: %w", err))
	}
	for _, file := range files {
		text, err := fs.ReadFile(tables, file)
		if err == nil {
			err = b.read(string(text))
		}
		if err != nil {
			panic(fmt.Errorf("%s: %w", file, err))
		}
	}
	return b
})

func (b *book) read(text string) error {
	var e *entry
	for i, line := range strings.Split(text, "\n") {
		line, _, _ = strings.Cut(line, "#")
		w := strings.Fields(line)
		switch {
		case len(w) == 0:
		case len(w) == 3 && w[0] == "alias":
			b.aliases[w[1]] = resource.Type(w[2])
		case len(w) == 2 && w[0] == "type":
			e = &entry{rules: map[string][]rule{}, below: map[string]bool{}, ignored: map[string]bool{}, none: map[string]bool{}}
			b.types[resource.Type(w[1])] = e
		case e == nil || line[0] != ' ':
			return fmt.Errorf("line %d: %q stands in no block", i+1, line)
		default:
			if err := e.line(w); err != nil {
				return fmt.Errorf("line %d: %w", i+1, err)
			}
		}
	}
	return nil
}

func (e *entry) line(w []string) error {
	switch {
	case w[0] == "-":
		for _, name := range w[1:] {
			e.ignored[name] = true
		}
	case w[0] == "?":
		for _, name := range w[1:] {
			e.none[name] = true
		}
	case w[0] == "!":
		e.untold = append(e.untold, w[1:]...)
	case len(w) >= 3 && w[1] == "->":
		r := rule{do: (*reading).as}
		to := w[2]
		if to[0] == '.' || to[0] == '@' {
			r.from, to = to[0], to[1:]
		}
		r.target = strings.Split(to, ".")
		if len(w) > 3 {
			r.do, r.args = verbs()[w[3]], w[4:]
			if r.do == nil {
				return fmt.Errorf("there is no verb %s", w[3])
			}
		}
		e.rules[w[0]] = append(e.rules[w[0]], r)
		for at := w[0]; strings.Contains(at, "."); {
			at = at[:strings.LastIndexByte(at, '.')]
			e.below[at] = true
		}
	default:
		return fmt.Errorf("%q is no line of this table", strings.Join(w, " "))
	}
	return nil
}
