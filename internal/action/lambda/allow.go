package lambda

import (
	"regexp"
	"slices"

	"jobzero/internal/fault"
)

// Allowed is a function that playbooks may invoke.
type Allowed struct {
	Name     string   `yaml:"name"`     // without account and region; begins with jobzero-
	Accounts []string `yaml:"accounts"` // in which; "*" for all
	Region   string   `yaml:"region"`   // empty: that of the finding
}

// allowedForm keeps the responder to functions that say by their name that they are meant for it.
var allowedForm = regexp.MustCompile(`^jobzero-[A-Za-z0-9_-]{1,56}$`)

// Validate names the first thing that is wrong, with its key.
func (a Allowed) Validate() error {
	switch {
	case !allowedForm.MatchString(a.Name):
		return fault.New(fault.Invalid, "name: %q: want a function's name that begins with jobzero-, as the responder may invoke no other", a.Name)
	case len(a.Accounts) == 0:
		return fault.New(fault.Invalid, "accounts: name those in which it may be invoked (\"*\" for all)")
	}
	return nil
}

// Find gives one by its name, as the settings have it.
func Find(all []Allowed, name string) (Allowed, error) {
	at := slices.IndexFunc(all, func(a Allowed) bool { return a.Name == name })
	if at < 0 {
		return Allowed{}, fault.New(fault.Invalid, "the settings do not let function %q be invoked: add it to functions", name)
	}
	return all[at], nil
}
