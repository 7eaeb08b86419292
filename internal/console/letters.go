package console

import (
	"encoding/hex"
	"slices"
	"unicode/utf8"

	"jobzero/internal/event"
	"jobzero/internal/fault"
)

// lettersPage is what could not be read.
type lettersPage struct {
	States      []choice
	Page        event.LetterPage
	More, Start string
}

func (c *Console) letters(v visit) (page, error) {
	if err := v.visitor.must(Letters, ""); err != nil {
		return page{}, err
	}
	get := v.URL.Query()
	q := event.LetterQuery{State: event.LetterState(get.Get("state")), After: get.Get("after")}
	states := []event.LetterState{event.Dead, event.Replayed}
	if q.State != "" && !slices.Contains(states, q.State) {
		return page{}, fault.New(fault.Invalid, "use a state of %s", list(states))
	}
	var out lettersPage
	for _, s := range states {
		out.States = append(out.States, choice{string(s), s == q.State})
	}
	err := c.Reader.View(v.Context(), func(tx Tx) (err error) {
		out.Page, err = tx.LetterPage(v.Context(), q)
		return err
	})
	if out.Page.Next != "" {
		out.More = onward(v.URL, out.Page.Next)
	}
	if q.After != "" {
		out.Start = onward(v.URL, "")
	}
	return page{name: "letters", title: "Dead letters", here: "/deadletters", content: out}, err
}

// letterPage is one dead letter with its beginning.
type letterPage struct {
	event.Letter
	Shown  string
	Rest   int
	Replay bool
	May    rights
}

const mostBytes = 4 << 10

func (c *Console) letter(v visit) (page, error) {
	if err := v.visitor.must(Letters, ""); err != nil {
		return page{}, err
	}
	var l event.Letter
	err := c.Reader.View(v.Context(), func(tx Tx) (err error) {
		l, err = tx.Letter(v.Context(), v.PathValue("id"))
		return err
	})
	shown := l.Bytes[:min(len(l.Bytes), mostBytes)]
	out := letterPage{Letter: l, Shown: clean(string(shown)), Rest: len(l.Bytes) - len(shown), Replay: c.Replay != nil && l.State == event.Dead, May: rightsOf(v.visitor, "")}
	if !utf8.Valid(shown) {
		out.Shown = hex.Dump(shown)
	}
	return page{name: "letter", title: "Dead letter", here: "/deadletters", content: out}, err
}
