package playbooks_test

import "maps"

// scenes are those of each playbook. A playbook without one fails the test.
func scenes() map[string][]scene {
	out := map[string][]scene{}
	for _, some := range []map[string][]scene{buckets(), callers(), doors(), networks(), watchers(), leavers(), incidents()} {
		maps.Copy(out, some)
	}
	return out
}
