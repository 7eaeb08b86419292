package escalate

import (
	"encoding/json"
	"strings"
	"time"

	"jobzero/internal/fault"
)

// Span is a length of time, written as text: 15m, 4h.
type Span time.Duration

// Of is the span as programs reckon with it.
func (s Span) Of() time.Duration { return time.Duration(s) }

// String is the span as it is written.
func (s Span) String() string { return time.Duration(s).String() }

// MarshalText writes it as text.
func (s Span) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText reads what people and MarshalText write.
func (s *Span) UnmarshalText(text []byte) error {
	word := strings.Trim(strings.TrimSpace(string(text)), `"'`)
	d, err := time.ParseDuration(word)
	if err != nil {
		return fault.New(fault.Invalid, "%q is no length of time: write it as 15m or 4h", word)
	}
	*s = Span(d)
	return nil
}

// UnmarshalYAML reads what people write.
func (s *Span) UnmarshalYAML(text []byte) error { return s.UnmarshalText(text) }

// UnmarshalJSON reads text, and the nanoseconds of rows that were written before there was any.
func (s *Span) UnmarshalJSON(data []byte) error {
	var n int64
	if json.Unmarshal(data, &n) == nil {
		*s = Span(n)
		return nil
	}
	return s.UnmarshalText(data)
}
