package hcl

import (
	"errors"
	"io/fs"
	"path"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"

	"jobzero/internal/design"
	"jobzero/internal/design/terraform"
	"jobzero/internal/design/terraform/provider"
	"jobzero/internal/fault"
)

// loader reads one folder and the modules that it uses.
type loader struct {
	fsys    fs.FS
	o       Options
	root    string
	modules map[string]*module
	called  map[string]bool // folders that are used as modules
	errs    []error
	broken  bool // a file could not be read: what is missing may stand there
	files   int
	total   int64

	asked     map[string]bool
	sorted    []string
	symbols   []symbol
	byKey     map[string]int
	busy      map[string]bool
	functions map[string]function.Function
	who       string // what is being worked out
	home      string // the address of the module that it is in
	steps     int
	bytes     int
	searched  int // collections, for what an element that is not known may come from
	made      int
	scopes    int
	templates map[string]hclsyntax.Expression // by file
	rendering int                             // templates within one another

	written  map[uintptr]*written
	noted    map[string]bool
	problems []design.Problem
	skipped  []design.Skipped
	open     []string // see design.Document
	refused  bool     // a provider would not take it
}

// Read reads all texts of a folder as one module, with the modules in it that it uses. A file that cannot be read is an error
// that begins with its name, line and column; the document has what the others say nevertheless. Several errors are joined.
func Read(fsys fs.FS, folder string, o Options) (design.Document, error) {
	doc, _, err := load(fsys, path.Clean(folder), "", o)
	return doc, err
}

// ReadFile reads one text alone: what it names may stand in another.
func ReadFile(fsys fs.FS, name string, o Options) (design.Document, error) {
	doc, _, err := load(fsys, path.Dir(name), path.Base(name), o)
	return doc, err
}

// ReadWay reads a folder, or one text of it alone when only names one, with conditions going as Options.Assume has them; refused says
// that a provider would not take what comes of that.
func ReadWay(fsys fs.FS, folder, only string, o Options) (doc design.Document, refused bool, err error) {
	doc, l, err := load(fsys, path.Clean(folder), only, o)
	return doc, l.refused, err
}

// ReadUses is Read, and gives the folders that the folder uses as modules, and those that they use.
func ReadUses(fsys fs.FS, folder string, o Options) (doc design.Document, uses []string, err error) {
	doc, l, err := load(fsys, path.Clean(folder), "", o)
	return doc, sortedKeys(l.called), err
}

func load(fsys fs.FS, folder, only string, o Options) (doc design.Document, l *loader, err error) {
	place := path.Join(folder, only)
	defer func() {
		if r := recover(); r != nil { // the libraries do so where a value is used as what it is not
			err = fault.New(fault.Invalid, "%s: it cannot be worked out: %v", place, r)
		}
	}()
	l = &loader{
		fsys: fsys, o: o, root: folder, modules: map[string]*module{}, called: map[string]bool{}, asked: map[string]bool{},
		byKey: map[string]int{}, busy: map[string]bool{}, written: map[uintptr]*written{}, noted: map[string]bool{},
		templates: map[string]hclsyntax.Expression{},
	}
	l.functions = l.table()
	doc = design.Document{Format: design.Terraform, Place: design.Place{File: place}, Coverage: &design.Coverage{}}
	mod, err := l.module(folder, only)
	if err != nil {
		return doc, l, err
	}
	if only != "" && len(l.errs) > 0 {
		return doc, l, l.errs[0]
	}
	s := l.scope(mod, "")
	s.alone = only != ""
	if s.given, err = l.given(mod, o); err != nil {
		l.errs = append(l.errs, err)
	}
	var list []terraform.Wanted
	l.collect(s, &doc, &list)
	doc.Skipped = l.skipped
	terraform.Gather(&doc, list)
	doc.Problems = append(l.problems, doc.Problems...)
	doc.Open = l.open
	return doc, l, errors.Join(l.errs...)
}

func (l *loader) scope(m *module, address string) *scope {
	return &scope{
		l: l, mod: m, address: address, values: map[string]cty.Value{}, families: map[string]*family{}, uses: map[string]*used{},
		given: map[string]cty.Value{},
	}
}

// collect goes through a module and those that it uses.
func (l *loader) collect(s *scope, doc *design.Document, list *[]terraform.Wanted) {
	for _, b := range s.mod.resources {
		typ := b.labels[0]
		for _, in := range s.family(b).list {
			skip := func(why string) {
				l.skipped = append(l.skipped, design.Skipped{Name: in.name, Type: typ, Place: placeOf(b.at), Why: why})
			}
			if b.kind == "data" {
				skip("a data source makes nothing")
				continue
			}
			doc.Coverage.OfResources++
			switch {
			case !strings.HasPrefix(typ, "aws_") && !strings.HasPrefix(typ, "awscc_"):
				owner, _, _ := strings.Cut(typ, "_")
				skip("it belongs to another provider: " + owner)
			case !provider.Supported(typ):
				skip(terraform.Strange)
				l.mentions(in, doc)
			default:
				*list = append(*list, in.wanted())
			}
		}
	}
	for _, b := range s.mod.calls {
		for _, child := range s.use(b).list {
			l.collect(child, doc, list)
		}
	}
}

// pair is what an iterator has.
func pair(k, v cty.Value) cty.Value {
	return cty.ObjectVal(map[string]cty.Value{"key": k, "value": v})
}

// word is a name that stands for itself, such as an iterator's; in JSON it is a text.
func word(a *attr, otherwise string) string {
	if t, diags := hcl.AbsTraversalForExpr(a.expr); !diags.HasErrors() {
		return dotted(t)
	}
	if v, diags := a.expr.Value(nil); !diags.HasErrors() && v.Type() == cty.String && v.IsKnown() && !v.IsNull() {
		return v.AsString()
	}
	return otherwise
}

// dotted is a path with dots.
func dotted(t hcl.Traversal) string {
	out := []string{t.RootName()}
	for i := 1; i < len(t); i++ {
		out = append(out, step(t, i))
	}
	return strings.Join(out, ".")
}
