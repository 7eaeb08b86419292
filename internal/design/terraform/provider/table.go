package provider

import (
	"cmp"
	"embed"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"sync"

	"jobzero/internal/resource"
)

// The table's lines. A block begins at the margin; what belongs to it is indented. A # begins a comment.
//
//	every                                  what holds for all types, unless they have a rule for it
//	type TF CFN                            a type of ours is a type of CloudFormation
//	same TF TF                             an old name of a type; nothing belongs to it
//	fold TF into TF by A=B,C               it sets a part of another; its attribute A is the other's attribute B or C
//	fold TF into TF at P[] by A=B          it is one more element of a list
//	alone TF CFN                           what a fold is when the text does not have, or does not tell, what it belongs to
//	alone TF CFN if A=V                    the same, where its attribute A is V
//	each TF B CFN by P                     each block B of it is a resource of its own, which names it by P
//	  & SIDE                               one for each peer of a rule of a security group: Source or Destination
//	  A.B -> P.Q VERB ...                  an attribute, below blocks with dots, sets a property of the object that its block sets
//	  = P VALUE                            the type always has this value
//	  - A B.C                              attributes that AWS does not have: how Terraform works, what AWS only reads back
//	  ! A B                                attributes that CloudFormation has as resources of their own, which are not made here
//	  ~ A VALUE                            the provider gives this to an attribute that nobody writes; inside a block that is written
//	  + A B                                blocks that the provider asks for: with none of them it takes no text
//	  ? A B                                attributes that are not there unless the text writes them, although a plan of a new
//	                                       resource calls them known after apply
//
// A target that begins with / starts at the resource; @ starts at what is related to it; a dot alone is the object that the
// block stands in. P[] is the one element of a list, P+ adds to a list. The verbs are in verb.go.
//
//go:embed tables/*.txt
var tables embed.FS

// rule says what an attribute sets.
type rule struct {
	target []string // names; [] and + at their ends
	from   byte     // / or @ or . or 0
	verb   string
	args   []string
	do     func(m *mapping, c call) any
}

// entry is one block.
type entry struct {
	tf, place string
	cfn       resource.Type // of the type itself, or of what it is folded into
	into      string        // empty for a type of its own
	at        string        // the list that it is an element of
	by        string
	same      []string
	rules     map[string][]rule
	ignored   map[string]bool
	unset     map[string]bool
	apart     map[string]bool
	demanded  map[string]bool
	always    []rule
	defaults  []given
	when      [2]string // the attribute and the value that it is meant for; empty: always
	side      string    // see &
}

// book is the table, read.
type book struct {
	own   map[string]*entry
	folds map[string][]*entry
	alone map[string][]*entry
	each  map[string][]*entry // by type; at is the block
	every *entry              // what all types have in common
}

// open reads the table once. It panics when the table is broken: it is part of the program, and a test reads all of it.
var open = sync.OnceValue(func() *book {
	b, err := readAll(tables)
	if err != nil {
		panic(fmt.Errorf("the table of Terraform types: %w", err))
	}
	return b
})

func readAll(fsys fs.FS) (*book, error) {
	b := &book{own: map[string]*entry{}, folds: map[string][]*entry{}, alone: map[string][]*entry{}, each: map[string][]*entry{}, every: blank("")}
	names, err := fs.Glob(fsys, "tables/*.txt")
	if err != nil {
		return nil, err
	}
	slices.Sort(names)
	for _, name := range names {
		text, err := fs.ReadFile(fsys, name)
		if err != nil {
			return nil, err
		}
		if err := b.read(name, string(text)); err != nil {
			return nil, err
		}
	}
	for tf, list := range b.folds {
		for _, e := range list {
			target := b.own[e.into]
			if target == nil {
				return nil, fmt.Errorf("%s: %s folds into %s, which is not in the table", e.place, tf, e.into)
			}
			e.cfn = target.cfn
		}
	}
	return b, nil
}

func (b *book) read(name, text string) error {
	var e *entry
	n := 0
	for line := range strings.Lines(text) {
		n++
		line, _, _ = strings.Cut(line, "#")
		words := strings.Fields(line)
		if len(words) == 0 {
			continue
		}
		at := fmt.Sprintf("%s:%d", name, n)
		var err error
		switch {
		case line[0] != ' ':
			e, err = b.begin(at, words)
		case e == nil:
			err = fmt.Errorf("a line of no block")
		default:
			err = e.line(words)
		}
		if err != nil {
			return fmt.Errorf("%s: %w", at, err)
		}
	}
	return nil
}

func blank(place string) *entry {
	return &entry{
		place: place, rules: map[string][]rule{}, ignored: map[string]bool{}, unset: map[string]bool{}, apart: map[string]bool{},
		demanded: map[string]bool{},
	}
}

