package config

import "time"

// Leavers says how it is looked at what people leave behind.
type Leavers struct {
	Every time.Duration `yaml:"every"` // how often, while something is left of somebody; 0: never
	// Sessions is how long a session of a role may outlive what it came from: nobody can list sessions, and until then none is proved
	// to be over. AWS allows 12 hours (docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_update-role-settings.html); where no role and no
	// permission set has more than one hour, that is enough.
	Sessions time.Duration `yaml:"sessions"`
}

// maxSession is the longest that a session of a role lasts.
const maxSession = 12 * time.Hour

func (c Config) checkLeavers(p *problems) {
	l := c.Leavers
	if l.Every < 0 || l.Every > 0 && l.Every < time.Second {
		p.add("leavers.every", "%s: want 1s or more, such as 5m, or 0 for never", l.Every)
	}
	if l.Sessions < 0 || l.Sessions > maxSession {
		p.add("leavers.sessions", "%s: want 0 to %s", l.Sessions, maxSession)
	}
}
