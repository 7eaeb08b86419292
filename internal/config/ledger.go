package config

// Ledger says what is kept of who did what.
type Ledger struct {
	Days   int `yaml:"days"`   // how long it is told; 0: nothing is kept
	Leaves int `yaml:"leaves"` // resources of a kind that one principal touched by one action and that are told one by one
}

const (
	mostDays   = 10 * 366
	mostLeaves = 10_000
)

func (c Config) checkLedger(p *problems) {
	if l := c.Ledger; l.Days < 0 || l.Days > mostDays {
		p.add("ledger.days", "%d: want how many days are kept, at most %d; 0 keeps nothing", l.Days, mostDays)
	}
	if l := c.Ledger; l.Leaves < 1 || l.Leaves > mostLeaves {
		p.add("ledger.leaves", "%d: want how many resources are told one by one, 1 to %d", l.Leaves, mostLeaves)
	}
}
