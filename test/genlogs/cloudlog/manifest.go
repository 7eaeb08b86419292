package cloudlog

import "time"

// Manifest says what a log holds.
type Manifest struct {
	Seed            uint64         `json:"seed"`
	Events          int            `json:"events"`     // records, those delivered twice counted twice
	Duplicates      int            `json:"duplicates"` // of those: records that come a second time
	Objects         int            `json:"objects"`
	BytesJSON       int64          `json:"bytes_json"`
	BytesCompressed int64          `json:"bytes_compressed,omitempty"` // when it was written to a folder
	From            time.Time      `json:"from"`
	To              time.Time      `json:"to"`
	Planted         map[string]int `json:"planted"` // suspicious records, each once, by the name of the rule in content/rules that fires
}

func (m *Manifest) count(o Object, d delivery) {
	m.Events += o.Records
	m.Objects++
	m.BytesJSON += int64(len(o.JSON))
	if m.From.IsZero() {
		m.From = d.begin
	}
	m.To = d.begin.Add(Delay)
}
