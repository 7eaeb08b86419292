package playbook

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"jobzero/internal/fault"
	"jobzero/internal/finding"
	"jobzero/internal/playbook/book"
	"jobzero/internal/playbook/verdict"
	"jobzero/internal/ticket"
)

// Inquiry is what software read about a finding before anything was done, and what it believes of it. There is one for each opening of a
// ticket and each finding on it.
type Inquiry struct {
	Ticket    ticket.ID           `json:"ticket"`
	Opening   int                 `json:"opening"` // how often the ticket had been opened again
	Finding   finding.Fingerprint `json:"finding"`
	By        string              `json:"by"`
	Account   string              `json:"account"`
	Principal string              `json:"principal,omitempty"`
	Source    string              `json:"source,omitempty"` // the address, as the record has it
	Occurred  time.Time           `json:"occurred"`
	At        time.Time           `json:"at"`

	Facts   map[string]Gathered `json:"facts,omitempty"`   // by book.Gatherers
	Unknown map[string]string   `json:"unknown,omitempty"` // what could not be read, and why
	Opinion verdict.Opinion     `json:"opinion"`
	Would   bool                `json:"would,omitempty"`  // it would be closed by the verdict, in enforce mode
	Closed  bool                `json:"closed,omitempty"` // it was
	Held    string              `json:"held,omitempty"`   // why it was not, where the verdict says so
	// Recalled is the key of the memory that stood in for reading anything, or that was made.
	Recalled   string `json:"recalled,omitempty"`
	Remembered bool   `json:"remembered,omitempty"` // it stood in
}

// Links are what anybody can look at again: event/ID, ticket/ID and effect/KEY, each once.
func (q Inquiry) Links() []string {
	var out []string
	for _, what := range book.Inquired {
		for _, l := range q.Facts[what].Links {
			if !slices.Contains(out, l) {
				out = append(out, l)
			}
		}
	}
	return out
}

// vars is the inquiry as conditions see it, and what of it is not known.
func (q *Inquiry) vars() (vars map[string]any, unknown []string, err error) {
	vars = map[string]any{"verdict": "none", "confidence": string(q.Opinion.Confidence)}
	if q.Opinion.Word != "" {
		vars["verdict"] = string(q.Opinion.Word)
	}
	for _, what := range book.Inquired {
		name := book.InquiryField(what)
		g, ok := q.Facts[what]
		if !ok || len(g.Data) == 0 {
			unknown = append(unknown, "inquiry."+name)
			continue
		}
		if vars[name], err = plain(g.Data); err != nil {
			return nil, nil, err
		}
		for _, path := range g.Unknown {
			unknown = append(unknown, "inquiry."+name+"."+path)
		}
	}
	return vars, unknown, nil
}

// Digest is that of the facts, as the timeline has it; empty where there are none.
func (q Inquiry) Digest() string {
	text, err := json.Marshal(q.Facts)
	if err != nil || len(q.Facts) == 0 {
		return ""
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}

// Vouched names the first of some inquiries whose facts are not those that the timeline of their ticket tells of.
func Vouched(all []Inquiry, entries []ticket.Entry) error {
	for _, q := range all {
		want, found := q.Digest(), false
		for _, e := range entries {
			var t told
			if e.Kind == inquiryLine && json.Unmarshal(e.Data, &t) == nil && t.Finding == q.Finding && t.Opening == q.Opening {
				found = found || t.SHA256 == want && t.Closed == q.Closed && t.Opinion.ID == q.Opinion.ID
			}
		}
		if !found {
			return fault.New(fault.Conflict, "ticket %s: the inquiry into finding %s is not the one that the timeline tells of", q.Ticket, q.Finding)
		}
	}
	return nil
}

// inquiryLine is the kind of the timeline's line of an inquiry.
const inquiryLine = "inquiry"

// told is what the timeline keeps beside the words: where to look again, what is believed, and a digest of all that was read.
type told struct {
	Finding finding.Fingerprint `json:"finding"`
	Opening int                 `json:"opening"`
	Links   []string            `json:"links,omitempty"`
	Unknown map[string]string   `json:"unknown,omitempty"`
	Opinion verdict.Opinion     `json:"opinion"`
	Closed  bool                `json:"closed,omitempty"`
	Would   bool                `json:"would,omitempty"`
	Held    string              `json:"held,omitempty"`
	SHA256  string              `json:"facts_sha256,omitempty"` // of the facts, as the row has them
}

// size of the data of one gatherer that is kept.
const mostGathered = 16 << 10

// fit leaves out data that is too large to be kept, and says so.
func (g Gathered) fit() (Gathered, string) {
	if len(g.Data) <= mostGathered {
		return g, ""
	}
	g.Data, g.Links = nil, g.Links[:min(len(g.Links), 20)]
	return g, "it is too large to be kept: " + g.Text
}

// account says in a line what was found out, what not, and what is believed.
func (q Inquiry) account() string {
	var known, dark []string
	for _, what := range book.Inquired {
		if g, ok := q.Facts[what]; ok && g.Text != "" {
			known = append(known, what+": "+g.Text)
		}
		if _, ok := q.Unknown[what]; ok {
			dark = append(dark, what)
		}
	}
	text := "Inquiry. " + strings.Join(known, "; ") + ". "
	if q.Remembered {
		text = "Inquiry. The same as before: nothing was read again. "
	}
	if len(dark) > 0 {
		text += "Not known: " + strings.Join(dark, ", ") + ". "
	}
	text += "Believed: " + q.Opinion.Words()
	switch {
	case q.Closed:
		text += ". Closed by it"
	case q.Held != "":
		text += ". Not closed: " + q.Held
	case q.Would:
		text += ". It would be closed by it: verdicts.mode is plan"
	}
	return text
}

func (q Inquiry) told() told {
	return told{q.Finding, q.Opening, q.Links(), q.Unknown, q.Opinion, q.Closed, q.Would, q.Held, q.Digest()}
}
