package burndown

import (
	_ "embed"
	"slices"
	"strings"
	"sync"
	"time"

	"jobzero/internal/access/ledger"
	"jobzero/internal/org"
	"jobzero/internal/principal/lineage"
)

// Unknown is the name of what has no owner, no account or no person that is known.
const Unknown = "unknown"

// Sums are what people did.
type Sums struct {
	Sessions int `json:"sessions"` // of one person in one principal in one account on one day
	Console  int `json:"console"`  // of the sessions: those with a call in the console
	Shells   int `json:"shells"`   // opened on machines, those that were refused left out
	Reads    int `json:"reads"`    // of what is stored
	Writes   int `json:"writes"`   // to what is stored
	Refused  int `json:"refused"`  // of the reads and writes
}

func (s *Sums) add(o Sums) {
	s.Sessions += o.Sessions
	s.Console += o.Console
	s.Shells += o.Shells
	s.Reads += o.Reads
	s.Writes += o.Writes
	s.Refused += o.Refused
}

// Cell is what one person did for one team's things in one account on one day.
type Cell struct {
	Day     time.Time // UTC
	Team    string
	Person  string
	Account string
	Sums
}

// Count is all that people did.
type Count struct {
	Cells   []Cell
	Unknown int // uses of data of which nobody knows who was behind them: they may have been people
	// Last is the last day on which the ledger has anything at all, people's or not; zero when it is empty.
	Last, First time.Time
}

type corner struct {
	day                   time.Time
	team, person, account string
}

type session struct {
	day                        time.Time
	person, principal, account string
}

// Of counts a view. Without an organisation all is owned by nobody that is known.
func Of(v ledger.View, o *org.Org) Count {
	c := counter{org: o, teams: map[[2]string]string{}, cells: map[corner]*Sums{}, sessions: map[session]bool{}}
	for day, r := range v.Daily() {
		c.take(day, r)
	}
	return c.count()
}

type counter struct {
	org      *org.Org
	teams    map[[2]string]string // by account and resource
	cells    map[corner]*Sums
	sessions map[session]bool // with a call in the console or not
	out      Count
}

func (c *counter) take(day time.Time, r ledger.Row) {
	if c.out.Last.Before(day) {
		c.out.Last = day
	}
	if c.out.First.IsZero() || day.Before(c.out.First) {
		c.out.First = day
	}
	if !r.Root.Human() {
		if r.Data && r.Root.Kind == lineage.Unknown {
			c.out.Unknown += r.Count
		}
		return
	}
	person := nameOf(r.Root)
	account := known(r.Account)
	s := session{day, person, r.Principal, account}
	c.sessions[s] = c.sessions[s] || r.Console > 0
	switch {
	case r.Data:
		at := c.cell(corner{day, c.team(account, r.Resource), person, account})
		if r.Writes() {
			at.Writes += r.Count
		} else {
			at.Reads += r.Count
		}
		at.Refused += r.Refused
	case shell(r.Name):
		c.cell(corner{day, c.team(account, r.Resource), person, account}).Shells += r.Count - r.Refused
	}
}

func (c *counter) cell(at corner) *Sums {
	s := c.cells[at]
	if s == nil {
		s = &Sums{}
		c.cells[at] = s
	}
	return s
}

func (c *counter) count() Count {
	for s, console := range c.sessions {
		at := c.cell(corner{s.day, c.team(s.account, ""), s.person, s.account})
		at.Sessions++
		if console {
			at.Console++
		}
	}
	for at, s := range c.cells {
		if *s != (Sums{}) {
			c.out.Cells = append(c.out.Cells, Cell{at.day, at.team, at.person, at.account, *s})
		}
	}
	slices.SortFunc(c.out.Cells, compareCells)
	return c.out
}

func compareCells(a, b Cell) int {
	if n := b.Day.Compare(a.Day); n != 0 {
		return n
	}
	return strings.Compare(a.Team+"\x00"+a.Person+"\x00"+a.Account, b.Team+"\x00"+b.Person+"\x00"+b.Account)
}

//go:embed shells.txt
var shellsText string

var shells = sync.OnceValue(func() map[string]bool {
	out := map[string]bool{}
	for line := range strings.Lines(shellsText) {
		if name := strings.TrimSpace(line); name != "" && !strings.HasPrefix(name, "#") {
			out[name] = true
		}
	}
	return out
})

// shell reports whether an action opens a shell or a tunnel to a machine.
func shell(action string) bool { return shells()[action] }
