package action

import (
	"slices"
	"strings"

	"jobzero/internal/awsorg"
	"jobzero/internal/effect"
)

// noted adds to a result what was on the wire: each attempt of a writing call, with what it was planned for.
func noted(res effect.Result, tape *awsorg.Tape, t effect.Target, calls []effect.Call) effect.Result {
	res.Reads = tape.Reads()
	for _, a := range tape.Attempts() {
		res.Made = append(res.Made, effect.Made{
			API: a.API, Account: t.Ref.Account, Region: a.Region, Resource: plannedFor(a.API, t, calls), At: a.At, Request: a.Request, Error: a.Error,
		})
	}
	return res
}

// plannedFor is the resource of the planned call that an API call is. Most operations are called like the permission that they need; where
// not, all calls of the service may be about one resource; else it is what the action was done to.
func plannedFor(api string, t effect.Target, calls []effect.Call) string {
	service, _, _ := strings.Cut(api, ":")
	var of []string
	for _, c := range calls {
		if strings.EqualFold(c.Permission, api) {
			return c.Resource
		}
		if prefix, _, _ := strings.Cut(c.Permission, ":"); prefix == service && !slices.Contains(of, c.Resource) {
			of = append(of, c.Resource)
		}
	}
	if len(of) == 1 {
		return of[0]
	}
	return t.Ref.Key()
}
