package app

import (
	"context"
	"slices"
	"strings"

	"jobzero/internal/fault"
	"jobzero/internal/notice"
	"jobzero/internal/notify"
	"jobzero/internal/notify/slack"
	"jobzero/internal/playbook"
)

const legChat = "chat" // hears what people press in Slack

// listenToSlack is the stream leg that hears. Each process listens; Slack sends a press to one of them.
func (h *House) listenToSlack(ctx context.Context) error {
	return slack.Listener{
		Config: h.config.Notify.Slack, Who: h.memberOfSlack, Press: h.Pressed, Command: h.typed, Now: h.clock.Now,
		Note: func(what string, err error) { h.log.Warn("slack", "doing", what, "error", err) },
	}.Listen(ctx)
}

// memberOfSlack is the person that a member is: whoever has said so, or whose address of the organisation file Slack has of them.
func (h *House) memberOfSlack(member, email string) (string, bool) {
	k := h.knowledge.Load()
	if p, ok := k.Telling.Preferences.BySlack(member); ok {
		return p, true
	}
	if k.Org == nil || email == "" {
		return "", false
	}
	for _, p := range k.Org.People {
		if strings.EqualFold(p.Email, email) {
			return p.ID, true
		}
	}
	return "", false
}

// deed is what a button does, in the transaction that notes the press.
type deed func(ctx context.Context, tx storeTx, d notice.Delivery, p notice.Press) (said string, err error)

// cause is what a button is on, and which it is.
type cause struct {
	kind notice.Kind
	do   notice.Deed
}

// buttons are what buttons do. One that has no entry is refused: nobody is to think that something was done.
func (h *House) buttons() map[cause]deed {
	return map[cause]deed{
		{notice.Page, notice.Acknowledge}:   h.taken,
		{notice.Page, notice.Escalate}:      h.higher,
		{notice.Handoff, notice.Accept}:     h.accepted,
		{notice.Approval, notice.Approve}:   h.respond,
		{notice.Approval, notice.Deny}:      h.respond,
		{notice.Report, notice.Acknowledge}: noted,
		{notice.Digest, notice.Acknowledge}: noted,
	}
}

// Pressed does what somebody has pressed on a message, whichever channel it came by. A second press does nothing, and says who was first.
func (h *House) Pressed(ctx context.Context, p notice.Press) (said string, err error) {
	err = h.store.Update(ctx, func(tx storeTx) error {
		d, err := tx.Delivery(ctx, p.Delivery)
		switch {
		case fault.Is(err, fault.NotFound):
			return fault.New(fault.NotFound, "this message is not known any more")
		case err != nil:
			return err
		case !slices.Contains(d.Message.Buttons, p.Do):
			return fault.New(fault.Invalid, "this message has no button %s", p.Do)
		}
		said, err = h.pressed(ctx, tx, d, p)
		return err
	})
	return said, err
}

func (h *House) pressed(ctx context.Context, tx storeTx, d notice.Delivery, p notice.Press) (string, error) {
	d, first, err := notify.Answer(ctx, tx, p)
	if err != nil {
		return "", err
	}
	if !first {
		return "Answered already: " + d.By + " has said " + string(d.Deed) + ".", nil
	}
	do := h.buttons()[cause{d.Message.Kind, p.Do}]
	if do == nil {
		return "", fault.New(fault.Denied, "%s of a %s is not done from here", p.Do, d.Message.Kind)
	}
	return do(ctx, tx, d, p)
}

// noted is all that some buttons ask for.
func noted(_ context.Context, _ storeTx, _ notice.Delivery, p notice.Press) (string, error) {
	return "Noted: " + string(p.Do) + ".", nil
}

// respond answers a step of a playbook that asks, in the name of whoever pressed.
func (h *House) respond(ctx context.Context, tx storeTx, d notice.Delivery, p notice.Press) (string, error) {
	run, step, ok := strings.Cut(d.Message.About, "/")
	if !ok {
		return "", fault.New(fault.Internal, "the message is about %q, which is no step of a run", d.Message.About)
	}
	a := playbook.Answer{Run: run, Step: step, Yes: p.Do == notice.Approve, Order: playbook.Order{Person: p.Person, Reason: "by " + p.Via}}
	if err := playbook.Respond(ctx, within{asking{tx, h}}, a, p.At); err != nil {
		return "", err
	}
	return "Noted: " + string(p.Do) + ".", nil
}

// within is a store whose transactions are a part of one that is open.
type within struct{ tx playbook.Tx }

// Update goes on in the transaction.
func (w within) Update(_ context.Context, do func(playbook.Tx) error) error { return do(w.tx) }

// View goes on in the transaction.
func (w within) View(_ context.Context, do func(playbook.Tx) error) error { return do(w.tx) }
