package trail

import "fmt"

// Broken names what the tables have that there is not.
func Broken(action, key func(string) bool, kind func(service, kind string) bool) (out []string) {
	t := load()
	for event, list := range t.calls {
		for _, a := range list {
			if a != "-" && !action(a) {
				out = append(out, fmt.Sprintf("call %s: there is no action %s", event, a))
			}
		}
	}
	for event, list := range t.also {
		for _, a := range list {
			if !action(a.action) {
				out = append(out, fmt.Sprintf("also %s: there is no action %s", event, a.action))
			}
		}
	}
	for a, rows := range t.keys {
		if !action(a) {
			out = append(out, "keys: there is no action "+a)
		}
		for _, r := range rows {
			if !key(r.key) {
				out = append(out, "keys: there is no condition key "+r.key)
			}
		}
	}
	for name := range t.resources {
		var service, k string
		if _, err := fmt.Sscan(name, &service, &k); err != nil || !kind(service, k) {
			out = append(out, "resources: there is no type "+name)
		}
	}
	return out
}
