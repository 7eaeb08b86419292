package outward

import (
	"encoding/json"

	"jobzero/internal/action"
	"jobzero/internal/effect"
	"jobzero/internal/fault"
)

// Message is what machines are sent: an address, a function.
type Message struct {
	effect.About
	ID    string          `json:"id"`    // of the one occasion: who has it already is sent a repetition
	Input json.RawMessage `json:"input"` // what the playbook says, as an object of texts
}

// NewMessage makes one of what a playbook says under a parameter, a JSON object.
func NewMessage(t effect.Target, param string) (json.RawMessage, error) {
	about, err := effect.ReadAbout(t)
	if err != nil {
		return nil, fault.Wrap(fault.Invalid, err, "%s", effect.AboutParam)
	}
	m := Message{About: about, ID: t.Effect, Input: json.RawMessage(`{}`)}
	if text := t.Params[param]; text != "" {
		var fields map[string]any
		if err := json.Unmarshal([]byte(text), &fields); err != nil {
			return nil, fault.Wrap(fault.Invalid, err, "%s: want a JSON object", param)
		}
		m.Input = json.RawMessage(text)
	}
	return action.Text(m)
}
