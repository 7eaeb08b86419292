package file

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestInTime: files come in the order of their delivery, whatever folder they are in; those that tell no time come first.
func TestInTime(t *testing.T) {
	dir := t.TempDir()
	name := func(account, region, at string) string {
		return account + "/" + region + "/" + account + "_CloudTrail_" + region + "_" + at + "_aB3dE6gH9jK2mN5p.json"
	}
	put(t, dir, name("111122223333", "eu-central-1", "20261119T0010Z"), []byte(records(3)))
	put(t, dir, name("111122223333", "us-east-1", "20261119T0005Z"), []byte(records(2)))
	put(t, dir, name("444455556666", "eu-central-1", "20261120T0000Z"), []byte(records(5)))
	put(t, dir, name("444455556666", "us-east-1", "20261119T2355Z"), []byte(records(4)))
	put(t, dir, "zz/export.json", []byte(records(1)))
	all, _, _ := spreadOver(t, Options{InTime: true}, 100, dir)
	if d := cmp.Diff([]string{"e-1", "e-2", "e-3", "e-4", "e-5"}, all.ids); d != "" {
		t.Errorf("order (-want +got):\n%s", d)
	}
	if all, _, _ := spreadOver(t, Options{}, 100, dir); all.ids[0] != "e-3" {
		t.Errorf("without asking the order is %q", all.ids)
	}
}
