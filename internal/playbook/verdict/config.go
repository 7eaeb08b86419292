package verdict

import "jobzero/internal/fault"

// Mode says whether verdicts may close anything.
type Mode string

// The modes. In plan mode it is only said what would be closed.
const (
	Plan    Mode = "plan"
	Enforce Mode = "enforce"
)

// Config is the settings of verdicts.
type Config struct {
	Mode Mode `yaml:"mode"`
}

// DefaultConfig closes nothing.
func DefaultConfig() Config { return Config{Mode: Plan} }

// Validate names what is wrong.
func (c Config) Validate() error {
	if c.Mode != Plan && c.Mode != Enforce {
		return fault.New(fault.Invalid, "verdicts.mode: %q: use plan or enforce", c.Mode)
	}
	return nil
}
