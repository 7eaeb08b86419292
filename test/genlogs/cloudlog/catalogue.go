package cloudlog

import (
	"embed"
	"fmt"
	"io/fs"
	"slices"
	"strings"
)

// The catalogue says who there is, what they do and how it is written. Its files are made of blocks: a first line with the kind
// of the block and its names, then lines that begin with two blanks, each a word and a text. Four blanks continue the text of
// the line above without a blank between, so that JSON can be broken anywhere. A # begins a comment.
//
//	names <scope>     name and number and template of things that exist (names.txt)
//	fragment <name>   templates, one of which is taken each time
//	part <name>       a kind of actor (parts.txt)
//	crew <name>       parts that make the same calls
//	service <name>    of the endpoint; what it says holds for the calls below it that say nothing else
//	call <name>…      operations of the service above, each a call of its own
//	plant <rule> <name>  a suspicious operation, and the rule in content/rules that fires on it
//
//go:embed catalogue/*.txt
var catalogue embed.FS

// block is one of them.
type block struct {
	kind  string
	names []string
	lines []string
}

// blocks reads the whole catalogue. What is wrong with it is a mistake in this package, so here and below it panics.
func blocks() []block {
	files, err := fs.Glob(catalogue, "catalogue/*.txt")
	if err != nil {
		panic(err)
	}
	var all []block
	for _, file := range files {
		text, err := catalogue.ReadFile(file)
		if err != nil {
			panic(err)
		}
		all = append(all, parse(string(text))...)
	}
	return all
}

func parse(text string) (all []block) {
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, "\n")
		switch {
		case line == "" || line[0] == '#':
		case line[0] != ' ':
			words := strings.Fields(line)
			all = append(all, block{kind: words[0], names: words[1:]})
		case strings.HasPrefix(line, "    "):
			b := &all[len(all)-1]
			b.lines[len(b.lines)-1] += strings.TrimLeft(line, " ")
		default:
			b := &all[len(all)-1]
			b.lines = append(b.lines, line[2:])
		}
	}
	return all
}

// facts are the lines of a block as names and values, in order. A lone dash is an empty value.
func (b block) facts() (all []fact) {
	for _, line := range b.lines {
		name, value, _ := strings.Cut(line, " ")
		if value == "-" {
			value = ""
		}
		all = append(all, fact{name, value})
	}
	return all
}

// properties are the lines by their names.
type properties map[string]string

func (b block) properties(allowed ...string) properties {
	p := properties{}
	for _, f := range b.facts() {
		if !slices.Contains(allowed, f.name) {
			panic(fmt.Sprintf("%s %v says %q; it may say %q", b.kind, b.names, f.name, allowed))
		}
		p[f.name] = f.value
	}
	return p
}

// over gives the properties on top of others, which hold where these say nothing.
func (p properties) over(others properties) properties {
	all := properties{}
	for _, some := range []properties{others, p} {
		for name, value := range some {
			all[name] = value
		}
	}
	return all
}
