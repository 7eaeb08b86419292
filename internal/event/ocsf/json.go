package ocsf

import (
	"bytes"
	"encoding/json"
)

// JSON is any value as JSON text. It is written as the value, and so by Parquet as a text.
type JSON string

// MarshalJSON gives the value; nothing is null.
func (j JSON) MarshalJSON() ([]byte, error) {
	if j == "" {
		return []byte("null"), nil
	}
	return []byte(j), nil
}

// UnmarshalJSON keeps the value as compact text.
func (j *JSON) UnmarshalJSON(b []byte) error {
	var out bytes.Buffer
	if err := json.Compact(&out, b); err != nil {
		return err
	}
	*j = JSON(out.String())
	return nil
}

// Plain is a text without its quotes, and every other value as it stands: what a query over a table wants to compare with.
func (j JSON) Plain() string {
	if len(j) > 0 && j[0] == '"' {
		var s string
		if json.Unmarshal([]byte(j), &s) == nil {
			return s
		}
	}
	return string(j)
}
