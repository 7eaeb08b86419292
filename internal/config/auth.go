package config

import (
	"net"

	"jobzero/internal/auth"
)

// checkAuth looks at how people sign in. Until they can, the door is for this machine alone: who is on it has the shell, and so all that a
// one-time link could give.
func (c Config) checkAuth(p *problems) {
	if err := c.Auth.Validate(); err != nil {
		p.room("auth", err)
	}
	if _, _, err := net.SplitHostPort(c.Listen); err == nil && !c.Auth.Ready() && !auth.Loopback(c.Listen) {
		p.add("listen", "%q is reached from other machines, and nobody can sign in yet: set auth.oidc (docs/how-to/sign-in.md), or listen on 127.0.0.1", c.Listen)
	}
}
