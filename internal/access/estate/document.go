package estate

import (
	"encoding/json"
	"net/url"
	"strings"

	"jobzero/internal/fault"
	"jobzero/internal/policy"
)

// text is a policy's text with what it is attached to: equal ones are read once.
type text struct {
	kind policy.Kind
	text string
}

// document reads a policy: as an object, or as the API gives it, as a text in the escapes of URLs. The name is for people. An error is
// fault.Invalid and says which policy it is.
func (e *Estate) document(name string, kind policy.Kind, raw json.RawMessage) (*policy.Document, error) {
	written := string(raw)
	if strings.HasPrefix(written, `"`) {
		var s string
		if err := json.Unmarshal(raw, &s); err != nil {
			return nil, fault.Wrap(fault.Invalid, err, "%s: read the policy", name)
		}
		if written = s; strings.HasPrefix(strings.TrimSpace(s), "%") {
			plain, err := url.PathUnescape(s)
			if err != nil {
				return nil, fault.Wrap(fault.Invalid, err, "%s: the policy is neither JSON nor in the escapes of URLs", name)
			}
			written = plain
		}
	}
	if d, ok := e.texts[text{kind, name + "\x00" + written}]; ok {
		return d, nil
	}
	d, _, err := policy.Parse(name, kind, []byte(written))
	if err != nil {
		return nil, err
	}
	e.texts[text{kind, name + "\x00" + written}], e.sources[d] = d, written
	return d, nil
}
