package console

import (
	"context"
	"net/http"
	"time"

	"jobzero/internal/oncall"
	"jobzero/internal/oncall/handoff"
)

// OnCall is what people do about duty, by the verbs of the commands.
type OnCall interface {
	Coming(ctx context.Context, now time.Time) ([]Coming, error)
	Turn(ctx context.Context, id handoff.ID, turn func(handoff.Handoff) (handoff.Handoff, error)) (handoff.Handoff, error)
	Linked(ctx context.Context, secret string) (handoff.Link, handoff.Handoff, error)
	AcceptLinked(ctx context.Context, secret, from string) (handoff.Handoff, error)
	ChangeRota(ctx context.Context, want oncall.Wish, o oncall.Order) (oncall.Change, error)
	WhoseRotas(ctx context.Context, want oncall.Wish) (teams []string, away string, err error)
	// Rotas are the names of all, the first one first, and their text.
	Rotas() (names []string, text string)
}

// Strangers are those who come with a link and no name. Auth's gate holds those who guess.
type Strangers interface {
	Held(r *http.Request) time.Duration
	Missed(r *http.Request, what string)
	Address(r *http.Request) string
}

func (c *Console) dutyLooks() map[string]look {
	return map[string]look{
		"/oncall/handoff": c.handoffs, "/oncall/handoff/{id}": c.handoff, "/oncall/rota": c.rota, "/pages": c.pageList, "/pages/{id}": c.onePage,
	}
}

func (c *Console) dutyActs() map[string]act {
	return map[string]act{
		"/oncall/handoff/{id}/accept": {needs: OnDuty, team: nobodys, party: c.concerned, words: nothing, do: c.acceptHandoff},
		"/oncall/handoff/{id}/note":   {needs: OnDuty, team: nobodys, party: c.concerned, words: noteOf, do: c.noteHandoff},
		"/oncall/override":            c.rotaAct(oncall.Override),
		"/oncall/swap":                c.rotaAct(oncall.Swap),
		"/oncall/take":                c.rotaAct(oncall.Take),
		"/oncall/leave":               c.rotaAct(oncall.Away),
		"/oncall/withdraw":            c.rotaAct(oncall.Withdrawal),
		"/pages/{id}/ack":             {needs: OnDuty, team: nobodys, party: c.called, words: perhaps, do: c.acknowledge},
		"/pages/{id}/snooze":          {needs: OnDuty, team: nobodys, party: c.called, words: perhaps, do: c.snooze},
		"/pages/{id}/escalate":        {needs: Look, team: nobodys, do: c.escalate},
	}
}

// tryAgain shows the page of a form once more, with why it was refused.
func (c *Console) tryAgain(w http.ResponseWriter, o order, a act, err error) {
	p, bad := a.again(o, err)
	if bad != nil {
		c.fail(w, o.Request, o.visitor, bad)
		return
	}
	p.status = http.StatusConflict
	c.write(w, o.Request, o.visitor, p)
}
