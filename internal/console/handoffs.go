package console

import (
	"net/http"
	"net/url"
	"strings"
	"time"
	"unicode"

	"jobzero/internal/fault"
	"jobzero/internal/oncall/handoff"
)

// mostHandoffs are shown on one page: two weeks of a rota.
const mostHandoffs = 56

// handoffsPage is what was handed over, and what is about to be.
type handoffsPage struct {
	Coming []Coming
	All    []handoffRow
	More   string
	Start  string
}

// handoffRow is one handoff in a list.
type handoffRow struct {
	handoff.Handoff
}

// Path is its page.
func (h handoffRow) Path() string { return handoffPath(h.ID) }

// Word is where it is, in one word.
func (h handoffRow) Word() string {
	switch {
	case h.Escalated():
		return "escalated"
	case h.State == handoff.Open:
		return "waits"
	}
	return string(h.State)
}

// Items are how many things its document has.
func (h handoffRow) Items() (n int) {
	for _, p := range h.Document.Parts {
		n += p.Total
	}
	return n
}

func handoffPath(id handoff.ID) string { return "/oncall/handoff/" + url.PathEscape(string(id)) }

// Coming is the next handover of a rota.
type Coming struct {
	Rota     string
	Due      time.Time // when duty passes on
	Written  time.Time // when its document is written
	From, To string    // as planned now
	Site     string
	ID       handoff.ID // empty: it is not written yet
}

// Path is the page of the handoff.
func (c Coming) Path() string { return handoffPath(c.ID) }

func (c *Console) handoffs(v visit) (page, error) {
	out := handoffsPage{}
	until, err := untilOf(v.URL)
	if err != nil {
		return page{}, err
	}
	if until.IsZero() {
		if out.Coming, err = c.OnCall.Coming(v.Context(), v.now); err != nil {
			return page{}, err
		}
	} else {
		out.Start = "/oncall/handoff"
	}
	var all []handoff.Handoff
	err = c.Reader.View(v.Context(), func(tx Tx) (err error) {
		all, err = tx.Handoffs(v.Context(), v.URL.Query().Get("rota"), nil, until, mostHandoffs)
		return err
	})
	if len(all) == mostHandoffs { // those of one hour stay together
		last := all[len(all)-1].Due
		out.More = onward(v.URL, last.Format(time.RFC3339))
		for len(all) > 1 && all[len(all)-1].Due.Equal(last) {
			all = all[:len(all)-1]
		}
	}
	for _, h := range all {
		out.All = append(out.All, handoffRow{h})
	}
	return page{name: "handoffs", title: "Handoffs", here: "/oncall", content: out}, err
}

// untilOf is where a list goes on; zero at its beginning.
func untilOf(u *url.URL) (time.Time, error) {
	word := u.Query().Get("after")
	if word == "" {
		return time.Time{}, nil
	}
	t, err := time.Parse(time.RFC3339, word)
	if err != nil {
		return t, fault.New(fault.Invalid, "%q is no time to go on from", word)
	}
	return t, nil
}

// handoffPage is one handoff, with what the visitor may do with it.
type handoffPage struct {
	handoffRow
	CanAccept bool
	CanNote   bool
	Said      string // why a form was refused
}

// Waits is who is asked now, for a sentence.
func (h handoffPage) Waits() string { return list(h.May()) }

func (c *Console) handoff(v visit) (page, error) {
	h, err := c.readHandoff(v)
	if err != nil {
		return page{}, err
	}
	out := handoffPage{handoffRow: handoffRow{h}}
	for _, p := range h.May() {
		out.CanAccept = out.CanAccept || p == v.visitor.Person && p != ""
	}
	out.CanAccept = out.CanAccept && h.State == handoff.Open && v.now.Before(h.Ends)
	out.CanNote = h.Concerns(v.visitor.Person) || v.visitor.may(OnDuty, "")
	return page{name: "handoff", title: "Handoff at " + h.Due.UTC().Format("15:04") + " UTC", here: "/oncall", content: out}, nil
}

func (c *Console) readHandoff(v visit) (h handoff.Handoff, err error) {
	err = c.Reader.View(v.Context(), func(tx Tx) error {
		h, err = tx.Handoff(v.Context(), handoff.ID(v.PathValue("id")))
		return err
	})
	return h, err
}

// concerned reports whether a handoff concerns the visitor: whoever it asks may answer, whatever the role.
func (c *Console) concerned(v visit) bool {
	h, err := c.readHandoff(v)
	return err == nil && h.Concerns(v.visitor.Person)
}

func (c *Console) acceptHandoff(o order) (to, said string, err error) {
	id := handoff.ID(o.PathValue("id"))
	_, err = c.OnCall.Turn(o.Context(), id, func(h handoff.Handoff) (handoff.Handoff, error) {
		return h.AcceptBy(o.visitor.Person, handoff.ByConsole, o.now)
	})
	return handoffPath(id), "accepted", err
}

func (c *Console) noteHandoff(o order) (to, said string, err error) {
	id := handoff.ID(o.PathValue("id"))
	_, err = c.OnCall.Turn(o.Context(), id, func(h handoff.Handoff) (handoff.Handoff, error) { return h.Note(o.visitor.Person, o.reason, o.now) })
	return handoffPath(id), "noted", err
}

// noteOf reads a note, which may have lines.
func noteOf(r *http.Request) (string, error) {
	if err := r.ParseForm(); err != nil {
		return "", fault.Wrap(fault.Invalid, err, "read the form")
	}
	note := strings.TrimSpace(strings.ReplaceAll(r.PostForm.Get("note"), "\r\n", "\n"))
	if strings.ContainsFunc(note, func(r rune) bool { return unicode.IsControl(r) && r != '\n' && r != '\t' }) {
		return "", fault.New(fault.Invalid, "a note takes plain text")
	}
	return note, nil
}

// nothing is what an act needs that says it all by itself.
func nothing(r *http.Request) (string, error) {
	return "", fault.Wrap(fault.Invalid, r.ParseForm(), "read the form")
}
