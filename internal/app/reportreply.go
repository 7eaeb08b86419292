package app

import (
	"context"
	"fmt"
	"strings"
	"time"

	"jobzero/internal/fault"
	"jobzero/internal/notice"
	notifying "jobzero/internal/notify/builtin"
	"jobzero/internal/report"
	"jobzero/internal/ticket"
)

// answerMail sends the code to whoever wrote an e-mail. The code is made for this answer and kept nowhere: an answer that has to be tried again
// has another one, and the one before opens nothing any more.
func (h *House) answerMail(ctx context.Context, id report.ID) error {
	post, ok := h.config.Notify.Mailer(notifying.Options{})
	said, err := h.reports().One(ctx, id)
	if err != nil || !ok || !said.Answered.IsZero() {
		return err
	}
	to := h.addressOf(said)
	if to == "" {
		return h.answered(ctx, id, "they are not among the people of the organisation file any more")
	}
	said, code, err := h.recode(ctx, id)
	if err != nil {
		return err
	}
	err = post.Mail(ctx, notice.Letter{
		ID: fmt.Sprintf("report/%s/%d", id, said.Version), To: []string{to}, Subject: "Your report", Text: h.thanks(said, code), At: h.clock.Now(),
	})
	switch {
	case err == nil:
		return h.answered(ctx, id, "")
	case fault.Is(err, fault.Denied), fault.Is(err, fault.Invalid):
		return h.answered(ctx, id, err.Error())
	}
	return err
}

// addressOf is where whoever wrote a report by e-mail is answered.
func (h *House) addressOf(said report.Report) string {
	if strings.Contains(said.Person, "@") {
		return said.Person
	}
	if o := h.knowledge.Load().Org; o != nil {
		if p, ok := o.Person(said.Person); ok {
			return p.Email
		}
	}
	return ""
}

// recode gives a report a new code.
func (h *House) recode(ctx context.Context, id report.ID) (said report.Report, code report.Code, err error) {
	err = h.store.Update(ctx, func(tx storeTx) error {
		if said, err = tx.Report(ctx, id); err != nil {
			return err
		}
		code = said.Recode()
		said.Version++
		return tx.SaveReport(ctx, said)
	})
	return said, code, err
}

// thanks are the words of the answer. Nothing of the e-mail is in them: whoever writes in another's name would have us carry his words there.
func (h *House) thanks(said report.Report, code report.Code) string {
	text := fmt.Sprintf(`Thank you. Your e-mail has become report %s, and a person will look at it.

E-mail is not anonymous: your address is kept with the report, and the servers on the way know it too.

By this code you follow the report, add to it, or go to the top with it. It is not shown again:

    %s

`, said.ID, code)
	if url := strings.TrimSuffix(h.config.Auth.URL, "/"); url != "" && !h.config.Console.Off {
		text += "Follow it at " + url + "/report/follow\n"
	}
	return text + `Or: jobzero report follow CODE

Nobody reads what is sent to this address. If you have not written to us, somebody has used your address, and there is nothing that you have to do.
`
}

// answered notes that the code went out, or why not, and never will.
func (h *House) answered(ctx context.Context, id report.ID, why string) error {
	now := h.clock.Now()
	return h.store.Update(ctx, func(tx storeTx) error {
		said, err := tx.Report(ctx, id)
		if err != nil {
			return err
		}
		said.Answered = now
		said.Version++
		if err := tx.SaveReport(ctx, said); err != nil {
			return err
		}
		t, err := tx.Ticket(ctx, ticket.ID(id))
		if err != nil {
			return err
		}
		e := ticket.Entry{At: now, Actor: byReports, Kind: "answered", Text: "Whoever wrote it was sent the code by e-mail"}
		if why != "" {
			e.Kind, e.Text = "not told", "Whoever wrote it could not be sent the code: "+why
		}
		return tx.AppendEntry(ctx, &t, e)
	})
}

// unanswered is the end of an answer that was tried too often.
func (h *House) unanswered(ctx context.Context, ref string, cause error) error {
	kind, id, ok := strings.Cut(ref, "/")
	if !ok || kind != mailAnswer {
		return h.later(ctx, legMail, ref, time.Minute) // a place is looked at for ever
	}
	return h.answered(ctx, report.ID(id), cause.Error())
}
