package playbook_test

import (
	"strings"
	"testing"

	"jobzero/internal/playbook"
)

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
