package verdict

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"time"

	"jobzero/internal/finding"
)

// Likeness is what makes two findings the same for a verdict that is remembered: the same rule, call, principal and root of its session, on
// the same resource.
type Likeness struct {
	By        string `json:"by"`
	Account   string `json:"account"`
	Principal string `json:"principal"`
	Root      string `json:"root"`   // of the session; empty where it was not traced
	Action    string `json:"action"` // such as s3:PutBucketPolicy
	Resource  string `json:"resource,omitempty"`
}

// Key is the name of a likeness; empty where too little is known for anything to be like it.
func (l Likeness) Key() string {
	if l.By == "" || l.Principal == "" || l.Action == "" {
		return ""
	}
	text, _ := json.Marshal(l) // a struct of texts always marshals
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:16])
}

// LikenessOf is that of a finding, whose records tell of one action on some resources; of more than one action nothing is like it.
func LikenessOf(f finding.Finding, e Event) Likeness {
	if len(e.Actions) > 1 || e.Error != "" {
		return Likeness{}
	}
	l := Likeness{By: f.By, Account: f.Account, Principal: f.Principal, Action: e.Action}
	if f.Resource != nil {
		l.Resource = f.Resource.Key()
	}
	for _, r := range e.Resources {
		l.Resource += " " + r
	}
	for _, x := range f.Evidence {
		var lineage struct {
			Root string `json:"root"`
		}
		if x.Kind == "lineage" && json.Unmarshal(x.Data, &lineage) == nil {
			l.Root = lineage.Root
		}
	}
	return l
}

// Event is what the gatherer "event" says, as far as a likeness and its links need it.
type Event struct {
	IDs       []string `json:"ids"`
	Action    string   `json:"action"`
	Actions   []string `json:"actions"`
	Address   string   `json:"address"`
	Error     string   `json:"error"`
	Resources []string `json:"resources"`
}

// Refused is for how long no verdict closes the like of what a person has opened again.
const Refused = 30 * 24 * time.Hour

// MostTimes is how often a verdict that is remembered closes before everything is read again.
const MostTimes = 100

// Memory is a verdict that is remembered.
type Memory struct {
	Key     string    `json:"key"`
	Like    Likeness  `json:"like"`
	Opinion Opinion   `json:"opinion"`
	Ticket  string    `json:"ticket"` // on which it was reached
	Made    time.Time `json:"made"`
	Ends    time.Time `json:"ends"`
	Times   int       `json:"times"` // it has closed by itself since
	// Refused is set when a person has opened again what was closed: until it ends, no verdict closes the like of it.
	Refused bool `json:"refused,omitempty"`
}

// Refuses reports whether a person has said that the like of it is not to be closed.
func (m Memory) Refuses(now time.Time) bool { return m.Refused && now.Before(m.Ends) }

// Holds reports whether a memory still counts, given the verdicts that there are now.
func (m Memory) Holds(all []Definition, f finding.Finding, now time.Time) bool {
	if m.Refused || !now.Before(m.Ends) || m.Times >= MostTimes {
		return false
	}
	for _, d := range all {
		if d.ID == m.Opinion.ID {
			return d.Hash() == m.Opinion.Hash && d.Close && d.For(f)
		}
	}
	return false
}
