package estate

import (
	_ "embed"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"

	"jobzero/internal/resource"
)

//go:embed assets.txt
var assetsText string

// form is how a resource of a type is an asset.
type form struct {
	arn            string // see assets.txt; empty: the identifier is the ARN
	policies, runs []string
}

// forms panics when the table is broken: it is part of the program, and a test reads all of it.
var forms = sync.OnceValue(func() map[resource.Type]form {
	out := map[resource.Type]form{}
	for line := range strings.Lines(assetsText) {
		fields := strings.Fields(line)
		if len(fields) == 0 || fields[0] == "#" {
			continue
		}
		var f form
		for i, word := range fields[1:] {
			paths, isPolicy := strings.CutPrefix(word, "policy=")
			roles, isRole := strings.CutPrefix(word, "runs=")
			switch {
			case i == 0:
				f.arn = strings.TrimPrefix(word, "-")
			case isPolicy:
				f.policies = strings.Split(paths, "|")
			case isRole:
				f.runs = strings.Split(roles, "|")
			default:
				panic(fmt.Sprintf("assets.txt: %s: what is %s?", fields[0], word))
			}
		}
		out[resource.Type(fields[0])] = f
	}
	return out
})

// Types are those that make assets by a form of their own, sorted: what has policies, data or code.
func Types() []resource.Type {
	return slices.Sorted(maps.Keys(forms()))
}

// Beside are types of which the settings have a say in who may reach the others.
func Beside() []resource.Type { return []resource.Type{resource.AccountPublicAccess} }

// arnOf is the ARN of a resource: what was read, or what its type's is made of; empty where neither says.
func arnOf(r resource.Resource) string {
	if r.ARN != "" {
		return r.ARN
	}
	if own, _ := r.Properties["Arn"].(string); strings.HasPrefix(own, "arn:") {
		return own
	}
	if strings.HasPrefix(r.ID, "arn:") {
		return r.ID
	}
	f := forms()[r.Type]
	if f.arn == "" {
		return ""
	}
	name := r.ID
	if before, rest, ok := strings.Cut(f.arn, "{"); ok {
		key, _, _ := strings.Cut(rest, "}")
		if name, _ = r.Properties[key].(string); name == "" {
			return ""
		}
		return "arn:aws:" + placed(before, r) + name
	}
	form, _ := strings.CutSuffix(f.arn, "I")
	return "arn:aws:" + placed(form, r) + name
}

// placed puts the region and the account into what stands before a name.
func placed(form string, r resource.Resource) string {
	fields := strings.Split(form, ":")
	for i, f := range fields {
		switch f {
		case "R":
			fields[i] = r.Region
		case "A":
			fields[i] = r.Account
		}
	}
	return strings.Join(fields, ":")
}
