package console

import (
	"strings"
	"unicode"

	"jobzero/internal/fault"
)

// Config is how the console is.
type Config struct {
	Off bool `yaml:"off"` // there is none
	// Person is who works on the machine itself, by the ID of org.yaml, while nobody can sign in: what is done in the console is done in that
	// name. Empty: it is only for reading.
	Person string `yaml:"person"`
}

// Validate says what is wrong.
func (c Config) Validate() error {
	if strings.ContainsFunc(c.Person, func(r rune) bool { return unicode.IsControl(r) || unicode.IsSpace(r) }) {
		return fault.New(fault.Invalid, "console.person %q: want the ID of a person of org.yaml", c.Person)
	}
	return nil
}
