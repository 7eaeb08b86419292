package testmoto

import (
	_ "embed"
	"strings"
)

// restNames names the operations of the services that tell them by method and path only, as each service's API reference has them:
// service, method, path with * for a part that varies, operation.
//
//go:embed rest.txt
var restNames string

// rest is the operation of a method and path; empty when it is not known here.
func rest(service, method, path string) string {
	for line := range strings.Lines(restNames) {
		f := strings.Fields(line)
		if len(f) == 4 && f[0] == service && f[1] == method && fits(f[2], path) {
			return f[3]
		}
	}
	return ""
}

func fits(form, path string) bool {
	want, got := strings.Split(strings.Trim(form, "/"), "/"), strings.Split(strings.Trim(path, "/"), "/")
	if len(want) != len(got) {
		return false
	}
	for i := range want {
		if want[i] != "*" && want[i] != got[i] {
			return false
		}
	}
	return true
}
