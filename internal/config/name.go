package config

import (
	"net/url"
	"strings"
)

// DatabaseName is where the database is, without user and password, to be shown.
func (c Config) DatabaseName() string { return shown(c.DatabaseURL().Reveal()) }

// BusName is where the bus is, without user and password, to be shown.
func (c Config) BusName() string {
	parts := strings.Split(c.Bus.Reveal(), ",")
	for i := range parts {
		parts[i] = shown(strings.TrimSpace(parts[i]))
	}
	return strings.Join(parts, ",")
}

// shown leaves out what may be secret: the user's part and the query, where some drivers take a password.
func shown(address string) string {
	if address == Embedded || strings.HasPrefix(address, "sqlite://") {
		return address
	}
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		return "(not shown)"
	}
	return u.Scheme + "://" + u.Host + u.Path
}
