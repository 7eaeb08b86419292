package expect

import (
	"encoding/json"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"jobzero/internal/doc"
	"jobzero/internal/expr"
	"jobzero/internal/resource"
)

func TestReads(t *testing.T) {
	for source, want := range map[string][]string{
		`resource.properties.Status == 'Active'`: {"properties.Status"},
		`resource.properties.?A.?B.orValue(false) || resource.?related.?account_public_access.?X.orValue(false)`: {"properties.A", "related.account_public_access"},
		`resource.properties.A[?name].orValue(false) && intent.public`:                                           {"properties.A", "tags"},
		`resource.tags.size() == 0`:                {"tags"},
		`resource.gone || resource.account == '1'`: nil,
		`resource.properties[name]`:                nil,
		`resource.related.policy == null || resource.properties.all(k, k != 'x') && [resource].size() == 1`: nil,
	} {
		if d := cmp.Diff(want, reads([]string{source})); d != "" {
			t.Errorf("%s: %s", source, d)
		}
	}
	c, err := Compile(expr.Place{File: "c", Line: 1, Col: 1}, `resource.gone || resource.properties.Status == "Inactive"`)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff([]string{"properties.Status"}, c.Reads()); d != "" {
		t.Error(d)
	}
}

// TestReadsAreEnough judges every case of the embedded content without what its expectation does not name: the verdict and its
// words stay as they were.
func TestReadsAreEnough(t *testing.T) {
	fsys := os.DirFS("../../content/expectations")
	files, err := fs.Glob(fsys, "*.test")
	if err != nil || len(files) == 0 {
		t.Fatal(len(files), err)
	}
	less := 0
	for _, file := range files {
		e, err := beside(fsys, file)
		if err != nil {
			t.Fatal(err)
		}
		text, err := fs.ReadFile(fsys, file)
		if err != nil {
			t.Fatal(err)
		}
		archive, err := doc.Archive(file, text)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range archive.Files {
			c := testCase{Now: testNow}
			if err := json.Unmarshal(f.Data, &c); err != nil {
				t.Fatal(file, f.Name, err)
			}
			facts, err := c.facts(f.Name)
			if err != nil {
				t.Fatal(err)
			}
			whole := e.Check(c.Resource, facts)
			got := e.Check(without(c.Resource, e.Reads(), &less), facts)
			if got.Result != whole.Result || got.Why != whole.Why {
				t.Errorf("%s %s: %s (%s) instead of %s (%s)", file, path.Base(f.Name), got.Result, got.Why, whole.Result, whole.Why)
			}
		}
	}
	if less == 0 {
		t.Error("nothing was ever left out")
	}
}

// without makes everything unknown that is not asked for.
func without(r resource.Resource, asked []string, less *int) resource.Resource {
	if len(asked) == 0 || r.Gone {
		return r
	}
	unknown := slices.Clone(r.Unknown)
	leave := func(path string) {
		if !slices.ContainsFunc(asked, func(a string) bool { return a == path || strings.HasPrefix(a, path+".") }) {
			unknown = append(unknown, resource.Unknown{Path: path, Cause: "not asked for"})
			*less++
		}
	}
	for key := range r.Properties {
		leave("properties." + key)
	}
	for key := range r.Related {
		leave("related." + key)
	}
	leave("tags")
	r.Unknown = unknown
	return r
}
