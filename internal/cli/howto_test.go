package cli_test

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"jobzero/internal/cli"
	"jobzero/internal/org"
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

// TestTheVerdictOfTheHowToHolds plays what docs/how-to/verdicts.md shows.
func TestTheVerdictOfTheHowToHolds(t *testing.T) {
	page, err := os.ReadFile("../../docs/how-to/verdicts.md")
	if err != nil {
		t.Fatal(err)
	}
	text := regexp.MustCompile("(?s)```yaml\n(id: .*?)```").FindSubmatch(page)
	cases := regexp.MustCompile("(?s)```\n(-- .*?)```").FindSubmatch(page)
	people := regexp.MustCompile("(?s)```yaml\n(tools:.*?)```").FindSubmatch(page)
	if text == nil || cases == nil || people == nil {
		t.Fatal("the page shows no verdict, no .test file or no tools")
	}
	dir := t.TempDir()
	for name, text := range map[string][]byte{"night.yml": text[1], "night.test": cases[1]} {
		if err := os.WriteFile(filepath.Join(dir, name), text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	var out bytes.Buffer
	if code := cli.Main(t.Context(), []string{"test", dir}, &bytes.Buffer{}, &out, &out); code != 0 {
		t.Errorf("exit code %d\n%s", code, out.String())
	}
	whole := "people: [{id: alex}]\nteams: [{name: platform}, {name: shop}]\n" + string(people[1])
	if _, err := org.Parse("org.yaml", []byte(whole)); err != nil {
		t.Error(err)
	}
}
