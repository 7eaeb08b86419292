package inventory

import (
	"context"
	"maps"
	"slices"
	"strings"
	"sync"

	"golang.org/x/sync/errgroup"

	"jobzero/internal/awsorg"
	"jobzero/internal/fault"
	"jobzero/internal/resource"
)

// Found is what one call has found of a resource. Absent says that the API itself said that there is none.
type Found struct {
	Value  any
	Absent bool
}

// Part is one call's share of a resource. Path is where its value goes: properties.X, related.x or tags.
// Read returns nil as the value when the API answered without saying; that is unknown, never absent.
type Part struct {
	Path string
	Read func(ctx context.Context) (Found, error)
}

// Together makes the calls of all parts at the same time and puts what they find into the resource; each value that could not
// be had is named as unknown. It reports whether any call said that the resource itself does not exist, by gone.
func Together(ctx context.Context, res *resource.Resource, parts []Part, gone func(error) bool) bool {
	var mu sync.Mutex
	missing := false
	var g errgroup.Group
	for _, p := range parts {
		g.Go(func() error {
			found, err := p.Read(ctx)
			mu.Lock()
			defer mu.Unlock()
			switch {
			case err != nil && gone(err):
				missing = true
			case err != nil:
				res.Unknown = append(res.Unknown, unknown(p.Path, err))
			case found.Absent:
				put(res, p.Path, nil, true)
			case found.Value == nil:
				res.Unknown = append(res.Unknown, resource.Unknown{Path: p.Path, Cause: "the API answered without a value"})
			default:
				put(res, p.Path, found.Value, false)
			}
			return nil
		})
	}
	_ = g.Wait() // the parts report through the resource
	slices.SortFunc(res.Unknown, func(a, b resource.Unknown) int { return strings.Compare(a.Path, b.Path) })
	return missing
}

func unknown(path string, err error) resource.Unknown {
	code, text := awsorg.Classify(err)
	return resource.Unknown{Path: path, Cause: text, Code: code}
}

// put stores a value. An absent property is left out, as CloudFormation does; an absent relation is there as nil, so that an
// expectation can tell "none" from "not read".
func put(res *resource.Resource, path string, value any, absent bool) {
	room, name, _ := strings.Cut(path, ".")
	switch {
	case room == "properties" && !absent:
		res.Properties[name] = value
	case room == "related" && absent:
		res.Related[name] = nil
	case room == "related":
		res.Related[name] = value
	case room == "tags" && !absent:
		if tags, ok := value.(map[string]string); ok {
			res.Tags = tags
			res.Properties["Tags"] = tagList(tags)
		}
	}
}

// tagList is how CloudFormation writes tags, in the order of their keys.
func tagList(tags map[string]string) []any {
	out := make([]any, 0, len(tags))
	for _, k := range slices.Sorted(maps.Keys(tags)) {
		out = append(out, map[string]any{"Key": k, "Value": tags[k]})
	}
	return out
}

// Missing reports whether the error says that the thing asked for does not exist.
func Missing(err error) bool {
	code, _ := awsorg.Classify(err)
	return code == fault.NotFound
}
