package book

import (
	"bufio"
	_ "embed" // the words of the language are its own source
	"go/ast"
	"go/parser"
	"go/token"
	"reflect"
	"strings"
	"sync"

	"jobzero/internal/fault"
)

//go:embed definition.go
var source string

//go:embed words.txt
var words string

// Type is one struct of the language, with what its source says of it.
type Type struct {
	Name   string
	Doc    string
	Fields []FieldDoc
}

// FieldDoc is a key with what its source says of it.
type FieldDoc struct {
	Field
	Doc string
}

// structs are all structs of the language, each before those that are first met in it.
func structs() []reflect.Type {
	var out []reflect.Type
	seen := map[reflect.Type]bool{}
	var meet func(reflect.Type)
	meet = func(t reflect.Type) {
		for t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice {
			t = t.Elem()
		}
		if t.Kind() != reflect.Struct || seen[t] {
			return
		}
		seen[t] = true
		out = append(out, t)
		for _, f := range Fields(t) {
			meet(f.Type)
		}
	}
	meet(reflect.TypeFor[Definition]())
	return out
}

// Language describes all structs of the language with the comments of their source.
var Language = sync.OnceValues(func() ([]Type, error) {
	docs, err := comments()
	if err != nil {
		return nil, err
	}
	var out []Type
	for _, t := range structs() {
		one := Type{Name: t.Name(), Doc: upper(strings.TrimPrefix(docs[t.Name()], t.Name()+" "))}
		for _, f := range Fields(t) {
			text := docs[t.Name()+"."+f.Name]
			if rest, named := strings.CutPrefix(text, f.Name+" "); named { // as Go wants it; people know it by its key
				text = "`" + f.Key + "` " + rest
			}
			one.Fields = append(one.Fields, FieldDoc{f, text})
		}
		out = append(out, one)
	}
	return out, nil
})

// upper makes a sentence of what follows on a name.
func upper(s string) string {
	if s == "" {
		return ""
	}
	return strings.ToUpper(s[:1]) + s[1:]
}

// comments reads what definition.go says of its types and their fields, by name.
func comments() (map[string]string, error) {
	file, err := parser.ParseFile(token.NewFileSet(), "definition.go", source, parser.ParseComments)
	if err != nil {
		return nil, fault.Wrap(fault.Internal, err, "read the words of the language")
	}
	out := map[string]string{}
	for _, d := range file.Decls {
		g, ok := d.(*ast.GenDecl)
		if !ok || g.Tok != token.TYPE {
			continue
		}
		for _, spec := range g.Specs {
			t, ok := spec.(*ast.TypeSpec)
			if !ok {
				continue
			}
			out[t.Name.Name] = oneLine(g.Doc)
			s, ok := t.Type.(*ast.StructType)
			if !ok {
				continue
			}
			for _, f := range s.Fields.List {
				for _, n := range f.Names {
					out[t.Name.Name+"."+n.Name] = strings.TrimSpace(oneLine(f.Doc) + " " + oneLine(f.Comment))
				}
			}
		}
	}
	return out, nil
}

func oneLine(c *ast.CommentGroup) string { return strings.Join(strings.Fields(c.Text()), " ") }

// Word is something that can be named in a condition or a gather step.
type Word struct{ Name, Text string }

// Words lists what conditions may ask about, each variable before its fields.
func Words() []Word {
	return wordsOf(func(name string) bool { return !strings.HasPrefix(name, "gather.") })
}

// GathererWords lists what a gather step may read.
func GathererWords() []Word {
	out := wordsOf(func(name string) bool { return strings.HasPrefix(name, "gather.") })
	for i := range out {
		out[i].Name = strings.TrimPrefix(out[i].Name, "gather.")
	}
	return out
}

func wordsOf(want func(string) bool) (out []Word) {
	lines := bufio.NewScanner(strings.NewReader(words))
	for lines.Scan() {
		name, text, ok := strings.Cut(lines.Text(), " ")
		if ok && name != "#" && want(name) {
			out = append(out, Word{name, strings.TrimSpace(text)})
		}
	}
	return out
}
