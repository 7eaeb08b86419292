package relate

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"jobzero/internal/design"
	"jobzero/internal/resource"
)

// stand gives a resource with the texts filled in that are made of the name or ARN of one bucket of the text, such as ${Data.Arn}/: a bucket
// without a name of its own stands there as ${Data}, by how the text calls it, which is no name that S3 has. The resource is not changed.
func (w *walker) stand(k int) *design.Declared {
	d := w.doc.Resources[k]
	var left []resource.Unknown
	for _, u := range d.Unknown {
		text, ok := w.standing[k][u.Path]
		if path, of := strings.CutPrefix(u.Path, "properties."); ok && of {
			if in, done := put(d.Properties, steps(path), text); done {
				d.Properties, _ = in.(map[string]any)
				continue
			}
		}
		left = append(left, u)
	}
	d.Unknown = left
	return &d
}

// stands notes the texts that stand fills in.
func (w *walker) stands(l design.Link, from, to int) {
	d := &w.doc.Resources[to]
	if d.Type != resource.Bucket {
		return
	}
	name := d.ID
	if name == d.Name || name == "" {
		name = "${" + d.Name + "}"
	}
	switch l.Attribute {
	case "":
	case "Arn":
		name = "arn:aws:s3:::" + name
	default:
		return
	}
	whole := name
	if l.Text != "" {
		before, rest, ok := strings.Cut(l.Text, "${")
		_, after, closed := strings.Cut(rest, "}")
		if !ok || !closed || strings.Contains(after, "${") {
			return // it is made of more than this
		}
		whole = before + name + after
	}
	if w.standing[from] == nil {
		w.standing[from] = map[string]string{}
	}
	if _, twice := w.standing[from][l.Path]; twice {
		whole = "" // of one or another
	}
	w.standing[from][l.Path] = whole
}

// steps are the names and indexes of a path.
func steps(path string) []string {
	return strings.FieldsFunc(path, func(r rune) bool { return r == '.' || r == '[' || r == ']' })
}

// put gives a value with a text at a path, copied as far as it differs; false when the path leads nowhere, or there is no text.
func put(in any, path []string, text string) (any, bool) {
	switch v := in.(type) {
	case map[string]any:
		if len(path) == 0 {
			return in, false
		}
		next, done := put(v[path[0]], path[1:], text)
		if !done {
			return in, false
		}
		out := maps.Clone(v)
		out[path[0]] = next
		return out, true
	case []any:
		if len(path) == 0 {
			return in, false
		}
		i, err := strconv.Atoi(path[0])
		if err != nil || i < 0 || i >= len(v) {
			return in, false
		}
		next, done := put(v[i], path[1:], text)
		if !done {
			return in, false
		}
		out := slices.Clone(v)
		out[i] = next
		return out, true
	}
	return text, len(path) == 0 && text != ""
}
