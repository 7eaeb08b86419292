package ssm

import (
	"regexp"
	"slices"
	"strings"

	"jobzero/internal/fault"
)

// Allowed is an Automation document that playbooks may run.
type Allowed struct {
	Name     string   `yaml:"name"`     // of a document of the account itself
	Version  string   `yaml:"version"`  // a number; empty: the default version
	Accounts []string `yaml:"accounts"` // in which; "*" for all
	Region   string   `yaml:"region"`   // empty: that of the finding
	// Role is what the document works as, a role of the account below the path /jobzero-automation/. Without one it would work as the
	// responder, which may do nothing but begin it.
	Role string `yaml:"role"`
}

// rolePath is where the roles of documents stand: the responder may hand on no other.
const rolePath = "jobzero-automation/"

var (
	documentForm = regexp.MustCompile(`^[A-Za-z0-9_.-]{3,128}$`) // docs.aws.amazon.com/systems-manager/latest/APIReference/API_StartAutomationExecution.html
	roleForm     = regexp.MustCompile(`^[\w+=,.@-]{1,64}$`)
	versionForm  = regexp.MustCompile(`^[1-9][0-9]*$`)
)

// Validate names the first thing that is wrong, with its key.
func (a Allowed) Validate() error {
	lower := strings.ToLower(a.Name)
	switch {
	case !documentForm.MatchString(a.Name):
		return fault.New(fault.Invalid, "name: %q: want the name of a document of the account", a.Name)
	case strings.HasPrefix(lower, "aws-") || strings.HasPrefix(lower, "amazon-") || strings.HasPrefix(lower, "awssupport-"):
		return fault.New(fault.Invalid, "name: %q is AWS's own, and in no account to which a role can be narrowed: name one of yours, which runs it with aws:executeAutomation", a.Name)
	case a.Version != "" && !versionForm.MatchString(a.Version):
		return fault.New(fault.Invalid, "version: %q: want a number, or nothing for the default version", a.Version)
	case !roleForm.MatchString(a.Role):
		return fault.New(fault.Invalid, "role: %q: want the name of a role below /%s, as which the document works", a.Role, rolePath)
	case len(a.Accounts) == 0:
		return fault.New(fault.Invalid, "accounts: name those in which it may be run (\"*\" for all)")
	}
	return nil
}

// Find gives one by its name, as the settings have it.
func Find(all []Allowed, name string) (Allowed, error) {
	at := slices.IndexFunc(all, func(a Allowed) bool { return a.Name == name })
	if at < 0 {
		return Allowed{}, fault.New(fault.Invalid, "the settings do not let document %q be run: add it to documents", name)
	}
	return all[at], nil
}
