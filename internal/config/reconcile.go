package config

import "time"

// Reconcile says how the two ways in which CloudTrail's events come are held against each other.
type Reconcile struct {
	After   time.Duration `yaml:"after"`   // how long one way waits for the other before an event counts as missing; 0: they are not compared
	Missed  float64       `yaml:"missed"`  // share of a day's events that EventBridge may miss before it is told
	Silence time.Duration `yaml:"silence"` // how long a way of an account may bring nothing; 0: silence is not told
}

// What after and silence may be. S3 has nearly everything within a quarter of an hour; and what waits is kept.
const (
	minAfter, maxAfter     = 30 * time.Minute, 7 * 24 * time.Hour
	minSilence, maxSilence = time.Hour, 14 * 24 * time.Hour
)

// Compares reports whether the two ways are held against each other: both must be there for it.
func (c Config) Compares() bool {
	return c.Reconcile.After > 0 && len(c.Sources.EventBridge) > 0 && len(c.Sources.S3) > 0
}

func (c Config) checkReconcile(p *problems) {
	r := c.Reconcile
	if r.After != 0 && (r.After < minAfter || r.After > maxAfter) {
		p.add("reconcile.after", "%s: want %s to %s, or 0 to compare nothing", r.After, minAfter, maxAfter)
	}
	if !(r.Missed >= 0 && r.Missed < 1) {
		p.add("reconcile.missed", "%g: want a share of 0 to less than 1, such as 0.1", r.Missed)
	}
	if r.Silence != 0 && (r.Silence < minSilence || r.Silence > maxSilence) {
		p.add("reconcile.silence", "%s: want %s to %s, or 0 to say nothing of silence", r.Silence, minSilence, maxSilence)
	}
}
