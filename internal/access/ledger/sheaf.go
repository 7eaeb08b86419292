package ledger

import (
	"bytes"
	"compress/flate"
	"encoding/json"
	"fmt"
	"io"
	"slices"

	"jobzero/internal/fault"
)

// Sheaf is what some records came to, to be folded later: in a process that sees many of them pass, which are written down as they
// come and folded together, each once.
type Sheaf struct {
	Entries []Entry
	Left    map[Reason]int64 // records that came to none, by the reason
}

// maxSheaf is how many bytes a sheaf may unfold to.
const maxSheaf = 1 << 28

type sheafText struct {
	Entries []entryText      `json:"e,omitempty"`
	Left    map[Reason]int64 `json:"l,omitempty"`
}

type entryText struct {
	Stamp   uint64    `json:"s,omitempty"`
	At      int64     `json:"t"`
	Who     string    `json:"p"`
	Root    Root      `json:"b"`
	Account string    `json:"a,omitempty"`
	Region  string    `json:"r,omitempty"`
	Refused bool      `json:"no,omitempty"`
	Console bool      `json:"c,omitempty"`
	Uses    []useText `json:"u"`
}

type useText struct {
	Act
	Resources []string `json:"on"`
}

// Pack writes a sheaf: the same one always in the same bytes. Nothing comes to no bytes.
func (s *Sheaf) Pack() ([]byte, error) {
	if len(s.Entries) == 0 && len(s.Left) == 0 {
		return nil, nil
	}
	x := sheafText{Left: s.Left}
	for i := range s.Entries {
		e := &s.Entries[i]
		t := entryText{e.stamp, e.at, e.who.principal, e.who.root, e.where.account, e.where.region, e.refused, e.console, nil}
		for _, u := range e.uses {
			t.Uses = append(t.Uses, useText{*u.act, u.resources})
		}
		x.Entries = append(x.Entries, t)
	}
	var b bytes.Buffer
	w, err := flate.NewWriter(&b, flate.BestSpeed)
	if err == nil {
		err = json.NewEncoder(w).Encode(x)
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		return nil, fmt.Errorf("pack what records came to: %w", err)
	}
	return b.Bytes(), nil
}

// Unpack reads what Pack wrote. An error is fault.Invalid.
func Unpack(doc []byte) (s Sheaf, err error) {
	wrong := func(err error) (Sheaf, error) {
		return Sheaf{}, fault.Wrap(fault.Invalid, err, "read what records came to")
	}
	text, err := io.ReadAll(io.LimitReader(flate.NewReader(bytes.NewReader(doc)), maxSheaf+1))
	if err == nil && len(text) > maxSheaf {
		err = fault.New(fault.Invalid, "it is more than %d bytes", maxSheaf)
	}
	if err != nil {
		return wrong(err)
	}
	var x sheafText
	if err := json.Unmarshal(text, &x); err != nil {
		return wrong(err)
	}
	for why, n := range x.Left {
		if !slices.Contains(reasons, why) || n < 0 {
			return wrong(fault.New(fault.Invalid, "%q is no reason that counts", why))
		}
	}
	s.Left = x.Left
	for i := range x.Entries {
		e, err := x.Entries[i].entry()
		if err != nil {
			return wrong(err)
		}
		s.Entries = append(s.Entries, e)
	}
	return s, nil
}

func (t *entryText) entry() (Entry, error) {
	e := Entry{
		stamp: t.Stamp, at: t.At, who: &who{t.Who, t.Root}, where: &where{t.Account, t.Region}, refused: t.Refused, console: t.Console,
	}
	if t.At <= 0 || t.At > latest || len(t.Uses) == 0 {
		return e, fault.New(fault.Invalid, "an entry has no time or no use")
	}
	for i := range t.Uses {
		u := &t.Uses[i]
		for _, on := range u.Resources {
			r := rowLine{Principal: t.Who, Root: t.Root, Act: u.Act, Resource: climb(on, leaf), Account: t.Account, Region: t.Region}
			if !r.sound() {
				return e, fault.New(fault.Invalid, "an entry of %s has a use that cannot be", t.Who)
			}
		}
		e.uses = append(e.uses, use{&u.Act, u.Resources})
	}
	return e, nil
}
