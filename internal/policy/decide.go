package policy

import "slices"

// Outcome is what policies say of a request.
type Outcome string

// The outcomes.
const (
	Denied    Outcome = "denied"
	Undecided Outcome = "undecided" // it depends on what is not known
	Untouched Outcome = "untouched" // no statement denies it
)

// Decision is an outcome and why.
type Decision struct {
	Outcome   Outcome
	Document  *Document  // of the statement that decides
	Statement *Statement // nil: nothing allows it, or it is untouched
	Unknown   []string   // of Undecided: what is not known
}

// Set is the policies that are attached together, at one level of an organisation. It is immutable and safe for concurrent use.
type Set struct {
	docs []*Document
	// allows is set when one of them has an Allow: then what no Allow is about is denied. Without any, the policy that allows everything
	// (FullAWSAccess, RCPFullAWSAccess) is taken to be attached beside them.
	allows bool
}

// NewSet makes a set.
func NewSet(docs ...*Document) Set {
	s := Set{docs: docs}
	for _, d := range docs {
		for _, st := range d.Statements {
			s.allows = s.allows || st.Allow
		}
	}
	return s
}

// Documents are those of the set.
func (s Set) Documents() []*Document { return s.docs }

// About reports whether anything in the set may deny an action, in small letters.
func (s Set) About(action string) bool {
	if s.allows {
		return true
	}
	for _, d := range s.docs {
		for _, st := range d.Statements {
			if !st.Allow && st.Names(action) {
				return true
			}
		}
	}
	return false
}

// Decide says what the set makes of a request. A Deny outranks every Allow.
func (s Set) Decide(r Request) Decision {
	out := Decision{Outcome: Untouched}
	allowed := Match{Truth: truth(!s.allows)}
	for _, d := range s.docs {
		for _, st := range d.Statements {
			if st.Allow && allowed.Truth == Yes {
				continue
			}
			m := st.Match(r)
			switch {
			case st.Allow:
				if m.Truth > allowed.Truth {
					allowed = m
				}
			case m.Truth == Yes:
				return Decision{Outcome: Denied, Document: d, Statement: st}
			case m.Truth == Maybe:
				if out.Statement == nil {
					out.Document, out.Statement = d, st
				}
				out.Outcome = Undecided
				out.Unknown = append(out.Unknown, m.Unknown...)
			}
		}
	}
	switch allowed.Truth {
	case No:
		return Decision{Outcome: Denied}
	case Maybe:
		out.Outcome = Undecided
		out.Unknown = append(out.Unknown, allowed.Unknown...)
	case Yes:
	}
	slices.Sort(out.Unknown)
	out.Unknown = slices.Compact(out.Unknown)
	return out
}
