package inventory

import (
	"slices"

	"jobzero/internal/resource"
	"jobzero/internal/resource/relation"
)

// Unrelated names the relations of a resource that its reader did not fill in as unknown: what nobody looked for is not the same as
// nothing. Those that only add to what is judged anyway are left out.
func Unrelated(res *resource.Resource) {
	for _, r := range relation.Of(res.Type) {
		path := "related." + r.Name
		if _, there := res.Related[r.Name]; there || r.Extra {
			continue
		}
		if !slices.ContainsFunc(res.Unknown, func(u resource.Unknown) bool { return u.Path == path }) {
			res.Unknown = append(res.Unknown, resource.Unknown{Path: path, Cause: "it is not read of the live account"})
		}
	}
}
