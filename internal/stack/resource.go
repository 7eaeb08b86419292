package stack

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"unicode/utf8"

	"jobzero/internal/design/drift"
	"jobzero/internal/fault"
	"jobzero/internal/inventory/cloudformation"
	"jobzero/internal/resource"
)

// What a finding shows of one stack at most; how many there are stands beside.
const (
	mostDifferences = 100
	mostOpen        = 50
	mostText        = 300 // characters of a value
)

// Hand gives what inventory's reader of drift needs: it compares with what the catalogue reads.
func Hand(c func() Catalogue) func(context.Context, cloudformation.Stack) (cloudformation.Held, error) {
	return func(ctx context.Context, s cloudformation.Stack) (cloudformation.Held, error) {
		h, err := Hold(ctx, c(), s, Source{}, nil)
		if err != nil {
			return cloudformation.Held{}, err
		}
		return h.Resource(), nil
	}
}

// Resource is what came of it as a resource to be judged. What differs is certain. When nothing does, a read that failed makes it
// unknown whether something would, and so does having compared nothing; what nobody can ever compare is counted beside.
func (h Held) Resource() cloudformation.Held {
	differences, open := []any{}, []any{}
	same, different, notCompared := 0, 0, 0
	var failed drift.Open
	for _, c := range h.Compared {
		same += c.Same
		of := []any{}
		for _, ref := range c.Of {
			of = append(of, ref.Key())
		}
		for _, d := range c.Differences {
			if different++; different <= mostDifferences {
				differences = append(differences, map[string]any{
					"Name": c.Name, "Type": string(c.Ref.Type), "Id": c.Ref.ID, "Of": of, "Path": d.Path, "Kind": string(d.Kind),
					"Said": Text(d.Said, mostText), "Is": Text(d.Is, mostText), "Place": d.Place.String(),
				})
			}
		}
		for _, o := range c.Open {
			if notCompared++; notCompared <= mostOpen {
				entry := map[string]any{"Name": c.Name, "Path": o.Path, "Why": o.Why}
				if o.Code != "" { // the words have request IDs, which are new each time
					entry["Why"] = "it could not be read: " + string(o.Code)
				}
				open = append(open, entry)
			}
			if Again(o.Code) && (failed.Code == "" || failed.Code == fault.Denied) {
				failed = o
			}
		}
	}
	out := cloudformation.Held{Properties: map[string]any{
		"StackStatus": h.Stack.State, "Differences": differences, "Different": int64(different), "Same": int64(same),
		"Open": open, "NotCompared": int64(notCompared),
	}}
	switch {
	case failed.Code != "":
		out.Unknown = []resource.Unknown{{Path: "properties.Differences[+]", Cause: failed.Why, Code: failed.Code}}
	case same == 0 && notCompared > 0:
		out.Unknown = []resource.Unknown{{Path: "properties.Differences[+]", Cause: resource.NotRead}}
	}
	return out
}

// Again reports whether a read that failed may succeed another time, or once somebody allows it.
func Again(code fault.Code) bool { return code == fault.Denied || code == fault.Unavailable }

// Text is a value in one line, of at most so many characters.
func Text(v any, most int) string {
	text, ok := v.(string)
	if !ok && v != nil {
		var b bytes.Buffer
		e := json.NewEncoder(&b)
		e.SetEscapeHTML(false)
		if err := e.Encode(v); err != nil {
			return fmt.Sprint(v)
		}
		text = string(bytes.TrimSpace(b.Bytes()))
	}
	if utf8.RuneCountInString(text) > most {
		return string([]rune(text)[:most-1]) + "…"
	}
	return text
}
