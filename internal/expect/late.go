package expect

import (
	"io/fs"
	"regexp"
	"slices"
	"strings"
	"sync"

	"jobzero/internal/fault"
	"jobzero/internal/finding"
	"jobzero/internal/resource"
)

// Open finds all expectations below root and reads each only when a resource of its type is judged, or when it is asked for. It is
// for those that were tested before, such as the embedded ones: what is wrong with one is only seen when it is read, and makes its
// verdicts unknown. Load says at once what is wrong. Errors are those of finding them.
func Open(fsys fs.FS, root string) (*Set, error) {
	s := newSet()
	err := fs.WalkDir(fsys, root, func(file string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !isText(file) {
			return err
		}
		data, err := fs.ReadFile(fsys, file)
		if err != nil {
			return err
		}
		id, types, ok := glance(string(data))
		if ok {
			return s.add(&slot{id, file, types, string(data), sync.OnceValue(func() *Expectation { return late(file, data, id, types) })})
		}
		env, err := environment()
		if err != nil {
			return err
		}
		e, err := parse(env, file, data)
		if err != nil {
			return err
		}
		return s.add(filled(e))
	})
	if err != nil {
		return nil, fault.Wrap(fault.CodeOf(err), err, "find the expectations in %s", root)
	}
	return s, nil
}

// late reads an expectation that was found before. One that cannot be read stays one: it judges everything to be unknown.
func late(file string, data []byte, id string, types []resource.Type) *Expectation {
	env, err := environment()
	if err == nil {
		var e *Expectation
		if e, err = parse(env, file, data); err == nil && e.ID == id && slices.Equal(e.Types, types) {
			return e
		}
	}
	if err == nil {
		err = fault.New(fault.Invalid, "%s:1:1: its id and resource could not be read without all of it: write each in a line of its own", file)
	}
	return &Expectation{ID: id, Title: id, Severity: finding.High, Types: types, File: file, broken: err}
}

var (
	idLine   = regexp.MustCompile(`(?m)^id: +([a-z0-9-]+) *$`)
	typeLine = regexp.MustCompile(`(?m)^resource: *(.*)$((?:\n *- .*$)*)`)
	typeWord = regexp.MustCompile(`[A-Za-z0-9]+::[A-Za-z0-9]+::[A-Za-z0-9]+`)
)

// glance finds the id and the types of an expectation in its text, without reading it as YAML. A block of text within YAML is
// indented, so that a key at the margin is a key. ok is false for a form that is not the usual one.
func glance(text string) (id string, types []resource.Type, ok bool) {
	ids, lines := idLine.FindAllStringSubmatch(text, 2), typeLine.FindAllStringSubmatch(text, 2)
	if len(ids) != 1 || len(lines) != 1 || strings.ContainsAny(lines[0][1]+lines[0][2], "#&*|>") {
		return "", nil, false
	}
	for _, word := range typeWord.FindAllString(lines[0][1]+lines[0][2], -1) {
		types = append(types, resource.Type(word))
	}
	return ids[0][1], types, len(types) > 0
}
