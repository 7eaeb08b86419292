package triage

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"

	"jobzero/internal/finding"
)

// The sizes of evidence. CloudTrail's own records end at 256 KiB; what is longer was made by somebody to be long, and would be
// kept with the finding and again on the timeline.
const (
	widest = 256 << 10
	taste  = 4 << 10 // what is kept of what is too long
)

// cut stands where evidence was too long: enough to find it again and to know it when found.
type cut struct {
	Bytes  int    `json:"cut_bytes"`
	SHA256 string `json:"sha256"`
	Begins string `json:"begins"`
}

// trim keeps each piece of evidence within bounds. It changes nothing that the caller holds.
func trim(all []finding.Evidence) []finding.Evidence {
	out := make([]finding.Evidence, len(all))
	for i, e := range all {
		if len(e.Data) > widest {
			sum := sha256.Sum256(e.Data)
			// Marshalling a struct of texts and numbers cannot fail.
			e.Data, _ = json.Marshal(cut{len(e.Data), hex.EncodeToString(sum[:]), string(e.Data[:taste])})
		}
		out[i] = e
	}
	return out
}
