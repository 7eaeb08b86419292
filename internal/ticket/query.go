package ticket

import (
	"time"

	"jobzero/internal/finding"
)

// Query asks for one page of a list of tickets, the newest first. Its zero value asks for the first page of all.
type Query struct {
	States   []State // empty: in any
	Account  string
	Owner    string           // team or person
	Severity finding.Severity // at least so severe
	Text     string           // somewhere in the title or the subject, whatever the case
	Since    time.Time
	Until    time.Time // opened for the first time before then; zero: at any time
	After    ID        // the last that was seen; empty: begin with the newest
	Size     int       // of the page; 0: the store's own
}

// Page is one page of a list.
type Page struct {
	Tickets []Ticket `json:"tickets"`
	Next    ID       `json:"next,omitempty"` // what After of the next page is; empty: there is no more
	// Cut says that the page is short because only so much is looked at for one page: there may be more behind Next.
	Cut bool `json:"cut,omitempty"`
}
