package lineage

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"jobzero/internal/event"
	"jobzero/internal/principal"
	"jobzero/internal/rawjson"
)

// Strength is how sure a link is.
type Strength string

// The strengths.
const (
	Proved   Strength = "proved"  // AWS wrote it, or an access key ID ties the two together
	Claimed  Strength = "claimed" // by the name of a session and the time, or by a source identity
	Untraced Strength = "unknown" // it was not seen
)

// Lineage is who was behind an event.
type Lineage struct {
	Root     Root
	Key      string   // the long-term access key at the root; empty when there was none
	Strength Strength // of the weakest link; unknown when the root is the last session that was seen
	Chain    []Hop    // from the root to who made the call; empty when the root made it
	Via      string   // the service that called for them, such as cloudformation.amazonaws.com
	Console  bool     // the credential is one of the console's
	Why      string   // why no more is known, of an unknown root
	At       time.Time
}

// Hop is one identity that was taken on.
type Hop struct {
	Principal string    `json:"principal"` // ARN
	Account   string    `json:"account,omitempty"`
	How       string    `json:"how,omitempty"`   // the event's name, such as AssumeRole; empty when none was seen
	Event     event.ID  `json:"event,omitempty"` // by which it was taken on
	At        time.Time `json:"at,omitzero"`
	Strength  Strength  `json:"strength"`
}

func instant(s string) int64 {
	t, err := time.Parse(time.RFC3339Nano, s)
	if err != nil {
		return 0
	}
	return t.Unix()
}

func moment(at int64) time.Time {
	if at <= 0 {
		return time.Time{}
	}
	return time.Unix(at, 0).UTC()
}

func hop(id *Identity, g *Grant, s Strength) Hop {
	h := Hop{Principal: id.ARN, Account: id.Account, At: moment(id.Created), Strength: s}
	if a, err := principal.ParseARN(id.ARN); err == nil && a.Account != "" {
		h.Account = a.Account
	}
	if g != nil {
		h.How, h.Event, h.At = g.How, event.ID(g.Event), moment(g.At)
	}
	return h
}

// lineage makes of a way what is told of the identity that it began at.
func (w way) lineage(id *Identity, at int64) Lineage {
	l := Lineage{Root: w.root, Key: w.key, Strength: w.proof, Chain: w.chain, Console: id.Console, Why: w.why, At: moment(at)}
	if id.Type != "AWSService" {
		l.Via = id.InvokedBy
	}
	return l
}

// fields is the lineage as rules see it, below lineage. What is not known is absent.
type fields struct {
	Root     string   `json:"root,omitempty"`
	Kind     Kind     `json:"kind"`
	Account  string   `json:"account,omitempty"`
	Name     string   `json:"name,omitempty"`
	Key      string   `json:"key,omitempty"`
	Strength Strength `json:"strength"`
	Hops     int      `json:"hops"`
	Chain    []string `json:"chain,omitempty"`
	Steps    []Hop    `json:"steps,omitempty"`
	Words    string   `json:"words,omitempty"`
}

func (l Lineage) fields() fields {
	f := fields{Root: l.Root.ID, Kind: l.Root.Kind, Account: l.Root.Account, Name: l.Root.Name, Key: l.Key, Strength: l.Strength, Hops: len(l.Chain)}
	for _, h := range l.Chain {
		f.Chain = append(f.Chain, h.Principal)
	}
	return f
}

// Lineage is Resolve for the fields of rules: an object with root, kind, account, name, key, strength, hops and chain; nil when
// the record does not say who made the call.
func (g *Graph) Lineage(r *event.Record) rawjson.Value {
	l, ok := g.Resolve(r)
	if !ok {
		return nil
	}
	return encode(l.fields())
}

// JSON is everything that is known, for evidence.
func (l Lineage) JSON() json.RawMessage {
	f := l.fields()
	f.Steps, f.Words = l.Chain, l.Words()
	return json.RawMessage(encode(f))
}

func encode(f fields) rawjson.Value {
	out, err := json.Marshal(f)
	if err != nil {
		return nil // texts and numbers always encode
	}
	return out
}

// Words is the lineage in one line, such as "kim@example.com, through role deploy in 444455556666, assumed 09:12". Times are
// UTC.
func (l Lineage) Words() string {
	var b strings.Builder
	if l.Strength == Untraced {
		b.WriteString("unknown, the last that was seen is " + l.Root.ID)
		if l.Why != "" {
			b.WriteString(": " + l.Why)
		}
	} else {
		b.WriteString(l.Root.words())
	}
	if l.Strength == Claimed {
		b.WriteString(" (claimed)")
	}
	for i, h := range l.Chain {
		link := ", through "
		if i > 0 {
			link = ", then "
		}
		b.WriteString(link + h.words(l.At))
	}
	if l.Console {
		b.WriteString(", in the console")
	}
	if l.Via != "" {
		b.WriteString(", by way of " + l.Via)
	}
	return b.String()
}

func (r Root) words() string {
	switch r.Kind {
	case AccountRoot:
		return "the root user of " + r.Account
	case Workload, Service:
		if r.Account != "" {
			return r.Name + " in " + r.Account
		}
	case Person:
		if r.Account != "" {
			return r.Name + " of " + r.Account
		}
	case Unknown:
	}
	return r.Name
}

func (h Hop) words(event time.Time) string {
	a, err := principal.ParseARN(h.Principal)
	kind, name, _ := strings.Cut(a.Resource, "/")
	text := h.Principal
	switch {
	case err != nil:
	case h.How == "GetSessionToken":
		text = "a session token"
	case kind == "assumed-role":
		role, _, _ := strings.Cut(name, "/")
		text = "role " + role + " in " + a.Account
	case kind == "federated-user":
		text = "federated user " + name + " in " + a.Account
	case a.Resource == "root":
		text = "the root user of " + a.Account
	}
	if h.At.IsZero() {
		return text
	}
	form := "15:04"
	if y, m, d := h.At.Date(); event.IsZero() || !event.Truncate(24*time.Hour).Equal(time.Date(y, m, d, 0, 0, 0, 0, time.UTC)) {
		form = "2006-01-02 15:04"
	}
	return fmt.Sprintf("%s, assumed %s", text, h.At.Format(form))
}
