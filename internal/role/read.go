package role

import (
	"maps"
	"slices"

	"jobzero/internal/gather"
	"jobzero/internal/inventory/builtin"
	"jobzero/internal/policy/names"
)

// wants collects who needs an action.
type wants map[string][]string

func (w wants) add(who string, actions ...string) {
	for _, a := range actions {
		if !slices.Contains(w[a], who) {
			w[a] = append(w[a], who)
		}
	}
}

// unknown reports whether AWS has no such action: the schemas of its types have a few misspelt ones, which no policy can allow.
func unknown(name string) bool {
	_, ok := names.Find(name)
	return !ok
}

// reads are what the reader may do. It reads everything of the account, whatever it is called, so that there is nothing to narrow: none of
// these actions gives what people keep.
func reads(o Options) []Grant {
	own, more := wants{}, wants{}
	native := map[string]bool{}
	for _, r := range builtin.Native() {
		native[string(r.Type())] = true
		own.add(string(r.Type()), r.Needs()...)
	}
	for _, t := range builtin.Tellers() {
		if into := own; native[string(t.Type())] {
			into.add(string(t.Type()), t.Needs()...)
		} else if o.CloudControl {
			more.add(string(t.Type()), t.Needs()...)
		}
	}
	own.add("access and leavers", gather.Needs()...)
	for _, i := range o.Planned {
		own.add(i.ID, i.Reads...)
	}
	if o.CloudControl {
		for _, r := range builtin.Readers() {
			if !native[string(r.Type())] {
				more.add(string(r.Type()), slices.DeleteFunc(r.Needs(), unknown)...)
			}
		}
	}
	var out []Grant
	for part, w := range []wants{own, more} {
		for _, a := range slices.Sorted(maps.Keys(w)) {
			if part == 0 || own[a] == nil {
				out = append(out, Grant{Action: a, Resources: []string{"*"}, For: w[a], part: part})
			}
		}
	}
	return out
}