func (b *book) begin(at string, w []string) (*entry, error) {
	e := blank(at)
	switch {
	case len(w) == 1 && w[0] == "every":
		return b.every, nil
	case len(w) == 3 && w[0] == "type":
		e.tf, e.cfn = w[1], resource.Type(w[2])
		if b.own[e.tf] != nil {
			return nil, fmt.Errorf("%s stands here twice", e.tf)
		}
		b.own[e.tf] = e
		return e, nil
	case len(w) == 3 && w[0] == "same":
		other := b.own[w[2]]
		if other == nil || b.own[w[1]] != nil {
			return nil, fmt.Errorf("%s cannot be the same as %s, which must stand before it", w[1], w[2])
		}
		twin := *other
		twin.tf, twin.place = w[1], at
		b.own[w[1]], b.each[w[1]] = &twin, b.each[w[2]]
		return nil, nil
	case (len(w) == 3 || len(w) == 5 && w[3] == "if") && w[0] == "alone":
		e.tf, e.cfn = w[1], resource.Type(w[2])
		if len(w) == 5 {
			e.when[0], e.when[1], _ = strings.Cut(w[4], "=")
		}
		b.alone[e.tf] = append(b.alone[e.tf], e)
		return e, nil
	case len(w) == 6 && w[0] == "each" && w[4] == "by":
		e.tf, e.at, e.cfn, e.by = w[1], w[2], resource.Type(w[3]), w[5]
		if own := b.own[e.tf]; own == nil || !own.ignored[e.at] {
			return nil, fmt.Errorf("%s must stand before it, without %s", e.tf, e.at)
		}
		b.each[e.tf] = append(b.each[e.tf], e)
		return e, nil
	case len(w) == 8 && w[0] == "fold" && w[4] == "at":
		e.at = strings.TrimSuffix(w[5], "[]")
		w = append(w[:4:4], w[6:]...)
	}
	if len(w) != 6 || w[0] != "fold" || w[2] != "into" || w[4] != "by" {
		return nil, fmt.Errorf("want type TF CFN, fold TF into TF by A=B, or alone TF CFN")
	}
	by, same, ok := strings.Cut(w[5], "=")
	if !ok {
		return nil, fmt.Errorf("want A=B behind by")
	}
	e.tf, e.into, e.by, e.same = w[1], w[3], by, strings.Split(same, ",")
	b.folds[e.tf] = append(b.folds[e.tf], e)
	return e, nil
}

func (e *entry) line(w []string) error {
	sets := map[string]map[string]bool{"-": e.ignored, "?": e.unset, "!": e.apart, "+": e.demanded}
	switch {
	case sets[w[0]] != nil:
		set := sets[w[0]]
		for _, name := range w[1:] {
			set[name] = true
		}
	case w[0] == "~" && len(w) == 3:
		e.defaults = append(e.defaults, given{strings.Split(w[1], "."), constant(w[2])})
	case w[0] == "&" && len(w) == 2:
		e.side = w[1]
	case w[0] == "=" && len(w) == 3:
		r := target(w[1])
		r.args = w[2:]
		e.always = append(e.always, r)
	case len(w) >= 3 && w[1] == "->":
		r := target(w[2])
		if len(w) > 3 {
			r.verb, r.args = w[3], w[4:]
		}
		if strings.Contains(r.verb, ":") {
			r.verb, r.args = "words", w[3:]
		}
		if r.do = verbs()[r.verb]; r.do == nil {
			return fmt.Errorf("there is no verb %s", r.verb)
		}
		e.rules[w[0]] = append(e.rules[w[0]], r)
	default:
		return fmt.Errorf("want A -> P, = P VALUE, ~ A VALUE, - A, ! A, + A or ? A")
	}
	return nil
}

func target(text string) (r rule) {
	if c := text[0]; c == '/' || c == '@' || c == '.' {
		r.from, text = c, text[1:]
	}
	if text != "" {
		r.target = strings.Split(text, ".")
	}
	return r
}

// below are the rules of everything inside a block.
func (e *entry) below(path string) (out []rule) {
	for at, list := range e.rules {
		if strings.HasPrefix(at, path+".") {
			out = append(out, list...)
		}
	}
	return out
}

// Types are the resource types of Terraform that make a type, the shortest name first: the one that makes it whole, and not a part of it.
func Types(of resource.Type) (out []string) {
	for name, e := range open().own {
		if e.cfn == of {
			out = append(out, name)
		}
	}
	slices.SortFunc(out, func(a, b string) int { return cmp.Or(len(a)-len(b), strings.Compare(a, b)) })
	return out
}
