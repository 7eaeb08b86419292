package estate

import (
	"strings"

	"jobzero/internal/resource"
)

// profileOf is how an instance profile is known: by its account and name; the ARN has its path too.
func profileOf(account, name string) string { return "profile " + account + " " + lastOf(name) }

// roleOf is the ARN or the name of the role of an instance profile; it has one at most.
func roleOf(r resource.Resource) string {
	list, _ := r.Properties["Roles"].([]any)
	for _, v := range list {
		if name, _ := v.(string); name != "" {
			return name
		}
	}
	beside, _ := r.Related["roles"].([]any) // of a text, where the name is not known and what it is is
	for _, v := range beside {
		m, _ := v.(map[string]any)
		if name, _ := m["RoleName"].(string); name != "" {
			return name
		}
	}
	return ""
}

// settleRuns gives what runs the ARN of its role, where it was told by a name or by a profile.
func (e *Estate) settleRuns() {
	for _, a := range e.assets {
		if strings.Contains(a.Runs, ":instance-profile/") {
			a.Runs = profileOf(a.Account, a.Runs)
		}
		if strings.HasPrefix(a.Runs, "profile ") {
			a.Runs = e.profiles[a.Runs]
		}
		if _, there := e.holders[a.Runs]; there || a.Runs == "" {
			continue
		}
		if h, ok := e.roles[groupOf(a.Account, lastOf(a.Runs))]; ok {
			a.Runs = h.ARN
		}
	}
}
