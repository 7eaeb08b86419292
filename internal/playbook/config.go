package playbook

import (
	"fmt"
	"time"

	"jobzero/internal/expr"
	"jobzero/internal/fault"
	"jobzero/internal/playbook/book"
)

// Config says what automation may do. Its zero value, after Fill, plans and never acts.
type Config struct {
	Mode    Mode          `yaml:"mode"`    // plan (default) or enforce, where no switch says otherwise
	Enforce []Switch      `yaml:"enforce"` // where playbooks may act
	Limits  Limits        `yaml:"limits"`
	Settle  time.Duration `yaml:"settle"`  // how long fresh reads must agree before a ticket closes
	Reads   int           `yaml:"reads"`   // how many fresh reads in that time, at the least
	GiveUp  time.Duration `yaml:"give_up"` // how long after the effect a person gets what does not verify
	Loop    Loop          `yaml:"loop"`
	Freeze  []string      `yaml:"freeze"` // iCalendar files: while one of their events lasts, only playbooks that contain change anything
	Canary  bool          `yaml:"canary"` // a new version of a playbook has to be verified once in an account before it goes on there
	// Crown is CEL, with the words of playbooks' conditions: what is true of it is a crown jewel, for which a part of the limits is kept.
	Crown string `yaml:"crown"`
}

// Switch turns enforcement on for a playbook in some accounts; "*" means all.
type Switch struct {
	Playbook string   `yaml:"playbook"`
	Accounts []string `yaml:"accounts"`
}

// Limits bound effects of one playbook in one account.
type Limits struct {
	Run    int `yaml:"run"`
	Minute int `yaml:"minute"`
	Day    int `yaml:"day"`
	// Share is the part of the resources of one type in an account that may be changed in a day, once it is more than a few; 0: any.
	Share float64 `yaml:"share"`
	// Reserve is the part of the minute's and the day's limit that is kept for crown jewels.
	Reserve float64 `yaml:"reserve"`
}

// Loop says when repairing the same thing again is a tug of war.
type Loop struct {
	Times  int           `yaml:"times"`
	Within time.Duration `yaml:"within"`
}

// DefaultConfig is what an empty file means.
func DefaultConfig() Config {
	return Config{
		Mode:   PlanOnly,
		Limits: Limits{Run: 10, Minute: 20, Day: 200, Share: 0.25, Reserve: 0.2},
		Canary: true,
		Settle: 30 * time.Second, Reads: 3, GiveUp: 5 * time.Minute,
		Loop: Loop{Times: 3, Within: time.Hour},
	}
}

// Validate names the first thing that is wrong.
func (c Config) Validate() error {
	switch {
	case c.Mode != PlanOnly && c.Mode != Enforce:
		return fault.New(fault.Invalid, "playbooks.mode: %q: use plan or enforce", c.Mode)
	case c.Limits.Run < 1 || c.Limits.Minute < 1 || c.Limits.Day < 1:
		return fault.New(fault.Invalid, "playbooks.limits: run, minute and day must each be 1 or more; to stop acting, use mode plan")
	case c.Limits.Share < 0 || c.Limits.Share > 1 || c.Limits.Reserve < 0 || c.Limits.Reserve >= 1:
		return fault.New(fault.Invalid, "playbooks.limits: share must be 0 to 1, and reserve 0 or more and less than 1")
	case c.Settle < 0 || c.GiveUp < c.Settle:
		return fault.New(fault.Invalid, "playbooks.give_up: %s: must be at least settle (%s)", c.GiveUp, c.Settle)
	case c.Reads < 1:
		return fault.New(fault.Invalid, "playbooks.reads: %d: at least one fresh read is needed to close a ticket", c.Reads)
	case c.Loop.Times < 2 || c.Loop.Within <= 0:
		return fault.New(fault.Invalid, "playbooks.loop: times must be 2 or more and within a duration such as 1h")
	}
	if c.Crown != "" {
		if _, err := book.Compile(expr.Place{File: "playbooks.crown", Line: 1, Col: 1}, c.Crown); err != nil {
			return err
		}
	}
	for i, s := range c.Enforce {
		if s.Playbook == "" || len(s.Accounts) == 0 {
			return fault.New(fault.Invalid, "playbooks.enforce[%d]: needs a playbook and its accounts (\"*\" for all)", i)
		}
	}
	return nil
}

// ModeFor is the mode of a playbook in an account.
func (c Config) ModeFor(playbook, account string) Mode {
	for _, s := range c.Enforce {
		if s.Playbook != "*" && s.Playbook != playbook {
			continue
		}
		for _, a := range s.Accounts {
			if a == "*" || a == account {
				return Enforce
			}
		}
	}
	return c.Mode
}

// pace is how long to wait between two fresh reads.
func (c Config) pace() time.Duration {
	return max(c.Settle/time.Duration(c.Reads), 100*time.Millisecond)
}

func (l Limits) String() string {
	return fmt.Sprintf("%d a run, %d a minute, %d a day", l.Run, l.Minute, l.Day)
}
