package report

import (
	"time"

	"jobzero/internal/ticket"
)

// Progress is what whoever said it may see: what became of it, and not what was found about others.
type Progress struct {
	ID        ID           `json:"id"`
	Title     string       `json:"title"`
	Made      time.Time    `json:"made"`
	State     ticket.State `json:"state"`
	Seen      time.Time    `json:"seen,omitzero"`   // a person said that they have it
	FixBy     time.Time    `json:"fix_by,omitzero"` // until when it has to be settled
	Closed    time.Time    `json:"closed,omitzero"`
	Outcome   string       `json:"outcome,omitempty"` // why it was closed, as whoever closed it wrote
	Escalated []time.Time  `json:"escalated,omitempty"`
	Replies   []Reply      `json:"replies,omitempty"`
	Files     int          `json:"files"`
}

// Progress is what became of it. Whoever closes a report's ticket is told that whoever reported it reads why.
func (r Report) Progress(t ticket.Ticket) Progress {
	p := Progress{
		ID: r.ID, Title: r.Title, Made: r.Made, State: t.State, Seen: t.Clocks.Acknowledged, FixBy: t.Clocks.FixBy, Escalated: r.Escalated,
		Replies: r.Replies, Files: len(r.Files),
	}
	if t.State == ticket.Closed {
		p.Closed, p.Outcome = t.Clocks.Closed, t.Reason
	}
	return p
}
