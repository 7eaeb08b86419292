package agreement

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"testing/fstest"

	"jobzero/internal/doc"
)

// Nag reads the labels of cfn_nag's tests: a template, a rule, and the resources that it names; none is a pass of the whole.
func Nag(fsys fs.FS) (*Corpus, error) {
	out := newCorpus("cfn-nag")
	data, err := fs.ReadFile(fsys, "labels.json")
	if err != nil {
		return nil, err
	}
	var labels []struct {
		Rule, Template string
		Violating      []string `json:"violating_logical_ids"`
	}
	if err := json.Unmarshal(data, &labels); err != nil {
		return nil, fmt.Errorf("read labels.json: %w", err)
	}
	for _, l := range labels {
		data, err := fs.ReadFile(fsys, l.Template)
		if err != nil {
			return nil, err
		}
		want := Pass
		if len(l.Violating) > 0 {
			want = Fail
		}
		out.add(Case{
			Control: l.Rule, Key: l.Rule + ": " + l.Template, Want: want, Kind: CloudFormation, From: l.Template,
			Files: text(CloudFormation, data), Named: l.Violating,
		})
	}
	return out, nil
}

// CheckovFiles reads the examples of Checkov's checks of one resource: a folder for a check, and in the name of each file whether it
// passes or fails. Files without such a name are no cases.
func CheckovFiles(fsys fs.FS) (*Corpus, error) {
	out := newCorpus("checkov-cfn")
	return out, fs.WalkDir(fsys, ".", func(name string, d fs.DirEntry, err error) error {
		ext := path.Ext(name)
		if err != nil || d.IsDir() || !slices.Contains([]string{".yaml", ".yml", ".json", ".template"}, ext) {
			return err
		}
		want, ok := byName(path.Base(name))
		if !ok {
			out.Left["the file's name says neither pass nor fail"]++
			return nil
		}
		data, err := fs.ReadFile(fsys, name)
		if err != nil {
			return err
		}
		folder, _, _ := strings.Cut(name, "/")
		out.add(Case{
			Control: strings.TrimPrefix(folder, "example_"), Key: name, Want: want, Kind: CloudFormation, From: name,
			Files: text(CloudFormation, data),
		})
		return nil
	})
}

// byName is what the name of a file says.
func byName(name string) (Want, bool) {
	upper := strings.ToUpper(name)
	pass, fail := strings.Contains(upper, "PASS"), strings.Contains(upper, "FAIL")
	if pass == fail {
		return "", false
	}
	if fail {
		return Fail, true
	}
	return Pass, true
}

// expected lists resources by what a check says of them.
const expected = "expected.yaml"

// CheckovGraphs reads the examples of Checkov's checks of several resources: a folder with texts, and a list of the addresses that
// pass and fail. Each address is a case.
func CheckovGraphs(fsys fs.FS) (*Corpus, error) {
	out := newCorpus("checkov-graph")
	return out, fs.WalkDir(fsys, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || d.Name() != expected {
			return err
		}
		return out.graph(fsys, path.Dir(name))
	})
}

func (c *Corpus) graph(fsys fs.FS, folder string) error {
	data, err := fs.ReadFile(fsys, path.Join(folder, expected))
	if err != nil {
		return err
	}
	nodes, err := doc.Parse(path.Join(folder, expected), data)
	if err != nil {
		return err
	}
	if len(nodes) == 0 {
		return nil
	}
	files, err := below(fsys, folder)
	if err != nil {
		return err
	}
	x := Case{Kind: Terraform, From: folder, Files: files}
	if strings.HasPrefix(folder, string(CloudFormation)) {
		x.Kind = CloudFormation
	}
	x.Control = string(x.Kind) + "/" + path.Base(folder)
	for _, want := range []Want{Pass, Fail} {
		list := nodes[0].Get(string(want))
		if list == nil {
			continue
		}
		for _, item := range list.Items {
			if both(nodes[0], item.Text) {
				c.Left["the same resource is listed under pass and under fail"]++
				continue
			}
			x.Want, x.Resource, x.Key = want, item.Text, x.Control+": "+item.Text
			if at := strings.LastIndex(item.Text, "."); at >= 0 && x.Kind == CloudFormation { // AWS::S3::Bucket.Name
				x.Resource = item.Text[at+1:]
			}
			c.add(x)
		}
	}
	return nil
}

// both reports whether a resource is listed as passing and as failing.
func both(labels *doc.Node, name string) bool {
	for _, want := range []Want{Pass, Fail} {
		list := labels.Get(string(want))
		if list == nil || !slices.ContainsFunc(list.Items, func(item *doc.Node) bool { return item.Text == name }) {
			return false
		}
	}
	return true
}

// below are the files of a folder but for the labels.
func below(fsys fs.FS, folder string) (fs.FS, error) {
	out := fstest.MapFS{}
	return out, fs.WalkDir(fsys, folder, func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || d.Name() == expected {
			return err
		}
		data, err := fs.ReadFile(fsys, name)
		out[strings.TrimPrefix(name, folder+"/")] = &fstest.MapFile{Data: data}
		return err
	})
}
