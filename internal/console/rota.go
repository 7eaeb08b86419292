package console

import (
	"net/url"
	"slices"
	"time"

	"jobzero/internal/fault"
	"jobzero/internal/oncall"
)

// rotaPage is the text of the rotas, what was changed in them, and the forms to change more.
type rotaPage struct {
	Names   []string
	Text    string
	Changes []changeRow
	Form    url.Values // as it was sent, where it was refused
	Refused []string   // why, line by line: each gap by itself
	Wrong   string     // which form
	May     bool
	Now     time.Time
}

// changeRow is a span of a change.
type changeRow struct {
	oncall.Change
	oncall.Span
	Back bool // it was taken back
	Can  bool // it can be
}

// Is reports whether a word of a form was chosen, or stands first where nothing was.
func (p rotaPage) Is(form, name, word string) bool {
	return p.Wrong == form && slices.Contains(p.Form[name], word)
}

// Value is what a field had when its form was refused.
func (p rotaPage) Value(form, name string) string {
	if p.Wrong != form {
		return ""
	}
	return p.Form.Get(name)
}

func (c *Console) rota(v visit) (page, error) { return c.rotaForms(v, rotaPage{}) }

func (c *Console) rotaForms(v visit, out rotaPage) (page, error) {
	out.Names, out.Text = c.OnCall.Rotas()
	out.May, out.Now = v.visitor.Person != "", v.now
	var all []oncall.Change
	err := c.Reader.View(v.Context(), func(tx Tx) (err error) {
		all, err = tx.Changes(v.Context(), "", v.now)
		return err
	})
	for _, x := range slices.Backward(all) {
		back := slices.ContainsFunc(all, func(o oncall.Change) bool { return o.Of == x.ID })
		for i, s := range x.Spans {
			out.Changes = append(out.Changes, changeRow{x, s, back, i == 0 && !back && x.Kind != oncall.Withdrawal && out.May})
		}
	}
	return page{name: "rota", title: "Rota", here: "/oncall", content: out}, err
}

// rotaAct changes a rota as a form says. A refusal comes with the form, and with everything that it would make wrong.
func (c *Console) rotaAct(kind oncall.Kind) act {
	return act{
		needs: OnDuty, team: nobodys, party: func(v visit) bool { return c.mayChange(v, kind) },
		do: func(o order) (to, said string, err error) {
			want, err := wishOf(kind, o.PostForm)
			if err != nil {
				return "", "", err
			}
			_, err = c.OnCall.ChangeRota(o.Context(), want, oncall.Order{By: o.visitor.Person, Why: o.reason, Accept: accepted(o.PostForm)})
			return "/oncall/rota", "changed", err
		},
		again: func(o order, err error) (page, error) {
			return c.rotaForms(o.visit, rotaPage{Form: o.PostForm, Wrong: string(kind), Refused: lines(err.Error())})
		},
	}
}

// mayChange reports whether all rotas that a change is about are of teams for which the visitor may, or whether it is the visitor who is away.
func (c *Console) mayChange(v visit, kind oncall.Kind) bool {
	if v.visitor.Person == "" || v.ParseForm() != nil {
		return false
	}
	want, err := wishOf(kind, v.PostForm)
	if err != nil {
		return false
	}
	teams, away, err := c.OnCall.WhoseRotas(v.Context(), want)
	if err != nil {
		return false
	}
	return away == v.visitor.Person || !slices.ContainsFunc(teams, func(t string) bool { return !v.visitor.may(OnDuty, t) })
}

func accepted(f url.Values) (out []oncall.FaultKind) {
	for _, word := range f["accept"] {
		out = append(out, oncall.FaultKind(word))
	}
	return out
}

// wishOf reads a form.
func wishOf(kind oncall.Kind, f url.Values) (oncall.Wish, error) {
	w := oncall.Wish{Kind: kind, Rota: f.Get("rota"), Seat: oncall.Seat(f.Get("seat")), Person: f.Get("person"), Change: f.Get("change")}
	form := "2006-01-02T15:04"
	if kind == oncall.Away {
		form = time.DateOnly
	}
	for _, x := range []struct {
		name string
		into *time.Time
	}{{"from", &w.From}, {"until", &w.Until}, {"first", &w.Times[0]}, {"second", &w.Times[1]}} {
		word := f.Get(x.name)
		if word == "" {
			continue
		}
		t, err := time.Parse(form, word)
		if err != nil {
			return w, fault.New(fault.Invalid, "%s: %q is no time: write it as %s, in UTC", x.name, word, form)
		}
		*x.into = t
	}
	return w, nil
}
