package cloudlog

import (
	"bytes"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// A template is a text with words in angle brackets, which stand for:
//
//	<bucket>         a name (names.txt) or a fact of who calls (parts.txt); the same one for the rest of the record
//	<new bucket>     another name of the same kind
//	<settle bucket>  nothing, but the name is settled for the lists that follow
//	<lower linked>   a name in lower case
//	<policy>         a fragment: one of some templates, made anew each time
//	<1-5 tag>        a fragment so many times with commas between; each has names of its own
//	<maybe 30 tags>  a fragment in 30 of 100 records
//	<text policy>    a fragment inside a JSON string: quotes are escaped
//	<percent policy> a fragment as IAM answers with policies: URL-encoded
//	<uuid> <hex 8>   something at random (draw.go)
type template []piece

// A piece appends its part of the text.
type piece func(s *scene, out []byte) []byte

func (t template) expand(s *scene, out []byte) []byte {
	for _, p := range t {
		out = p(s, out)
	}
	return out
}

// grammar knows every word that a template may use.
type grammar struct {
	draws     map[string]func(args []string) piece
	fragments map[string][]template
	pools     map[string]pool
	facts     map[string]bool // that actors have; not everybody has all
	parts     []part
}

func newGrammar(all []block) *grammar {
	g := &grammar{draws: draws(), fragments: map[string][]template{}, facts: map[string]bool{}, parts: parts(all)}
	for _, name := range []string{"account", "region", "service", "prefix", "operation"} {
		g.facts[name] = true
	}
	for _, p := range g.parts {
		for _, f := range slices.Concat(p.facts, p.fresh) {
			g.facts[f.name] = true
		}
	}
	var texts map[string]string
	g.pools, texts = pools(all)
	for _, b := range all {
		if b.kind == "fragment" {
			g.fragments[b.names[0]] = make([]template, len(b.lines)) // known before they are compiled: they use one another
		}
	}
	for _, b := range all {
		if b.kind == "fragment" {
			for i, line := range b.lines {
				g.fragments[b.names[0]][i] = g.compile(line)
			}
		}
	}
	for name, p := range g.pools {
		p.text = g.compile(texts[name])
		g.pools[name] = p
	}
	return g
}

// compile reads a template.
func (g *grammar) compile(text string) template {
	var t template
	for text != "" {
		plain, rest, more := strings.Cut(text, "<")
		if plain != "" {
			t = append(t, func(_ *scene, out []byte) []byte { return append(out, plain...) })
		}
		if !more {
			break
		}
		word, after, ok := strings.Cut(rest, ">")
		if !ok {
			panic("no > in the template " + text)
		}
		t = append(t, g.piece(strings.Fields(word)))
		text = after
	}
	return t
}

func (g *grammar) piece(words []string) piece {
	name, args := words[0], words[1:]
	low, high, isRange := strings.Cut(name, "-")
	switch {
	case g.draws[name] != nil:
		return g.draws[name](args)
	case isRange:
		return g.list(g.piece(args), number(low), number(high))
	case name == "new":
		return g.fresh(args[0])
	case name == "settle":
		p := g.piece(args)
		return func(s *scene, out []byte) []byte { _ = p(s, nil); return out }
	case name == "maybe":
		percent, p := number(args[0]), g.piece(args[1:])
		return func(s *scene, out []byte) []byte {
			if s.rng.IntN(100) >= percent {
				return out
			}
			return p(s, out)
		}
	case name == "text":
		return wrapped(g.piece(args), appendEscaped)
	case name == "percent":
		return wrapped(g.piece(args), func(out, b []byte) []byte { return append(out, url.QueryEscape(string(b))...) })
	case name == "lower":
		return wrapped(g.piece(args), func(out, b []byte) []byte { return append(out, bytes.ToLower(b)...) })
	case g.fragments[name] != nil:
		return g.fragment(name)
	case g.facts[name] || g.isPool(name):
		return func(s *scene, out []byte) []byte { return append(out, s.name(name)...) }
	}
	panic(fmt.Sprintf("the template word %q is no draw, fragment, pool or fact", words))
}

func (g *grammar) fragment(name string) piece {
	choices := g.fragments[name]
	if choices == nil {
		panic("there is no fragment " + name)
	}
	return func(s *scene, out []byte) []byte { return choices[s.rng.IntN(len(choices))].expand(s, out) }
}

func (g *grammar) isPool(name string) bool {
	_, ok := g.pools[name]
	return ok
}

func (g *grammar) fresh(name string) piece {
	if !g.isPool(name) {
		panic("there is no pool " + name)
	}
	return func(s *scene, out []byte) []byte { return append(out, s.draw(name)...) }
}

// list repeats a fragment. Small numbers are more frequent.
func (g *grammar) list(p piece, low, high int) piece {
	return func(s *scene, out []byte) []byte {
		for i := range low + s.rng.IntN(1+s.rng.IntN(high-low+1)) {
			if i > 0 {
				out = append(out, ',')
			}
			out = p(s.inner(), out)
		}
		return out
	}
}

// wrapped writes a fragment in another form.
func wrapped(p piece, form func(out, b []byte) []byte) piece {
	return func(s *scene, out []byte) []byte { return form(out, p(s, nil)) }
}

// appendEscaped writes b as the inside of a JSON string.
func appendEscaped(out, b []byte) []byte {
	for _, c := range b {
		switch c {
		case '"', '\\':
			out = append(out, '\\', c)
		case '\n':
			out = append(out, '\\', 'n')
		default:
			out = append(out, c)
		}
	}
	return out
}

func number(text string) int {
	n, err := strconv.Atoi(text)
	if err != nil {
		panic(err)
	}
	return n
}
