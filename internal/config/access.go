package config

import "time"

// Access is who may do what, for expectations and rules that ask about it.
type Access struct {
	From []string      `yaml:"from"` // files and folders that jobzero access collect has written; none: nobody reads it, and it is not known
	Look time.Duration `yaml:"look"` // how often it is looked whether they have changed
	// Every is how often the house reads all of it from the accounts by itself, into a folder of its own; 0: never.
	Every time.Duration `yaml:"every"`
}

// Organization is the account through which the organisation is read; empty: none.
func (c Config) Organization() string {
	for _, a := range c.Accounts {
		if a.Organization {
			return a.ID
		}
	}
	return ""
}
