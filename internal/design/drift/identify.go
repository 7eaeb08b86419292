package drift

import (
	"strings"

	"jobzero/internal/design"
	"jobzero/internal/resource"
	"jobzero/internal/resource/schema"
)

// Refs names the live resources that a declared one is compared with: itself, or those that it is a part of, such as the bucket of a
// bucket policy. why is set when that cannot be told.
func (w World) Refs(d design.Declared) (refs []resource.Ref, why string) {
	if p, ok := parts()[d.Type]; ok {
		for _, by := range p.by {
			for _, id := range texts(d.Properties[by.property]) {
				refs = append(refs, w.ref(by.of, last(id)))
			}
		}
		if len(refs) == 0 {
			return nil, "which resource it belongs to is not known"
		}
		return refs, ""
	}
	id, why := w.identity(d)
	if why != "" {
		return nil, why
	}
	return []resource.Ref{w.ref(d.Type, id)}, ""
}

// ref is a reference as the readers have it. Buckets are in the stack's region.
func (w World) ref(t resource.Type, id string) resource.Ref {
	r := resource.Ref{Type: t, Account: w.Account, Region: w.Region, ID: id}
	if t.Global() && t != resource.Bucket {
		r.Region = ""
	}
	return r
}

// last is what stands behind the last slash of an ARN of IAM; everything else as it is.
func last(id string) string {
	if strings.HasPrefix(id, "arn:") && strings.Contains(id, ":iam:") {
		return id[strings.LastIndexByte(id, '/')+1:]
	}
	return id
}

// texts are the texts in a value.
func texts(v any) []string {
	if list, ok := v.([]any); ok {
		var out []string
		for _, e := range list {
			out = append(out, texts(e)...)
		}
		return out
	}
	if s, ok := v.(string); ok && s != "" {
		return []string{s}
	}
	return nil
}

// identity is the primary identifier of what a declared resource became. For most types CloudFormation's physical name is that;
// where it is only a part, the properties have the others.
func (w World) identity(d design.Declared) (id, why string) {
	typ, ok := schema.Of(d.Type)
	if !ok || len(typ.ID) == 0 {
		return "", "CloudFormation's table of types has no " + string(d.Type)
	}
	physical := w.IDs[d.Name]
	if w.IDs == nil && d.ID != d.Name {
		return d.ID, ""
	}
	if physical == "" {
		return "", "its name is not in the text, and there is no stack that knows it"
	}
	if strings.Count(physical, "|") == len(typ.ID)-1 && len(typ.ID) > 1 {
		return physical, ""
	}
	values, left := make([]string, len(typ.ID)), 0
	for i, property := range typ.ID {
		if values[i], _ = textOf(d.Properties[property]); values[i] == "" || len(typ.ID) == 1 {
			values[i] = physical
			left++
			if (strings.HasSuffix(property, "Arn") || property == "ARN") && !strings.HasPrefix(physical, "arn:") {
				return "", "it is read by its " + property + ", which its physical name is not"
			}
		}
	}
	if left > 1 {
		return "", "of its identifier " + strings.Join(typ.ID, "|") + " not all is known"
	}
	return strings.Join(values, "|"), ""
}
