package booktest

import (
	"context"
	"errors"
	"io/fs"
	"path"
	"strings"

	"jobzero/internal/doc"
	"jobzero/internal/effect"
	"jobzero/internal/fault"
	"jobzero/internal/playbook"
	"jobzero/internal/playbook/book"
)

// Options are what has to be known besides the files.
type Options struct {
	// Undo gives the class of undo of an action; false: there is no such action.
	Undo func(action string) (effect.Class, bool)
	// Playbooks are those that one may run as a step.
	Playbooks []book.Definition
}

// among are the playbooks of the options with one in the place of the one with its ID.
func (o Options) among(d book.Definition) []book.Definition {
	out := []book.Definition{d}
	for _, p := range o.Playbooks {
		if p.ID != d.ID {
			out = append(out, p)
		}
	}
	return out
}

// Result is what a case came to in one mode.
type Result struct {
	File string
	Case string // such as public-bucket/plan; empty: the file as a whole is wrong
	OK   bool
	Text string // what went otherwise, or what happened
}

// Run runs a .test file with the playbook beside it: a txtar archive of free text and cases, one a file, as YAML.
func Run(ctx context.Context, fsys fs.FS, file string, o Options) []Result {
	d, data, err := beside(fsys, file)
	if err != nil {
		return []Result{{File: file, Text: err.Error()}}
	}
	archive, err := doc.Archive(file, data)
	if err != nil {
		return []Result{{File: file, Text: err.Error()}}
	}
	var out []Result
	for _, f := range archive.Files {
		name := strings.TrimSuffix(f.Name, path.Ext(f.Name))
		c, err := readCase(file+"!"+f.Name, f.Data, d)
		if err != nil {
			out = append(out, Result{File: file, Case: name, Text: err.Error()})
			continue
		}
		for _, m := range []struct {
			mode playbook.Mode
			want []string
		}{{playbook.PlanOnly, c.Plan}, {playbook.Enforce, c.Enforce}} {
			if m.want != nil {
				out = append(out, one(ctx, d, c, m.mode, m.want, o).as(file, name+"/"+string(m.mode)))
			}
		}
	}
	return out
}

func (r Result) as(file, name string) Result {
	r.File, r.Case = file, name
	return r
}

// one runs a case in a mode.
func one(ctx context.Context, d book.Definition, c testCase, mode playbook.Mode, want []string, o Options) Result {
	got, err := play(ctx, d, c, mode, o)
	text := differ(want, got)
	switch {
	case err != nil:
		return Result{Text: err.Error() + "\n" + differ(want, got)}
	case text != "":
		return Result{Text: text}
	}
	return Result{OK: true, Text: strings.Join(got, "\n")}
}

// beside reads a .test file, and the playbook that it is for.
func beside(fsys fs.FS, file string) (d book.Definition, data []byte, err error) {
	if data, err = fs.ReadFile(fsys, file); err != nil {
		return d, nil, err
	}
	stem := strings.TrimSuffix(file, ".test")
	for _, name := range []string{stem + ".yml", stem + ".yaml"} {
		text, err := fs.ReadFile(fsys, name)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return d, nil, err
		}
		d, err := book.Parse(name, text)
		return d, data, err
	}
	return d, nil, fault.New(fault.NotFound, "%s: there is no playbook %s.yml beside it", file, stem)
}
