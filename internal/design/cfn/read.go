package cfn

import (
	"io"
	"io/fs"

	"jobzero/internal/design"
	"jobzero/internal/doc"
	"jobzero/internal/fault"
	"jobzero/internal/resource"
)

// The limits of one template with all that it nests. CloudFormation itself takes templates of 1 MB and 500 resources.
const (
	maxValues = 1 << 18  // values, written out
	maxWork   = 1 << 20  // steps of reading them
	maxText   = 64 << 20 // bytes of text that functions make
	maxDepth  = 600      // functions within functions, by way of what they refer to
	maxNested = 10       // stacks within stacks
)

// load is the work on one document.
type load struct {
	o     Options
	out   *design.Document
	steps int // left
	bytes int // left
	depth int
	err   error
}

func begin(name string, o Options) *load {
	out := &design.Document{Format: design.CloudFormation, Place: design.Place{File: name, Line: 1, Col: 1}}
	return &load{o: o, out: out, steps: maxWork, bytes: maxText}
}

// Resource reads one resource whose functions have run already, such as the call of a hook has it: name is its logical ID,
// properties a map in JSON, or nil when it has none.
func Resource(name string, kind resource.Type, at, properties *doc.Node, o Options) (design.Document, error) {
	l := begin(at.File(), o)
	t := &template{load: l, name: at.File()}
	v := &val{kind: dict, node: at}
	if properties != nil && properties.Kind != doc.Null {
		v = t.decode(properties, nil, nil)
	}
	if v.kind != dict {
		return design.Document{}, properties.Errorf("the properties of %s are %s: want a map", name, properties.Kind)
	}
	maker{t: t, e: &entry{name: name, key: at, node: at}}.declare(name, kind, v)
	return *l.out, l.err
}

// Read reads a template. An error is fault.Invalid and names file, line and column; what a template merely leaves open, and
// what is wrong with single values, is in the document.
func Read(name string, data []byte, o Options) (design.Document, error) {
	l := begin(name, o)
	t, err := l.open(name, data)
	if err != nil {
		return design.Document{}, err
	}
	if err := t.make(); err != nil {
		return design.Document{}, err
	}
	if l.err != nil {
		return design.Document{}, l.err
	}
	return *l.out, nil
}

// ReadFile reads a template from a folder; what it nests is looked for in the same folder, unless o has another.
func ReadFile(in fs.FS, name string, o Options) (design.Document, error) {
	if o.Files == nil {
		o.Files = in
	}
	data, err := readFile(in, name)
	if err != nil {
		return design.Document{}, err
	}
	return Read(name, data, o)
}

// readFile reads a file up to a little more than the limit, which then refuses it.
func readFile(in fs.FS, name string) ([]byte, error) {
	f, err := in.Open(name)
	if err != nil {
		return nil, fault.Wrap(fault.NotFound, err, "read the template %s", name)
	}
	defer func() { _ = f.Close() }()
	data, err := io.ReadAll(io.LimitReader(f, doc.MaxBytes+1))
	if err != nil {
		return nil, fault.Wrap(fault.Unavailable, err, "read the template %s", name)
	}
	return data, nil
}

// spend counts steps and bytes of made text, and reports whether there are any left.
func (l *load) spend(steps, bytes int) bool {
	l.steps -= steps
	l.bytes -= bytes
	if l.err == nil && (l.steps < 0 || l.bytes < 0) {
		l.err = fault.New(fault.Invalid, "%s: its loops, maps and aliases make more of it than is read: split it", l.out.Place)
	}
	return l.err == nil
}

// deep ends the work when references go too deep.
func (l *load) deep() {
	if l.err == nil {
		l.err = fault.New(fault.Invalid, "%s: its values refer to one another more than %d deep", l.out.Place, maxDepth)
	}
}

func (t *template) problem(n *doc.Node, why string) {
	t.load.out.Problems = append(t.load.out.Problems, design.Problem{Place: placeOf(t.name, n), Why: why})
}

func (t *template) skip(name, kind string, n *doc.Node, why string) {
	t.load.out.Skipped = append(t.load.out.Skipped, design.Skipped{Name: t.prefix + name, Type: kind, Place: placeOf(t.name, n), Why: why})
}
