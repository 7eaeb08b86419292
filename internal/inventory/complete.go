package inventory

import (
	"slices"
	"strings"

	"jobzero/internal/resource"
	"jobzero/internal/resource/relation"
	"jobzero/internal/resource/schema"
)

// Complete names as unknown what the reader of a resource could not fill in: values that AWS never gives back, and relations that
// nobody looked for, since that is not the same as nothing. Relations that only add to what is judged anyway are left out.
func Complete(res *resource.Resource) {
	if t, ok := schema.Of(res.Type); ok {
		for _, path := range t.NeverGivenBack(res.Properties) {
			name(res, path, resource.NeverGivenBack)
		}
	}
	for _, r := range relation.Of(res.Type) {
		if _, there := res.Related[r.Name]; !there && !r.Extra {
			name(res, "related."+r.Name, resource.NotRead)
		}
	}
}

// Told takes back that nobody looked for a relation: somebody has now.
func Told(res *resource.Resource, relation string) {
	res.Unknown = slices.DeleteFunc(res.Unknown, func(u resource.Unknown) bool { return u.Path == "related."+relation && u.Cause == resource.NotRead })
}

// name says that a part is unknown, unless that is said already of it or of what holds it.
func name(res *resource.Resource, path, cause string) {
	for _, u := range res.Unknown {
		if u.Path == path || strings.HasPrefix(path, u.Path+".") || strings.HasPrefix(path, u.Path+"[") {
			return
		}
	}
	res.Unknown = append(res.Unknown, resource.Unknown{Path: path, Cause: cause})
}
