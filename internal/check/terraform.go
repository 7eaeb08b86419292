package check

import (
	"context"
	"io/fs"
	"path"
	"slices"
	"strings"

	"jobzero/internal/design"
	"jobzero/internal/design/terraform/hcl"
)

// workspace is a folder with texts of Terraform.
type workspace struct {
	doc   design.Document
	uses  []string // folders, as they are shown
	err   error
	named bool
}

// options of the templates are those of the folders too: a variable is what a parameter is there.
func (r *run) hcl() hcl.Options {
	o := r.o.Template
	return hcl.Options{Variables: o.Parameters, Account: o.Account, Region: o.Region, Partition: o.Partition}
}

// survey reads all folders of Terraform of the run before any is judged, because one may be a module of another.
func (r *run) survey(ctx context.Context, in Input) error {
	return fs.WalkDir(in.Files, in.Path, func(name string, d fs.DirEntry, err error) error {
		switch {
		case ctx.Err() != nil:
			return context.Cause(ctx)
		case err != nil:
			return nil //nolint:nilerr // it is told when it is read
		case !d.IsDir():
			return nil
		case passedOver(name, in.Path, d):
			return fs.SkipDir
		}
		if !hasTexts(in.Files, name) {
			return nil
		}
		key := in.Shown + name
		w := r.workspaces[key]
		if w == nil {
			w = &workspace{}
			r.workspaces[key] = w
			w.doc, w.uses, w.err = hcl.ReadUses(in.Files, name, r.hcl())
			for i, u := range w.uses {
				w.uses[i] = in.Shown + u
			}
		}
		w.named = w.named || name == in.Path
		return nil
	})
}

// hasTexts reports whether a folder has texts of Terraform.
func hasTexts(fsys fs.FS, name string) bool {
	entries, err := fs.ReadDir(fsys, name)
	return err == nil && slices.ContainsFunc(entries, func(e fs.DirEntry) bool { return !e.IsDir() && isText(e.Name()) })
}

// passedOver are folders that nobody wrote for us.
func passedOver(name, at string, d fs.DirEntry) bool {
	return name != at && (strings.HasPrefix(d.Name(), ".") || d.Name() == "node_modules")
}

// isText reports whether a file of a folder is read with the others in it.
func isText(name string) bool {
	return hcl.IsText(path.Base(name)) && !strings.HasPrefix(path.Base(name), ".")
}

// workspace takes in a folder of Terraform, unless another one of the run uses it as a module: then it was read with that.
func (r *run) workspace(ctx context.Context, name string) {
	key := r.in.Shown + name
	w := r.workspaces[key]
	if w == nil || r.seen[key] {
		return
	}
	for other, by := range r.workspaces {
		if !w.named && other != key && slices.Contains(by.uses, key) && !slices.Contains(w.uses, other) {
			return
		}
	}
	r.seen[key] = true
	r.texts(ctx, name, w)
	w.doc = design.Document{}
}

// texts takes in what could be read, and notes each error of what could not.
func (r *run) texts(ctx context.Context, name string, w *workspace) {
	if many, ok := w.err.(interface{ Unwrap() []error }); ok {
		for _, one := range many.Unwrap() {
			r.unread(one)
		}
	} else if w.err != nil {
		r.unread(w.err)
	}
	r.judge(ctx, []design.Document{w.doc}, r.terraform(name, ""))
}
