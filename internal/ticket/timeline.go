package ticket

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"jobzero/internal/effect"
	"jobzero/internal/fault"
)

// Entry is one line of a ticket's timeline. Entries are only ever added; each carries the hash of the one before.
type Entry struct {
	Ticket ID              `json:"ticket"`
	Seq    int             `json:"seq"` // 1 for the first
	At     time.Time       `json:"at"`
	Actor  string          `json:"actor"` // jobzero/<room> or person/<name>
	Kind   string          `json:"kind"`  // opened, joined, state, evidence, plan, effect, verify, note …
	Text   string          `json:"text"`
	Data   json.RawMessage `json:"data,omitempty"`
	State  State           `json:"state,omitempty"` // of the ticket from here on; older entries do not say it
	Made   []effect.Made   `json:"made,omitempty"`  // calls that this entry is the record of
	Prev   string          `json:"prev"`
	Hash   string          `json:"hash"`
}

// Seal numbers the entry as the ticket's next one, chains it to the last and moves the ticket's head.
// Time is kept in microseconds, which is what the databases keep, so that a hash can be computed again.
func (t *Ticket) Seal(e Entry) Entry {
	e.Ticket, e.Seq, e.Prev, e.State = t.ID, t.Entries+1, t.Head, t.State
	e.At = e.At.UTC().Truncate(time.Microsecond)
	e.Made = slices.Clone(e.Made)
	for i := range e.Made {
		e.Made[i].At = e.Made[i].At.UTC().Truncate(time.Microsecond)
	}
	e.Hash = e.sum()
	t.Entries, t.Head = e.Seq, e.Hash
	return e
}

func (e Entry) sum() string {
	e.Hash = ""
	e.At = e.At.UTC()
	text, err := json.Marshal(e)
	if err != nil { // only Data that is no JSON can do this; hash what there is, so that it can never pass for another
		text = []byte(err.Error() + e.Prev + string(e.Data))
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}

// Holds reports whether the entry is as it was sealed.
func (e Entry) Holds() bool { return e.Hash == e.sum() }

// Check walks a timeline from its first entry and names the first one that was edited, removed or put in.
func Check(entries []Entry) error {
	prev := ""
	for i, e := range entries {
		switch {
		case e.Seq != i+1:
			return fault.New(fault.Conflict, "ticket %s: entry %d is missing", e.Ticket, i+1)
		case e.Prev != prev:
			return fault.New(fault.Conflict, "ticket %s: entry %d does not follow entry %d", e.Ticket, e.Seq, i)
		case e.Hash != e.sum():
			return fault.New(fault.Conflict, "ticket %s: entry %d was edited", e.Ticket, e.Seq)
		}
		prev = e.Hash
	}
	return nil
}

// Link is one row of the one chain over everything: each new head of any ticket, so that a removed ticket shows too, and each change of a row
// beside the timelines.
type Link struct {
	Seq    int64  `json:"seq"`
	Ticket ID     `json:"ticket"`
	Entry  int    `json:"entry"`
	Row    string `json:"row,omitempty"` // of what row it is instead, such as effect RUN/STEP
	Head   string `json:"head"`          // hash of that entry, or of the row; empty: the row was removed
	Prev   string `json:"prev"`
	Hash   string `json:"hash"`
}

// Follow makes the link for entry e behind the last link, which is zero for the first.
func Follow(last Link, e Entry) Link {
	l := Link{Seq: last.Seq + 1, Ticket: e.Ticket, Entry: e.Seq, Head: e.Hash, Prev: last.Hash}
	l.Hash = l.sum()
	return l
}

// FollowRow makes the link for a row beside the timelines, whose hash is head.
func FollowRow(last Link, row, head string) Link {
	l := Link{Seq: last.Seq + 1, Row: row, Head: head, Prev: last.Hash}
	l.Hash = l.sum()
	return l
}

func (l Link) sum() string {
	l.Hash = ""
	text, _ := json.Marshal(l) // a struct of strings and numbers always marshals
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}

// Holds reports whether the link follows prev and is unedited.
func (l Link) Holds(prev Link) bool {
	return l.Seq == prev.Seq+1 && l.Prev == prev.Hash && l.Hash == l.sum()
}

// About is what the link is of, in words.
func (l Link) About() string {
	if l.Row != "" {
		return l.Row
	}
	return fmt.Sprintf("entry %d of ticket %s", l.Entry, l.Ticket)
}
