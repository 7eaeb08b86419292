package verdict

import (
	"errors"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"time"

	"jobzero/internal/doc"
	"jobzero/internal/expr"
	"jobzero/internal/fault"
	"jobzero/internal/finding"
	"jobzero/internal/playbook/book"
)

var idForm = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,99}$`)

// longest is how long anything may be remembered: who works here, and with what, changes.
const longest = 30 * 24 * time.Hour

// Read reads one verdict, and gives all that is wrong with it, each with its place.
func Read(file string, text []byte) (Definition, []error) {
	d := Definition{File: file, Text: string(text)}
	nodes, err := doc.Parse(file, text)
	if err != nil {
		return d, []error{err}
	}
	if len(nodes) != 1 {
		return d, []error{fault.New(fault.Invalid, "%s:1:1: holds %d documents: a verdict is one", file, len(nodes))}
	}
	if err := nodes[0].Decode(&d); err != nil {
		return d, []error{err}
	}
	bad := d.check(nodes[0])
	if d.If == "" {
		return d, bad
	}
	n := nodes[0].Get("if")
	line, col := n.Begins()
	if d.condition, err = book.Compile(expr.Place{File: file, Line: line, Col: col}, d.If); err != nil {
		return d, append(bad, err)
	}
	return d, append(bad, d.checkCondition(n)...)
}

// check names all that is wrong with what a verdict says of itself.
func (d Definition) check(root *doc.Node) (bad []error) {
	add := func(key, format string, args ...any) {
		n := root.Get(key)
		if n == nil {
			n = root
		}
		bad = append(bad, n.Errorf(format, args...))
	}
	if d.ID == "" || d.Title == "" || d.Why == "" || d.If == "" {
		add("", "id, title, why and if are all needed")
	}
	if d.ID != "" && !idForm.MatchString(d.ID) {
		add("id", "id %q: want small letters, digits and hyphens", d.ID)
	}
	if !slices.Contains(Words(), d.Verdict) {
		add("verdict", "verdict %q: use one of %v", d.Verdict, Words())
	}
	if !slices.Contains(Degrees(), d.Confidence) {
		add("confidence", "confidence %q: use one of %v", d.Confidence, Degrees())
	}
	for _, p := range slices.Concat(d.When.Rules, d.When.Expectations) {
		if _, err := path.Match(p, ""); err != nil {
			add("when", "when: %q is no pattern: %v", p, err)
		}
	}
	switch {
	case d.Close && d.Verdict.Accuses():
		add("close", "close: what is %s is not closed", d.Verdict)
	case d.Close && d.Confidence == Possible:
		add("close", "close: what is only possible closes nothing: say what makes it likely, or take close away")
	case d.Close && (len(d.When.Kinds) == 0 || slices.ContainsFunc(d.When.Kinds, func(k finding.Kind) bool { return !Happened(k) })):
		add("close", "close: say kinds: [rule], [baseline] or both: how something is, is closed by a fresh read or a waiver")
	case d.Remember != 0 && !d.Close:
		add("remember", "remember: only what closes is remembered")
	case d.Remember < 0 || d.Remember > longest:
		add("remember", "remember: %s: want a duration of 720h at the most", d.Remember)
	}
	return bad
}

// Happened reports whether findings of a kind tell that something happened, and not how something is.
func Happened(k finding.Kind) bool {
	return k != finding.Reused && !finding.Finding{Kind: k}.FromRead() // what was shut and is at work is never as it should be
}

// lasting are the parts of an inquiry that are the same as long as the principal, its root, the call and the resource are.
func lasting() []string { return []string{"who", "tools"} }

// checkCondition says what a condition may not ask.
func (d Definition) checkCondition(n *doc.Node) (bad []error) {
	if d.condition.Mentions("steps") {
		bad = append(bad, n.Errorf("if: there are no steps before a playbook has begun"))
	}
	for _, a := range d.condition.Asks("inquiry") {
		if name := a.Path[0].Name; name == "verdict" || name == "confidence" {
			bad = append(bad, n.Errorf("if: inquiry.%s is what is being decided here", name))
		}
	}
	if d.Remember == 0 {
		return bad
	}
	for _, name := range []string{"now", "freeze", "resource", "ticket", "access"} {
		if d.condition.Mentions(name) {
			bad = append(bad, n.Errorf("remember: %s may be another the next time: ask something else, or take remember away", name))
		}
	}
	for _, a := range append(d.condition.Asks("inquiry"), d.condition.Asks("finding")...) {
		name := a.Path[0].Name
		if slices.Contains(lasting(), name) || slices.Contains([]string{"kind", "by", "account", "region", "principal", "arn"}, name) {
			continue
		}
		bad = append(bad, n.Errorf("remember: %s may be another the next time: ask something else, or take remember away", name))
	}
	return bad
}

// Load reads all verdicts below root. A bad one never stops the others; each of its errors is given.
func Load(fsys fs.FS, root string) (all []Definition, bad []error) {
	from := map[string]string{}
	err := fs.WalkDir(fsys, root, func(name string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() || (path.Ext(name) != ".yml" && path.Ext(name) != ".yaml") {
			return err
		}
		text, err := fs.ReadFile(fsys, name)
		if err != nil {
			return err
		}
		d, wrong := Read(name, text)
		if first, twice := from[d.ID]; len(wrong) == 0 && twice {
			wrong = append(wrong, fault.New(fault.Conflict, "%s:1:1: id %q is taken by %s", name, d.ID, first))
		}
		if len(wrong) > 0 {
			bad = append(bad, wrong...)
			return nil
		}
		from[d.ID] = name
		all = append(all, d)
		return nil
	})
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		bad = append(bad, err)
	}
	return all, bad
}
