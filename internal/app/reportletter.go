package app

import (
	"cmp"
	"context"
	"errors"
	netmail "net/mail"
	"strings"

	"jobzero/internal/fault"
	"jobzero/internal/report"
	"jobzero/internal/report/mail"
	"jobzero/internal/store"
)

// errTwice says that a message came by another way meanwhile; it is looked at again.
var errTwice = errors.New("the message was taken in meanwhile")

// takeLetter makes a report of a message, unless that was done, or it is of our own or an answer of a machine.
func (h *House) takeLetter(ctx context.Context, at mailed, l mail.Letter) error {
	now, same := h.clock.Now(), ""
	if l.ID != "" {
		same = hashed("message", l.ID, l.From)
	}
	known, err := h.mailBefore(ctx, same)
	if err != nil {
		return err
	}
	if known || l.Writer == mail.Answerer || h.ourAddress(l.From) {
		return h.store.Update(ctx, func(tx storeTx) error {
			_, err := tx.TakeMail(ctx, at.place, "", now)
			return err
		})
	}
	answer := l.Writer == mail.Person && h.config.Report.Mail.Answer && h.config.Notify.SMTP.Server != ""
	_, _, err = h.reports().send(ctx, h.saidByMail(l), func(tx *store.Tx, r report.Report) error {
		return noteMail(ctx, tx, r, answer, at.place, same)
	})
	if fault.Is(err, fault.Denied) || fault.Is(err, fault.Invalid) {
		return h.deadMail(ctx, at, err, nil)
	}
	return err
}

func (h *House) mailBefore(ctx context.Context, same string) (known bool, err error) {
	if same == "" {
		return false, nil
	}
	err = h.store.View(ctx, func(tx storeTx) error {
		_, known, err = tx.MailTaken(ctx, same)
		return err
	})
	return known, err
}

// noteMail notes in the report's transaction by what its message is known, and has it answered.
func noteMail(ctx context.Context, tx *store.Tx, r report.Report, answer bool, by ...string) error {
	for _, key := range by {
		if key == "" {
			continue
		}
		first, err := tx.TakeMail(ctx, key, r.ID, r.Made)
		if err != nil {
			return err
		}
		if !first {
			return errTwice
		}
	}
	if !answer {
		return nil
	}
	return tx.Enqueue(ctx, legMail, mailAnswer+"/"+string(r.ID), r.Made)
}

// saidByMail is what a message says. Whether it is from whom it names is known only by the word of a server that the settings trust.
func (h *House) saidByMail(l mail.Letter) report.Said {
	s := report.Said{Person: l.From, Via: "e-mail", Title: cmp.Or(l.Subject, "An e-mail without a subject"), Text: l.Text, Files: l.Files}
	trusted := h.config.Report.Mail.Trusted
	switch l.Sender(trusted) {
	case mail.Passed:
		s.Signed = "The address is theirs: " + trusted + " has checked it (DMARC)."
		if p, ok := h.personOfMail(l.From); ok {
			s.Person = p
		}
	case mail.Failed:
		s.Signed = "It is not from the address that it names: " + trusted + " has checked it (DMARC)."
	case mail.Unknown:
		s.Signed = "Whether it is from the address that it names is not known."
	}
	for _, why := range l.Left {
		s.Text += "\nNot taken: " + why
	}
	if l.Writer == mail.Machine {
		s.Text += "\nA machine wrote it, its header says."
	}
	s.Text = strings.TrimSpace(s.Text + "\n" + s.Signed)
	return s
}

func (h *House) personOfMail(address string) (string, bool) {
	if o := h.knowledge.Load().Org; o != nil {
		for _, p := range o.People {
			if strings.EqualFold(p.Email, address) {
				return p.ID, true
			}
		}
	}
	return "", false
}

// ourAddress reports whether a message names us as its sender: it went round.
func (h *House) ourAddress(from string) bool {
	own, err := netmail.ParseAddress(h.config.Notify.SMTP.From)
	return err == nil && strings.EqualFold(own.Address, from)
}
