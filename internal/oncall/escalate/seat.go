package escalate

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"

	"jobzero/internal/org"
	"jobzero/internal/ticket"
)

// The seats that every policy has. manager/N is the N-th manager above who answers for the ticket, above/N the N-th above who is on duty,
// person/ID one person. Other words are seats that the policy names.
const (
	Primary   = "primary"   // on duty
	Secondary = "secondary" // on duty
	Owner     = "owner"     // the person who answers for the ticket
	Lead      = "lead"      // the lead of the team that answers for it
	Top       = "top"       // of the chain of command above who is on duty
)

// The forms of seats with a number or a name in them.
var (
	upForm     = regexp.MustCompile(`^(manager|above)/([1-9])$`)
	personForm = regexp.MustCompile(`^person/(\S+)$`)
	seatForm   = regexp.MustCompile(`^[a-z][a-z0-9-]{0,39}$`)
)

// builtIn are the seats without a number.
func builtIn() []string { return []string{Primary, Secondary, Owner, Lead, Top} }

// Seats says who sits where at one instant.
type Seats struct {
	Org                *org.Org
	Named              map[string][]string // of the policy
	Owners             []ticket.Owner      // who answer for the tickets of the page
	Primary, Secondary string              // on duty; empty: nobody
}

// Who are the people in a seat, each once; none when nobody sits there.
func (s Seats) Who(word string) []string {
	if m := personForm.FindStringSubmatch(word); m != nil {
		return []string{m[1]}
	}
	if m := upForm.FindStringSubmatch(word); m != nil {
		n, _ := strconv.Atoi(m[2])
		if m[1] == "above" {
			return s.up([]string{s.Primary}, n)
		}
		return s.up(s.answering(), n)
	}
	switch word {
	case Primary:
		return some(s.Primary)
	case Secondary:
		return some(s.Secondary)
	case Owner:
		return s.each(func(o ticket.Owner) string { return o.Person })
	case Lead:
		return s.answering()
	case Top:
		return s.top()
	}
	return some(s.Named[word]...)
}

// top is the end of the chain above who is on duty. When nobody is, it is whoever is above all others: somebody has to hear that.
func (s Seats) top() []string {
	if c := s.Org.Chain(s.Primary); len(c) > 0 {
		return []string{c[len(c)-1].ID}
	}
	if s.Primary != "" || s.Org == nil {
		return nil
	}
	var out []string
	for _, p := range s.Org.People {
		if c := s.Org.Chain(p.ID); len(c) > 0 {
			out = append(out, c[len(c)-1].ID)
		}
	}
	return some(out...)
}

// answering are the leads of the teams that answer, or the person where there is no team with a lead.
func (s Seats) answering() []string {
	return s.each(func(o ticket.Owner) string {
		if t, ok := s.Org.Team(o.Team); ok && t.Lead != "" {
			return t.Lead
		}
		return o.Person
	})
}

// up are the managers n levels above some people.
func (s Seats) up(people []string, n int) (out []string) {
	for _, p := range people {
		if c := s.Org.Chain(p); n <= len(c) {
			out = append(out, c[n-1].ID)
		}
	}
	return some(out...)
}

func (s Seats) each(of func(ticket.Owner) string) (out []string) {
	for _, o := range s.Owners {
		out = append(out, of(o))
	}
	return some(out...)
}

// some are the words that are not empty, each once, in their order.
func some(words ...string) (out []string) {
	for _, w := range words {
		if w != "" && !slices.Contains(out, w) {
			out = append(out, w)
		}
	}
	return out
}

// Describe says in words who a seat is.
func Describe(word string) string {
	if m := upForm.FindStringSubmatch(word); m != nil {
		if m[1] == "above" {
			return fmt.Sprintf("manager %s above who is on duty", m[2])
		}
		return fmt.Sprintf("manager %s above who answers for it", m[2])
	}
	if m := personForm.FindStringSubmatch(word); m != nil {
		return m[1]
	}
	switch word {
	case Primary, Secondary:
		return word + " on duty"
	case Owner:
		return "who answers for it"
	case Holder:
		return "who has it already"
	case Lead:
		return "lead of the team that answers for it"
	case Top:
		return "the top above who is on duty"
	}
	return word
}
