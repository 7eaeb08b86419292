package telemetry

import (
	"fmt"
	"log/slog"
)

// redacted is what is shown in the place of a secret.
const redacted = "[secret]"

// Secret is a text that cannot be printed by accident: logs, fmt verbs, JSON, YAML and templates all show "[secret]".
// An empty secret shows as empty, so that a missing one can be told from one that is there. Never make it the key of a map:
// encoding/json reads keys of a string kind without asking them.
type Secret string

// Reveal is the text itself. Call it only where the text is handed to what needs it.
func (s Secret) Reveal() string { return string(s) }

// String hides the text.
func (s Secret) String() string {
	if s == "" {
		return ""
	}
	return redacted
}

// GoString hides the text from %#v.
func (s Secret) GoString() string { return fmt.Sprintf("telemetry.Secret(%q)", s.String()) }

// Format hides the text from every verb of fmt, such as %x, which would otherwise read the string itself.
func (s Secret) Format(f fmt.State, verb rune) {
	text := s.String()
	if verb == 'v' && f.Flag('#') {
		text = s.GoString()
	}
	_, _ = f.Write([]byte(text))
}

// LogValue hides the text from slog.
func (s Secret) LogValue() slog.Value { return slog.StringValue(s.String()) }

// MarshalText hides the text from encoders of text, and so from JSON and YAML.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// MarshalJSON hides the text from JSON.
func (s Secret) MarshalJSON() ([]byte, error) { return []byte(`"` + s.String() + `"`), nil }
