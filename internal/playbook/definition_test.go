package playbook_test

import (
	"strings"
	"testing"
	"testing/fstest"

	"jobzero/internal/playbook"
)

func TestBadDefinitionsSayWhereAndWhat(t *testing.T) {
	for name, tc := range map[string]struct{ from, to, want string }{
		"unknown key":        {"title:", "titel:", "bad.yml:2:1: "},
		"no trigger":         {"[not-public]", "[]", "when: name the expectations or rules"},
		"rule without proof": {"expectations: [not-public]", "rules: [abc]", "settled, settled_by: a playbook for rules needs one"},
		"same step twice":    {"id: block", "id: policy", `steps[1]: id "policy" must be unique`},
		"slash in a step":    {"id: block", "id: a/b", "hold no slash"},
		"no action":          {"action: s3.block-public-access", "params: {}", "steps[1]: id and action are both needed"},
	} {
		_, err := playbook.Parse("bad.yml", []byte(strings.Replace(definition, tc.from, tc.to, 1)))
		if err == nil || !strings.Contains(err.Error(), tc.want) || !strings.HasPrefix(err.Error(), "bad.yml") {
			t.Errorf("%s: got %v, want %q", name, err, tc.want)
		}
	}
}

func TestABadPlaybookDoesNotStopTheOthers(t *testing.T) {
	all, bad := playbook.Load(fstest.MapFS{
		"p/a.yml": {Data: []byte(definition)}, "p/b.yml": {Data: []byte("id: [")}, "p/c.yml": {Data: []byte(definition)},
	}, "p")
	if len(all) != 1 || len(bad) != 2 || !strings.Contains(bad[1].Error(), `p/c.yml: id "close-bucket" is taken by p/a.yml`) {
		t.Errorf("got %d playbooks and %v", len(all), bad)
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(definition))
	f.Add([]byte("id: x\nsteps: [{}]\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		d, err := playbook.Parse("fuzz.yml", text)
		if err == nil && (d.ID == "" || len(d.Steps) == 0) {
			t.Errorf("accepted without an id or steps: %+v", d)
		}
	})
}

func TestConfigRefusesWhatCannotWork(t *testing.T) {
	if err := playbook.DefaultConfig().Validate(); err != nil {
		t.Errorf("the defaults: %v", err)
	}
	for name, change := range map[string]func(*playbook.Config){
		"mode":    func(c *playbook.Config) { c.Mode = "act" },
		"limits":  func(c *playbook.Config) { c.Limits.Day = 0 },
		"reads":   func(c *playbook.Config) { c.Reads = 0 },
		"give_up": func(c *playbook.Config) { c.GiveUp = c.Settle / 2 },
		"loop":    func(c *playbook.Config) { c.Loop.Times = 1 },
		"enforce": func(c *playbook.Config) { c.Enforce = []playbook.Switch{{Playbook: "x"}} },
	} {
		c := playbook.DefaultConfig()
		change(&c)
		if err := c.Validate(); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s: got %v", name, err)
		}
	}
}
