package cli_test

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"jobzero/internal/cli"
)

// TestTheExampleOfTheHowToHolds checks and plays what docs/how-to/write-a-playbook.md shows.
func TestTheExampleOfTheHowToHolds(t *testing.T) {
	page, err := os.ReadFile("../../docs/how-to/write-a-playbook.md")
	if err != nil {
		t.Fatal(err)
	}
	book := regexp.MustCompile("(?s)```yaml\n(.*?)```").FindSubmatch(page)
	cases := regexp.MustCompile("(?s)```\n(-- .*?)```").FindSubmatch(page)
	if book == nil || cases == nil {
		t.Fatal("the page shows no playbook or no .test file")
	}
	dir := t.TempDir()
	for name, text := range map[string][]byte{"contain-user.yml": book[1], "contain-user.test": cases[1]} {
		if err := os.WriteFile(filepath.Join(dir, name), text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, args := range [][]string{{"playbook", "check", dir}, {"test", dir}} {
		var out bytes.Buffer
		if code := cli.Main(t.Context(), args, &bytes.Buffer{}, &out, &out); code != 0 {
			t.Errorf("%v: exit code %d\n%s", args, code, out.String())
		}
	}
}
