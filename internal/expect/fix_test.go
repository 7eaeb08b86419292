package expect

import (
	"io/fs"
	"path"
	"testing"

	"github.com/google/go-cmp/cmp"

	"jobzero/content"
	"jobzero/internal/doc"
	"jobzero/internal/resource"
)

// TestFixes tries the fix of every case that fails in the content: what is given makes the verdict a pass. Most of what a template can
// say right has to be fixed without a person.
func TestFixes(t *testing.T) {
	files, err := fs.Glob(content.FS(), "expectations/*.test")
	if err != nil {
		t.Fatal(err)
	}
	fails, fixed := 0, 0
	for _, file := range files {
		e, err := beside(content.FS(), file)
		if err != nil {
			t.Fatal(err)
		}
		data, _ := fs.ReadFile(content.FS(), file)
		archive, err := doc.Archive(file, data)
		if err != nil {
			t.Fatal(err)
		}
		any := false
		for _, f := range archive.Files {
			if path.Dir(f.Name) != "fail" {
				continue
			}
			c, facts, err := readCase(f)
			if err != nil {
				t.Fatal(err)
			}
			fails++
			changes := e.Fix(c.Resource, facts)
			if changes == nil {
				continue
			}
			fixed++
			any = true
			after, ok := with(c.Resource, changes)
			if v := e.Check(after, facts); !ok || v.Result != Pass {
				t.Errorf("%s %s: after %v it is %s: %s", file, f.Name, changes, v.Result, v.Why)
			}
		}
		if !any && testing.Verbose() {
			t.Logf("by hand: %s", e.ID)
		}
	}
	t.Logf("%d of %d cases that fail are fixed", fixed, fails)
}

// TestFixIsSmall: of a block that stands there in part, only what is missing or wrong is changed.
func TestFixIsSmall(t *testing.T) {
	set, errs := Load(content.FS(), "expectations")
	if len(errs) > 0 {
		t.Fatal(errs)
	}
	e, ok := set.One("s3-bucket-public-access-block")
	if !ok {
		t.Fatal("there is no such expectation")
	}
	r := resource.Resource{Ref: resource.Ref{Type: "AWS::S3::Bucket", ID: "b"}, Properties: map[string]any{
		"PublicAccessBlockConfiguration": map[string]any{"BlockPublicAcls": true, "BlockPublicPolicy": false, "RestrictPublicBuckets": true},
	}}
	want := []Change{
		{[]string{"PublicAccessBlockConfiguration", "BlockPublicPolicy"}, true},
		{[]string{"PublicAccessBlockConfiguration", "IgnorePublicAcls"}, true},
	}
	if d := cmp.Diff(want, e.Fix(r, Facts{})); d != "" {
		t.Error(d)
	}
	r.Properties = map[string]any{}
	if got := e.Fix(r, Facts{}); len(got) != 1 || len(got[0].Path) != 1 {
		t.Errorf("of a bucket without a block: %v, want the block as one change", got)
	}
}
