package digest

import "time"

// maxNamed is how many problems of one area are named; all are counted.
const maxNamed = 10_000

// Report is what was found for one account in one region.
type Report struct {
	Organisation string    `json:"organisation,omitempty"` // o-…, for the trail of an organisation
	Account      string    `json:"account"`
	Region       string    `json:"region"`
	Trails       []string  `json:"trails"` // name of home region
	From         time.Time `json:"from,omitzero"`
	To           time.Time `json:"to,omitzero"` // of the time that digests not found wrong are about
	Digests      Digests   `json:"digests"`
	Logs         Logs      `json:"logs"`
	Wrong        int       `json:"wrong"`   // problems of that class, also those not named
	Unknown      int       `json:"unknown"` // likewise
	Problems     []Problem `json:"problems"`
	NotNamed     int       `json:"problems_not_named,omitempty"`

	grouped map[string]int // index of a group's problem
}

// Digests counts digest files: found = signed + linked + unknown + wrong.
type Digests struct {
	Found    int `json:"found"`
	Signed   int `json:"signed"` // proven by a signature
	Linked   int `json:"linked"` // proven by the digest after it alone
	Unknown  int `json:"unknown"`
	Wrong    int `json:"wrong"`
	Missing  int `json:"missing"`  // that the chain names
	Empty    int `json:"empty"`    // of those found: about an hour without log files
	Backfill int `json:"backfill"` // of those found: about log files that another digest came too early for
}

// Proven is how many are.
func (d Digests) Proven() int { return d.Signed + d.Linked }

// Logs counts log files: listed = verified + unknown + wrong.
type Logs struct {
	Listed    int `json:"listed"`    // by digests
	Verified  int `json:"verified"`  // the content that a proven digest lists
	Unknown   int `json:"unknown"`   // the digest is not proven, or the file can not be read
	Wrong     int `json:"wrong"`     // changed or missing
	Unlisted  int `json:"unlisted"`  // there, and in no digest of their time
	Uncovered int `json:"uncovered"` // there, of a time that no digest is about
}

// empty says that there is nothing to tell.
func (r *Report) empty() bool {
	return r.Digests == (Digests{}) && r.Logs == (Logs{}) && len(r.Problems) == 0
}

// add notes a problem with one object. Those with the same kind and group are one problem with a count.
func (r *Report) add(kind Kind, file, text, group string) {
	a := advices[kind]
	if group != "" {
		if i, ok := r.grouped[string(kind)+group]; ok {
			r.Problems[i].Count++
			return
		}
	}
	switch a.class {
	case Wrong:
		r.Wrong++
	case Unknown:
		r.Unknown++
	case Note:
	}
	if len(r.Problems) >= maxNamed {
		r.NotNamed++
		return
	}
	if group != "" {
		r.grouped[string(kind)+group] = len(r.Problems)
	}
	r.Problems = append(r.Problems, Problem{Class: a.class, Kind: kind, File: file, Count: 1, Text: text, Do: a.do})
}

// about widens the time that the report is about.
func (r *Report) about(from, to time.Time) {
	if r.From.IsZero() || from.Before(r.From) {
		r.From = from
	}
	if to.After(r.To) {
		r.To = to
	}
}
