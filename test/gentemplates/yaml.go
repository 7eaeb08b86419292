package main

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"
	"strings"
)

// block writes what templates are made of as YAML in blocks, keys in order; texts are quoted as JSON has them.
func block(v any) ([]byte, error) {
	var b bytes.Buffer
	err := lay(&b, v, 0)
	return b.Bytes(), err
}

// lay writes a value; the line before it is not ended yet, but at the start.
func lay(b *bytes.Buffer, v any, depth int) error {
	switch v := v.(type) {
	case map[string]any:
		for i, key := range slices.Sorted(maps.Keys(v)) {
			if i > 0 || b.Len() > 0 && !bytes.HasSuffix(b.Bytes(), []byte("- ")) {
				b.WriteString("\n" + strings.Repeat("  ", depth))
			}
			b.WriteString(key + ": ")
			if err := lay(b, v[key], depth+1); err != nil {
				return err
			}
		}
	case []any:
		for _, e := range v {
			b.WriteString("\n" + strings.Repeat("  ", depth) + "- ")
			if err := lay(b, e, depth+1); err != nil {
				return err
			}
		}
	default:
		data, err := json.Marshal(v)
		if err != nil {
			return err
		}
		b.Write(data)
	}
	if depth == 0 {
		b.WriteByte('\n')
	}
	return nil
}
