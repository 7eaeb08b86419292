package check

import (
	"cmp"
	"context"
	"io/fs"
	"maps"
	"slices"
	"strings"

	"jobzero/internal/design/patch"
	"jobzero/internal/expect"
	"jobzero/internal/fault"
)

// change says in words what to set.
func change(all []expect.Change) string {
	if len(all) == 0 {
		return ""
	}
	words := make([]string, len(all))
	for i, c := range all {
		words[i] = patch.Set(c).String()
	}
	return "Set " + strings.Join(words, ", ") + "."
}

// Fixed is what came of mending texts.
type Fixed struct {
	Files map[string][]byte // the new texts, by the path as seen from the input's Files
	Done  []Result          // what is met now
	Left  []Left            // what a person has to do
}

// Left is a result that was not mended, and why.
type Left struct {
	Result
	Why string
}

// Fix mends the templates that an input names: of each resource that fails, the properties that its expectations ask for are written
// into the text. Every change is proved by a new check: it has to make its result a pass, and may turn no other that was one.
// Nothing is written to Files.
func Fix(ctx context.Context, in Input, o Options) (*Fixed, error) {
	all, err := Run(ctx, []Input{in}, o)
	if err != nil {
		return nil, err
	}
	m := &mender{ctx: ctx, in: in, o: o, over: &overlay{FS: in.Files, changed: map[string][]byte{}}, out: &Fixed{}}
	byFile := map[string][]Result{}
	for _, x := range all.Results {
		if x.Verdict == Fail && (o.Only == nil || o.Only(x)) {
			file := strings.TrimPrefix(x.Place.File, in.Shown)
			byFile[file] = append(byFile[file], x)
		}
	}
	for _, file := range slices.Sorted(maps.Keys(byFile)) {
		if err := m.file(file, byFile[file]); err != nil {
			return nil, err
		}
	}
	m.out.Files = m.over.changed
	return m.out, nil
}

// mender is one call of Fix.
type mender struct {
	ctx  context.Context //nolint:containedctx // of one call
	in   Input
	o    Options
	over *overlay
	out  *Fixed
}

func (m *mender) check(file string) (*Report, error) {
	return Run(m.ctx, []Input{{Files: m.over, Path: file, Shown: m.in.Shown}}, m.o)
}

// file mends one file: all at once where that goes well, and otherwise one after the other.
func (m *mender) file(file string, wrong []Result) error {
	original, err := fs.ReadFile(m.over, file)
	if err != nil {
		return fault.Wrap(fault.Invalid, err, "read %s", m.in.Shown+file)
	}
	before, err := m.check(file)
	if err != nil {
		return err
	}
	var todo []Result
	text := original
	for _, x := range wrong {
		next, why := mend(file, text, x)
		if why != "" {
			m.out.Left = append(m.out.Left, Left{x, why})
			continue
		}
		text, todo = next, append(todo, x)
	}
	if len(todo) == 0 {
		return nil
	}
	m.over.put(file, text)
	after, err := m.check(file)
	if err != nil {
		return err
	}
	if worse(before, after, todo) == "" {
		m.out.Done = append(m.out.Done, todo...)
		return nil
	}
	m.over.put(file, original)
	return m.each(file, before, todo)
}

// each mends one result after the other, and takes back what does not go well.
func (m *mender) each(file string, before *Report, todo []Result) error {
	for _, x := range todo {
		old, err := fs.ReadFile(m.over, file)
		if err != nil {
			return fault.Wrap(fault.Invalid, err, "read %s", m.in.Shown+file)
		}
		after := before
		why := ""
		if before.verdicts()[x.key()] != Pass { // a change for another may have been enough
			var text []byte
			if text, why = mend(file, old, x); why == "" {
				m.over.put(file, text)
				if after, err = m.check(file); err != nil {
					return err
				}
				why = worse(before, after, []Result{x})
			}
		}
		if why != "" {
			m.over.put(file, old)
			m.out.Left = append(m.out.Left, Left{x, why})
			continue
		}
		before = after
		m.out.Done = append(m.out.Done, x)
	}
	return nil
}

// mend writes the changes of one result into a text.
func mend(file string, text []byte, x Result) (after []byte, why string) {
	switch {
	case x.generated:
		return nil, "a program writes this template: change the program"
	case len(x.lines) > 0:
		return rewrite(file, text, x.lines)
	case len(x.Changes) == 0:
		return nil, "no change of properties alone is known to do"
	}
	sets := make([]patch.Set, len(x.Changes))
	for i, c := range x.Changes {
		sets[i] = patch.Set(c)
	}
	after, err := patch.Template(file, text, x.Name, sets)
	if err != nil {
		return nil, err.Error()
	}
	return after, ""
}

// key is what a result is about.
type key struct{ expectation, file, name string }

func (r Result) key() key { return key{r.Expectation.ID, r.Place.File, r.Name} }

func (r *Report) verdicts() map[key]Verdict {
	out := make(map[key]Verdict, len(r.Results))
	for _, x := range r.Results {
		out[x.key()] = x.Verdict
	}
	return out
}

// worse says what changes have done besides what they should, or that they have not done that.
func worse(before, after *Report, wanted []Result) string {
	now := after.verdicts()
	for _, x := range wanted {
		if now[x.key()] != Pass {
			return "the change does not do: it is " + string(cmp.Or(now[x.key()], Undecided))
		}
	}
	for _, x := range before.Results {
		if x.Verdict == Pass && now[x.key()] != Pass {
			return "the change would break " + x.Expectation.ID + " of " + x.Name
		}
	}
	return ""
}
