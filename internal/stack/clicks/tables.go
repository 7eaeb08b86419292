package clicks

import (
	_ "embed"
	"strings"
	"sync"

	"jobzero/internal/design/terraform/provider"
	"jobzero/internal/resource"
)

//go:embed kinds.txt
var kindsText string

//go:embed changes.txt
var changesText string

// form says which type a resource is by its ARN.
type form struct {
	service, prefix  string
	typ              resource.Type
	path, slash, arn bool // it stands behind a path; slashes belong to it; it is the ARN
}

// Instead is the way to make a change as code.
type Instead struct {
	Type      resource.Type `json:"type,omitempty"`
	Property  string        `json:"property,omitempty"` // empty: the resource as a whole, or not known here
	Terraform string        `json:"terraform,omitempty"`
}

// String is the way in words.
func (i Instead) String() string {
	if i.Type == "" {
		return ""
	}
	if i.Property == "" {
		return string(i.Type)
	}
	return string(i.Type) + " " + i.Property
}

func lines(text string) (out [][]string) {
	for line := range strings.Lines(text) {
		if f := strings.Fields(line); len(f) > 0 && f[0][0] != '#' {
			out = append(out, f)
		}
	}
	return out
}

var forms = sync.OnceValue(func() map[string][]form {
	out := map[string][]form{}
	for _, f := range lines(kindsText) {
		x := form{service: f[0], prefix: strings.TrimPrefix(f[1], "-")}
		name, arn := strings.CutSuffix(f[2], "=ARN")
		name, path := strings.CutSuffix(name, "/")
		name, slash := strings.CutSuffix(name, "+")
		x.typ, x.arn, x.path, x.slash = resource.Type(name), arn, path, slash
		out[f[0]] = append(out[f[0]], x)
	}
	return out
})

// changes is what actions change; nil of those that no code has a place for.
var changes = sync.OnceValue(func() map[string]*Instead {
	out := map[string]*Instead{}
	for _, f := range lines(changesText) {
		if f[1] == "-" {
			out[f[0]] = nil
			continue
		}
		x := &Instead{Type: resource.Type(f[1]), Property: strings.TrimPrefix(f[2], "*")}
		if len(f) > 3 {
			x.Terraform = f[3]
		}
		out[f[0]] = x
	}
	return out
})

// refOf is the resource of an ARN; of a type that is not known only its account, region and identifier.
func refOf(account, arn string) resource.Ref {
	ref := resource.Ref{Account: account}
	part := strings.SplitN(arn, ":", 6)
	if len(part) != 6 || part[0] != "arn" {
		return ref
	}
	ref.Region, ref.ID = part[3], part[5]
	for _, f := range forms()[part[2]] {
		id, ok := strings.CutPrefix(part[5], f.prefix)
		if !ok || id == "" {
			continue
		}
		ref.Type = f.typ
		switch {
		case f.arn:
			ref.ID = arn
		case f.path:
			ref.ID = strings.TrimPrefix(id[strings.LastIndexByte(id, '/')+1:], "*") // for a path that the record does not say
		case f.slash:
			ref.ID, _, _ = strings.Cut(id, ":")
		default:
			ref.ID = id[:end(id)]
		}
		return ref
	}
	return ref
}

func end(id string) int {
	if i := strings.IndexAny(id, "/:"); i >= 0 {
		return i
	}
	return len(id)
}

// insteadOf is how an action on a resource is made as code; false when no code has a place for it.
func insteadOf(action string, ref resource.Ref) (Instead, bool) {
	x, told := changes()[action]
	switch {
	case told && x == nil:
		return Instead{}, false
	case told:
		return *x, true
	case ref.Type == "":
		return Instead{}, true
	}
	i := Instead{Type: ref.Type}
	if tf := provider.Types(ref.Type); len(tf) > 0 {
		i.Terraform = tf[0]
	}
	return i, true
}
