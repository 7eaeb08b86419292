package hcl

import (
	"io/fs"
	"path"
	"slices"
	"strings"

	"jobzero/internal/fault"
)

// module is what the files of one folder say.
type module struct {
	folder    string
	variables map[string]*block
	locals    map[string]*attr
	outputs   map[string]*block
	calls     []*block
	resources []*block // and data
	providers []*block
	values    []string // files of values
}

// call finds a module call.
func (m *module) call(name string) *block {
	for _, b := range m.calls {
		if b.labels[0] == name {
			return b
		}
	}
	return nil
}

// resource finds a resource, or a data source.
func (m *module) resource(kind, typ, name string) *block {
	for _, b := range m.resources {
		if b.kind == kind && b.labels[0] == typ && b.labels[1] == name {
			return b
		}
	}
	return nil
}

// module reads a folder, or one file of it. What cannot be read is an error, and the rest is read nevertheless.
func (l *loader) module(folder, only string) (*module, error) {
	if m := l.modules[folder]; m != nil {
		return m, nil
	}
	entries, err := fs.ReadDir(l.fsys, folder)
	if err != nil {
		return nil, fault.Wrap(fault.Invalid, err, "%s: read the folder", folder)
	}
	m := &module{folder: folder, variables: map[string]*block{}, locals: map[string]*attr{}, outputs: map[string]*block{}}
	var files, overrides []string
	for _, e := range entries {
		name := e.Name()
		switch {
		case e.IsDir() || strings.HasPrefix(name, ".") || strings.HasSuffix(name, "~"):
		case IsValues(name) && (only == ""):
			m.values = append(m.values, path.Join(folder, name))
		case !IsText(name) || only != "" && name != only:
		case overriding(name) && only == "":
			overrides = append(overrides, name)
		default:
			files = append(files, name)
		}
	}
	l.modules[folder] = m
	for i, name := range append(files, overrides...) {
		b, err := l.file(path.Join(folder, name))
		if err != nil {
			l.errs = append(l.errs, err)
			l.broken = true
			continue
		}
		for _, x := range b.blocks {
			l.top(m, x, i >= len(files))
		}
	}
	return m, nil
}

// IsText reports whether a file is one of Terraform's, by its name.
func IsText(name string) bool {
	return strings.HasSuffix(name, ".tf") || strings.HasSuffix(name, ".tf.json") || strings.HasSuffix(name, ".tofu") || strings.HasSuffix(name, ".tofu.json")
}

// IsValues reports whether a file has values that Terraform reads without being told to.
func IsValues(name string) bool {
	name = strings.TrimSuffix(name, ".json")
	return name == "terraform.tfvars" || strings.HasSuffix(name, ".auto.tfvars")
}

func overriding(name string) bool {
	name, _, _ = strings.Cut(name, ".t")
	return name == "override" || strings.HasSuffix(name, "_override")
}

// file reads one file.
func (l *loader) file(name string) (*body, error) {
	data, err := l.read(name, maxFile)
	if err != nil {
		return nil, err
	}
	if l.files++; l.files > maxFiles {
		return nil, fault.New(fault.Invalid, "%s: more than %d files", name, maxFiles)
	}
	if strings.Contains(string(data), openSymbol) {
		return nil, fault.New(fault.Invalid, "%s: it has the character U+F0000, which no text has", name)
	}
	if strings.HasSuffix(name, ".json") {
		return l.json(name, data)
	}
	return l.native(name, data)
}

// read gives the bytes of a file inside the folders that may be read.
func (l *loader) read(name string, limit int64) ([]byte, error) {
	if !fs.ValidPath(name) {
		return nil, fault.New(fault.Invalid, "%s: it lies outside of what may be read", name)
	}
	info, err := fs.Stat(l.fsys, name)
	switch {
	case err != nil:
		return nil, fault.Wrap(fault.Invalid, err, "%s: read it", name)
	case !info.Mode().IsRegular():
		return nil, fault.New(fault.Invalid, "%s: it is no file", name)
	case info.Size() > limit:
		return nil, fault.New(fault.Invalid, "%s:1:1: %d bytes, more than the limit of %d", name, info.Size(), limit)
	}
	if l.total += info.Size(); l.total > maxAll {
		return nil, fault.New(fault.Invalid, "%s: more than %d bytes in all files", name, maxAll)
	}
	data, err := fs.ReadFile(l.fsys, name)
	if err != nil {
		return nil, fault.Wrap(fault.Invalid, err, "%s: read it", name)
	}
	return data, nil
}

// top puts a block of a file where it belongs. A block of an override file changes the one with its name.
func (l *loader) top(m *module, b *block, override bool) {
	if want, ok := labelled()[b.kind]; !ok || len(b.labels) != want {
		l.note("", "", placeOf(b.at), "a block "+b.kind+" with so many labels is not known: it is passed over")
		return
	}
	var old *block
	switch b.kind {
	case "locals":
		for _, a := range b.attrs {
			if m.locals[a.name] != nil && !override {
				l.note("", "", placeOf(a.at), "local."+a.name+" is written twice: the first one counts")
				continue
			}
			m.locals[a.name] = a
		}
		return
	case "variable":
		old = m.variables[b.labels[0]]
	case "output":
		old = m.outputs[b.labels[0]]
	case "module":
		old = m.call(b.labels[0])
	case "resource", "data":
		old = m.resource(b.kind, b.labels[0], b.labels[1])
	case "provider":
		for _, p := range m.providers {
			if p.labels[0] == b.labels[0] && aliasOf(p) == aliasOf(b) {
				old = p
			}
		}
	default:
		return
	}
	switch {
	case old != nil && override:
		old.override(b)
	case old != nil:
		l.note(strings.Join(b.labels, "."), "", placeOf(b.at), "it is written twice: the first one counts")
	case b.kind == "variable":
		m.variables[b.labels[0]] = b
	case b.kind == "output":
		m.outputs[b.labels[0]] = b
	case b.kind == "module":
		m.calls = append(m.calls, b)
	case b.kind == "provider":
		m.providers = append(m.providers, b)
	default:
		m.resources = append(m.resources, b)
	}
}

// override takes over attributes one by one, and blocks by their kind: those of the other are all there are then.
func (b *block) override(by *block) {
	for _, a := range by.attrs {
		if i := slices.IndexFunc(b.attrs, func(o *attr) bool { return o.name == a.name }); i >= 0 {
			b.attrs[i] = a
		} else {
			b.attrs = append(b.attrs, a)
		}
	}
	kindOf := func(x *block) string {
		if x.kind == "dynamic" && len(x.labels) == 1 {
			return x.labels[0]
		}
		return x.kind
	}
	for _, x := range by.blocks {
		b.blocks = slices.DeleteFunc(b.blocks, func(o *block) bool { return kindOf(o) == kindOf(x) })
	}
	b.blocks = append(b.blocks, by.blocks...)
}

func aliasOf(b *block) string {
	a := b.attr("alias")
	if a == nil {
		return ""
	}
	v, diags := a.expr.Value(nil)
	if diags.HasErrors() || v.Type() != textType || !v.IsKnown() || v.IsNull() {
		return ""
	}
	return v.AsString()
}
