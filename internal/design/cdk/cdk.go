// Package cdk reads what the AWS CDK writes: a folder, most often cdk.out, with templates and a manifest.
//
// It is: a walk through the manifests of an assembly and the assemblies in it, one for each stage.
// It takes: the folder; nothing in it is run.
// It gives: a document for each stack, with the account and region that the manifest knows.
// Next door: cfn reads the templates.
//
// Source of the form: https://github.com/aws/aws-cdk-cli, packages/@aws-cdk/cloud-assembly-schema.
package cdk

import (
	"errors"
	"io"
	"io/fs"
	"path"
	"strings"

	"jobzero/internal/design"
	"jobzero/internal/design/cfn"
	"jobzero/internal/doc"
	"jobzero/internal/fault"
)

// The limits of one folder.
const (
	maxManifest = 16 << 20 // bytes: a manifest has the place in the source of every resource
	maxNodes    = 1 << 20
	maxStacks   = 1000
	maxNested   = 10 // assemblies within assemblies
)

// Read reads the folder dir of in. What a manifest says of a stack goes before o: its account, region, name and parameters. An
// error is fault.NotFound when there is no manifest, fault.Invalid with file, line and column for what cannot be read.
func Read(in fs.FS, dir string, o cfn.Options) ([]design.Document, error) {
	r := &reader{in: in, o: o}
	err := r.assembly(path.Clean(dir), 0)
	if err != nil {
		return nil, err
	}
	for i := range r.out {
		r.out[i].Generated = true
	}
	return r.out, nil
}

// listed is the key of what an assembly is made of.
const listed = "artifacts" //nolint:misspell // the CDK's own word

type reader struct {
	in  fs.FS
	o   cfn.Options
	out []design.Document
}

// assembly reads one folder.
func (r *reader) assembly(dir string, level int) error {
	name := path.Join(dir, "manifest.json")
	root, err := r.manifest(name)
	if err != nil {
		return err
	}
	parts := root.Get(listed)
	if parts == nil {
		return root.Errorf("this is no manifest of the CDK: it has no %s", listed)
	}
	for _, p := range parts.Pairs {
		a := p.Value
		switch kind := a.Get("type"); {
		case kind == nil:
			return p.Key.Errorf("%q has no type", p.Key.Text)
		case kind.Text == "aws:cloudformation:stack":
			err = r.stack(dir, p)
		case kind.Text == "cdk:cloud-assembly" && level >= maxNested:
			err = p.Key.Errorf("assemblies nest more than %d deep", maxNested)
		case kind.Text == "cdk:cloud-assembly":
			var below string
			if below, err = within(dir, a.Get("properties").Get("directoryName"), p.Key); err == nil {
				err = r.assembly(below, level+1)
			}
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (r *reader) manifest(name string) (*doc.Node, error) {
	f, err := r.in.Open(name)
	if err != nil {
		return nil, fault.Wrap(fault.NotFound, err, "read the manifest %s: run cdk synth first", name)
	}
	defer func() { _ = f.Close() }()
	data, err := io.ReadAll(io.LimitReader(f, maxManifest+1))
	if err != nil {
		return nil, fault.Wrap(fault.Unavailable, err, "read the manifest %s", name)
	}
	nodes, err := doc.Reader{Max: maxManifest, Nodes: maxNodes}.Parse(name, data)
	if err != nil {
		return nil, err
	}
	return nodes[0], nil // JSON is never nothing
}

// within is a file or folder that a manifest names, which has to lie in its folder.
func within(dir string, n, at *doc.Node) (string, error) {
	if n == nil || n.Kind != doc.String || n.Text == "" {
		return "", at.Errorf("%q does not say where it lies", at.Text)
	}
	name := path.Join(dir, n.Text)
	if !fs.ValidPath(name) || path.IsAbs(n.Text) || dir != "." && !strings.HasPrefix(name, dir+"/") || name == dir {
		return "", n.Errorf("%q lies outside of the folder", n.Text)
	}
	return name, nil
}

// stack reads one stack.
func (r *reader) stack(dir string, p doc.Pair) error {
	if len(r.out) >= maxStacks {
		return p.Key.Errorf("more than %d stacks", maxStacks)
	}
	properties := p.Value.Get("properties")
	name, err := within(dir, properties.Get("templateFile"), p.Key)
	if err != nil {
		return err
	}
	o := r.o
	o.StackName = p.Key.Text
	if n := properties.Get("stackName"); n != nil {
		o.StackName = n.Text
	}
	if env := p.Value.Get("environment"); env != nil {
		environment(env.Text, &o)
	}
	if given := properties.Get("parameters"); given != nil {
		parameters := map[string]string{}
		for name, value := range r.o.Parameters {
			parameters[name] = value
		}
		for _, p := range given.Pairs {
			parameters[p.Key.Text] = p.Value.Text
		}
		o.Parameters = parameters
	}
	d, err := cfn.ReadFile(r.in, name, o)
	if errors.Is(err, fs.ErrNotExist) {
		return p.Key.Errorf("the template %s of the stack is not there", name)
	}
	if err != nil {
		return err
	}
	r.out = append(r.out, d)
	return nil
}

// environment reads aws://ACCOUNT/REGION, in which either may be unknown.
func environment(text string, o *cfn.Options) {
	account, region, ok := strings.Cut(strings.TrimPrefix(text, "aws://"), "/")
	if !ok {
		return
	}
	if account != "unknown-account" {
		o.Account = account
	}
	if region != "unknown-region" {
		o.Region, o.Partition = region, ""
	}
}
