package anchor

import (
	"crypto"
	"encoding/hex"
	"encoding/json"
	"time"

	"jobzero/internal/fault"
	"jobzero/internal/ticket"
)

// form names what is signed, so that nothing else that the key has signed can pass for it.
const form = "jobzero/checkpoint/1"

// Most is how many links one checkpoint lists; where there are more, there are several. Eight bytes of each make half a megabyte.
const Most = 64 << 10

// shortened is how many bytes of a link's hash a checkpoint lists: they only say which link is not as it was, the head says that one is not.
const shortened = 8

// Statement is what a checkpoint says of the chain.
type Statement struct {
	Form   string         `json:"form"`
	Chain  string         `json:"chain"` // hash of its first link
	Seq    int64          `json:"seq"`   // of its head
	Hash   string         `json:"hash"`
	At     time.Time      `json:"at"`
	After  int64          `json:"after"`  // the link before those that are listed
	Links  []byte         `json:"links"`  // the first eight bytes of the hash of each link from there to the head
	Counts map[string]int `json:"counts"` // of rows, by what they are
}

// Checkpoint is a signed statement. The statement is kept as the bytes that were signed.
type Checkpoint struct {
	Statement []byte `json:"statement"`
	Algorithm string `json:"algorithm"` // as KMS names it, or ED25519
	Key       string `json:"key"`       // ARN, or the hash of the public key
	Signature []byte `json:"signature"`
}

// State makes the statement of a chain whose first link has the hash, from the links after a checkpoint, which are given in order.
func State(chain string, after int64, links []ticket.Link, counts map[string]int, now time.Time) (Statement, error) {
	if len(links) == 0 || len(links) > Most || links[0].Seq != after+1 {
		return Statement{}, fault.New(fault.Internal, "a checkpoint of %d links after %d", len(links), after)
	}
	s := Statement{Form: form, Chain: chain, At: now.UTC().Truncate(time.Second), After: after, Counts: counts}
	for _, l := range links {
		sum, err := short(l.Hash)
		if err != nil {
			return Statement{}, err
		}
		s.Links = append(s.Links, sum...)
	}
	last := links[len(links)-1]
	s.Seq, s.Hash = last.Seq, last.Hash
	return s, nil
}

func short(hash string) ([]byte, error) {
	sum, err := hex.DecodeString(hash)
	if err != nil || len(sum) < shortened {
		return nil, fault.New(fault.Conflict, "the hash %q of a link is none", hash)
	}
	return sum[:shortened], nil
}

// Read reads a checkpoint that was signed by the key, and nothing else.
func Read(text []byte, key crypto.PublicKey) (Statement, error) {
	var c Checkpoint
	if err := json.Unmarshal(text, &c); err != nil {
		return Statement{}, fault.Wrap(fault.Invalid, err, "it is no checkpoint")
	}
	if err := verify(key, c); err != nil {
		return Statement{}, err
	}
	var s Statement
	if err := json.Unmarshal(c.Statement, &s); err != nil {
		return Statement{}, fault.Wrap(fault.Invalid, err, "its statement is none")
	}
	if s.Form != form || s.After < 0 || s.Seq <= s.After || int64(len(s.Links)) != (s.Seq-s.After)*shortened || len(s.Links) > Most*shortened {
		return Statement{}, fault.New(fault.Invalid, "its statement is of another form: %q, links %d to %d", s.Form, s.After+1, s.Seq)
	}
	return s, nil
}
