package anchor

import (
	"bytes"
	"fmt"

	"jobzero/internal/fault"
	"jobzero/internal/ticket"
)

// Chain gives the links after one, in order, some at a time; none when there are no more.
type Chain func(after int64) ([]ticket.Link, error)

// Holds reports nothing when the chain has all that the statement says of it, and else names the first link that is not as it was.
func (s Statement) Holds(chain Chain) error {
	at := s.After
	for at < s.Seq {
		links, err := chain(at)
		if err != nil {
			return err
		}
		if len(links) == 0 {
			return fault.New(fault.Conflict, "the chain is cut off at link %d: the checkpoint of %s has %d", at, clock(s), s.Seq)
		}
		for _, l := range links {
			if l.Seq > s.Seq {
				break
			}
			if err := s.has(l, at+1); err != nil {
				return err
			}
			at = l.Seq
		}
	}
	return nil
}

// has holds one link against the statement.
func (s Statement) has(l ticket.Link, want int64) error {
	if l.Seq != want {
		return fault.New(fault.Conflict, "link %d was removed since the checkpoint of %s", want, clock(s))
	}
	sum, err := short(l.Hash)
	if err != nil {
		return err
	}
	from := (l.Seq - s.After - 1) * shortened
	if !bytes.Equal(sum, s.Links[from:from+shortened]) || l.Seq == s.Seq && l.Hash != s.Hash {
		return fault.New(fault.Conflict, "%s is not as it was at the checkpoint of %s", named(l), clock(s))
	}
	return nil
}

func named(l ticket.Link) string {
	return fmt.Sprintf("link %d (%s)", l.Seq, l.About())
}

func clock(s Statement) string { return s.At.UTC().Format("2006-01-02T15:04:05Z") }
