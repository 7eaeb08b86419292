package estate

import (
	"bytes"
	"encoding/json"
	"net/url"

	"jobzero/internal/fault"
	"jobzero/internal/policy"
)

// document reads a policy: as an object, or as the API gives it, as a text in the escapes of URLs. The name is for people. An error is
// fault.Invalid and says which policy it is.
func (e *Estate) document(name string, kind policy.Kind, raw json.RawMessage) (*policy.Document, error) {
	if len(raw) == 0 || raw[0] != '"' {
		return e.shelf.document(name, kind, raw)
	}
	var written string
	if err := json.Unmarshal(raw, &written); err != nil {
		return nil, fault.Wrap(fault.Invalid, err, "%s: read the policy", name)
	}
	if plain := bytes.TrimSpace([]byte(written)); len(plain) > 0 && plain[0] == '%' {
		unescaped, err := url.PathUnescape(written)
		if err != nil {
			return nil, fault.Wrap(fault.Invalid, err, "%s: the policy is neither JSON nor in the escapes of URLs", name)
		}
		written = unescaped
	}
	return e.shelf.document(name, kind, []byte(written))
}
