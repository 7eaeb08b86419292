package ec2

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestRuleContains(t *testing.T) {
	for name, c := range map[string]struct {
		rule  rule
		ports string
		want  bool
	}{
		"the port":           {rule{Protocol: "tcp", From: 22, To: 22}, "22", true},
		"a range around it":  {rule{Protocol: "tcp", From: 0, To: 65535}, "22", true},
		"its lower end":      {rule{Protocol: "tcp", From: 22, To: 30}, "22", true},
		"its upper end":      {rule{Protocol: "tcp", From: 20, To: 22}, "22", true},
		"just below":         {rule{Protocol: "tcp", From: 20, To: 21}, "22", false},
		"just above":         {rule{Protocol: "tcp", From: 23, To: 80}, "22", false},
		"overlapping ranges": {rule{Protocol: "udp", From: 5905, To: 6000}, "22,5900-5910", true},
		"by number":          {rule{Protocol: "6", From: 22, To: 22}, "22", true},
		"all traffic":        {rule{Protocol: "-1", From: -1, To: -1}, "22", true},
		"all TCP":            {rule{Protocol: "tcp", From: -1, To: -1}, "22", true},
		"ping":               {rule{Protocol: "icmp", From: 8, To: -1}, "8", false},
		"the default":        {rule{Protocol: "tcp", From: 3389, To: 3389}, "", true},
	} {
		t.Run(name, func(t *testing.T) {
			ports, err := spans(c.ports)
			if err != nil {
				t.Fatal(err)
			}
			if got := c.rule.contains(ports); got != c.want {
				t.Errorf("got %t", got)
			}
		})
	}
}

func TestWorld(t *testing.T) {
	got := map[string]bool{}
	for _, c := range []string{
		"0.0.0.0/0", "::/0", "0:0:0:0:0:0:0:0/0", "198.51.100.9/0", "0.0.0.0/1", "128.0.0.0/1", "8000::/1", "64.0.0.0/7", "2000::/15",
		"10.0.0.0/8", "2001::/16", "203.0.113.0/24", "", "sg-1",
	} {
		got[c] = world(c)
	}
	want := map[string]bool{
		"0.0.0.0/0": true, "::/0": true, "0:0:0:0:0:0:0:0/0": true, "198.51.100.9/0": true,
		"0.0.0.0/1": true, "128.0.0.0/1": true, "8000::/1": true, "64.0.0.0/7": true, "2000::/15": true,
		"10.0.0.0/8": false, "2001::/16": false, "203.0.113.0/24": false, "": false, "sg-1": false,
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}
