package expect

import (
	"io/fs"
	"path"
	"testing"

	"jobzero/content"
	"jobzero/internal/doc"
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
