package actiontest

import (
	"regexp"
	"testing"

	"jobzero/internal/action"
	"jobzero/internal/effect"
	"jobzero/internal/policy"
	"jobzero/internal/policy/names"
)

var variable = regexp.MustCompile(`\$\{[^}]*\}`)

// shaped checks that a session that is narrowed to what a call asks for would be let through: each permission is on a resource of every type
// that AWS says it is always about, and one that is about no resource on all.
func shaped(t *testing.T, c effect.Call) {
	t.Helper()
	on := map[string][]string{}
	for _, n := range action.Permissions([]effect.Call{c}) {
		on[n.Action] = append(on[n.Action], n.Resource)
	}
	for permission, resources := range on {
		known, ok := names.Find(permission)
		if !ok {
			t.Errorf("AWS knows no permission %q", permission)
			continue
		}
		if len(known.About) == 0 && (len(resources) != 1 || resources[0] != action.Everything) {
			t.Errorf("%s is about no resource: it is refused on %q, and let through on %q only", permission, resources, action.Everything)
		}
		for _, about := range known.About {
			if about.Always && !covered(resources, about.ARN) {
				t.Errorf("%s on %q: it is about a %s too, %s", permission, resources, about.Type, about.ARN)
			}
		}
	}
}

func covered(resources []string, form string) bool {
	want := policy.ReadPattern(variable.ReplaceAllString(form, "*"))
	for _, r := range resources {
		if policy.ReadPattern(r).Meets(want) {
			return true
		}
	}
	return false
}
