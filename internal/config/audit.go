package config

import "time"

// Audit says how our own log is held against what others say, and where its head is kept.
type Audit struct {
	After time.Duration `yaml:"after"` // how long a call of ours that CloudTrail tells of waits for our own log before it counts as somebody else's
}

const minAuditAfter, maxAuditAfter = time.Second, 24 * time.Hour

func (c Config) checkAudit(p *problems) {
	if a := c.Audit.After; a < minAuditAfter || a > maxAuditAfter {
		p.add("audit.after", "%s: want %s to %s", a, minAuditAfter, maxAuditAfter)
	}
}
