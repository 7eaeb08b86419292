package estate

import "jobzero/internal/resource"

// Forms gives the paths of the table of assets.
func Forms() map[resource.Type][]string {
	out := map[resource.Type][]string{}
	for t, f := range forms() {
		out[t] = append(append([]string{}, f.policies...), f.runs...)
	}
	return out
}
