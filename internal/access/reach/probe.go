package reach

import (
	_ "embed"
	"fmt"
	"slices"
	"strings"
	"sync"

	"jobzero/internal/access/estate"
	"jobzero/internal/policy"
	"jobzero/internal/policy/names"
	"jobzero/internal/resource"
)

//go:embed data.txt
var dataText string

// level is what can be done with a resource: the low bits for certain, those above perhaps.
type level uint8

// The bits, each more than the one before.
const (
	sees     level = 1 << iota // its settings
	reads                      // its data
	changes                    // it or its data
	controls                   // who may do what with it
	perhaps  = 4               // bits above
	wholly   = sees | reads | changes | controls
)

// telling is what reads the data of a type.
type telling struct {
	suffix  string
	actions []string
	writes  []string // of what lies in it
}

// tells panics when the table is broken: it is part of the program, and a test reads all of it.
var tells = sync.OnceValue(func() map[resource.Type]telling {
	out := map[resource.Type]telling{}
	for line := range strings.Lines(dataText) {
		f := strings.Fields(line)
		if len(f) == 0 || f[0] == "#" {
			continue
		}
		t := telling{suffix: strings.TrimSuffix(strings.TrimPrefix(f[1], "-"), "*"), actions: f[2:]}
		if bar := slices.Index(t.actions, "|"); bar >= 0 {
			t.actions, t.writes = t.actions[:bar], t.actions[bar+1:]
		}
		for _, a := range slices.Concat(t.actions, t.writes) {
			if _, ok := names.Find(a); !ok {
				panic(fmt.Sprintf("data.txt: there is no action %s", a))
			}
		}
		out[resource.Type(f[0])] = t
	}
	return out
})

// probe is an action that tells of a bit.
type probe struct {
	action, small string
	inside        string // what is behind the resource's ARN: the action is about what lies in it
	bit           level
}

// bits are what an action of a level tells.
var bits = map[names.Level]level{names.List: sees, names.Read: sees, names.Write: changes, names.Permissions: controls}

// probesOf are the actions that are about resources like one, by what they tell. Those that read data come from the table, where it has the type.
func probesOf(x *estate.Asset) []probe {
	parts := strings.SplitN(x.ARN, ":", 6)
	if len(parts) != 6 {
		return nil
	}
	var out []probe
	data, known := tells()[x.Type]
	for _, a := range data.actions {
		out = append(out, probe{a, strings.ToLower(a), data.suffix, reads})
	}
	for _, a := range data.writes {
		found, _ := names.Find(a)
		out = append(out, probe{a, strings.ToLower(a), data.suffix, bits[found.Level]})
	}
	s, ok := names.Of(parts[2])
	if !ok {
		return out
	}
	for _, action := range sortedActions(s) {
		for _, t := range action.About {
			if t.ARN == "" || !policy.Like(anyOf(t.ARN), x.ARN) || broader(s, t, x.ARN) {
				continue
			}
			bit := bits[action.Level]
			if action.Level == names.Read && !known {
				bit |= reads
			}
			if bit != 0 {
				out = append(out, probe{action.Name, strings.ToLower(action.Name), "", bit})
			}
			break
		}
	}
	return out
}

// broader reports whether another type of the service fits an ARN more closely: tables and their indexes, buckets and their objects.
func broader(s *names.Service, t names.About, arn string) bool {
	for _, form := range s.Types {
		if len(fixed(form)) > len(fixed(t.ARN)) && policy.Like(anyOf(form), arn) {
			return true
		}
	}
	return strings.HasPrefix(arn, "arn:aws:s3:::") && strings.Contains(t.ARN, "/") != strings.Contains(arn, "/")
}

func sortedActions(s *names.Service) (out []*names.Action) {
	for _, a := range s.Actions {
		out = append(out, a)
	}
	slices.SortFunc(out, func(a, b *names.Action) int { return strings.Compare(a.Name, b.Name) })
	return out
}

// anyOf is a form with a star for each of its variables; fixed is what is left without them.
func anyOf(form string) string { return variables(form, "*") }
func fixed(form string) string { return variables(form, "") }

func variables(form, with string) string {
	var out strings.Builder
	for {
		before, rest, ok := strings.Cut(form, "${")
		out.WriteString(before)
		if !ok {
			return out.String()
		}
		out.WriteString(with)
		_, form, _ = strings.Cut(rest, "}")
	}
}
