package app

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"jobzero/internal/event"
	"jobzero/internal/fault"
	"jobzero/internal/flow"
	"jobzero/internal/report"
	"jobzero/internal/report/mail"
	"jobzero/internal/source"
	"jobzero/internal/source/mailbox"
)

const (
	legMail    = "mail" // ref: a place that mail lies in, or whose report is answered
	inMaildir  = "maildir"
	inBucket   = "bucket"
	mailAnswer = "answer"

	mailEvery   = 30 * time.Second
	mailsAtOnce = 50
	mailsAnHour = 60       // reports that e-mails become; what is more waits where it lies
	mailShown   = 64 << 10 // bytes of one that cannot be read, which are kept
)

// mails is a place that mail lies in.
type mails interface {
	Name() string
	At(name string) string
	List(ctx context.Context, most int, known mailbox.Known) ([]string, error)
	Open(ctx context.Context, name string) (io.ReadCloser, int64, error)
	Taken(ctx context.Context, name string) error
}

// mailLegs take e-mails in and answer them. One at a time: a message is in memory while it is read.
func (h *House) mailLegs() []flow.Leg {
	if !h.config.Report.Mail.On() {
		return nil
	}
	leg := flow.Into(legMail, "e-mails", h.mail)
	leg.Workers = 1
	return []flow.Leg{leg}
}

func (h *House) planMail(ctx context.Context) (err error) {
	c := h.config.Report.Mail
	if c.Maildir != "" {
		err = h.later(ctx, legMail, inMaildir, 0)
	}
	if c.Bucket != "" {
		err = errors.Join(err, h.later(ctx, legMail, inBucket, 0))
	}
	return err
}

// mailsIn is the place of a ref; nil: the settings have none.
func (h *House) mailsIn(ref string) mails {
	switch c := h.config.Report.Mail; {
	case ref == inMaildir && c.Maildir != "":
		return mailbox.Maildir{Dir: c.Maildir}
	case ref == inBucket && c.Bucket != "":
		region := c.Region
		if region == "" {
			region = h.config.AWS.Region
		}
		return mailbox.Bucket{API: mailbox.Client(h.org.Hub(region)), Bucket: c.Bucket, Prefix: c.Prefix}
	}
	return nil
}

// mail is the durable leg.
func (h *House) mail(ctx context.Context, ref string) (time.Time, error) {
	if kind, id, ok := strings.Cut(ref, "/"); ok && kind == mailAnswer {
		return time.Time{}, h.answerMail(ctx, report.ID(id))
	}
	box := h.mailsIn(ref)
	if box == nil {
		return time.Time{}, nil // it was switched off
	}
	if err := h.takeMails(ctx, box); err != nil {
		if ctx.Err() != nil {
			return time.Time{}, err
		}
		h.log.Warn("mail is not taken in", "place", box.Name(), "error", err)
	}
	return h.clock.Now().Add(mailEvery), nil
}

// takeMails takes in what lies in a place, as far as an hour has room for it.
func (h *House) takeMails(ctx context.Context, box mails) error {
	names, err := box.List(ctx, mailsAtOnce, func(ctx context.Context, name string) (was bool, err error) {
		err = h.store.View(ctx, func(tx storeTx) error {
			_, was, err = tx.MailTaken(ctx, mailPlace(box, name))
			return err
		})
		return was, err
	})
	if err != nil {
		return err
	}
	var all []error
	for _, name := range names {
		n := 0
		err := h.store.View(ctx, func(tx storeTx) (err error) {
			n, err = tx.CountMail(ctx, h.clock.Now().Add(-reportHour))
			return err
		})
		if err != nil || n >= mailsAnHour {
			return errors.Join(append(all, err)...)
		}
		if err := h.takeMail(ctx, box, name); err != nil {
			all = append(all, fmt.Errorf("message %s: %w", name, err)) // the others do not wait for it
		}
	}
	return errors.Join(all...)
}

// mailPlace is by what it is known that a message was taken from where it lies.
func mailPlace(box mails, name string) string { return hashed("place", box.Name(), name) }

func hashed(words ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(words, "\x00")))
	return hex.EncodeToString(sum[:])
}

// takeMail takes one message in, once: its row, and the report that is made of it, are one transaction. Then it is put away.
func (h *House) takeMail(ctx context.Context, box mails, name string) error {
	body, size, err := box.Open(ctx, name)
	if fault.Is(err, fault.NotFound) {
		return nil // somebody has taken it away
	}
	if err != nil {
		return err
	}
	way := &watchedReader{from: body}
	begins := &strings.Builder{}
	letter, err := mail.Parse(io.TeeReader(way, &upTo{begins, mailShown}))
	if closed := body.Close(); way.err != nil || closed != nil {
		return fault.Wrap(fault.Unavailable, errors.Join(way.err, closed), "read it")
	}
	at := mailed{place: mailPlace(box, name), origin: event.Origin{Source: legMail, Place: box.At(name), Offset: -1}, size: size}
	if err != nil {
		err = h.deadMail(ctx, at, err, []byte(begins.String()))
	} else {
		err = h.takeLetter(ctx, at, letter)
	}
	if err != nil {
		return err
	}
	return box.Taken(ctx, name)
}

// mailed is where a message lay.
type mailed struct {
	place  string
	origin event.Origin
	size   int64
}

// deadMail keeps how a message begins that no report can be made of.
func (h *House) deadMail(ctx context.Context, at mailed, why error, begins []byte) error {
	h.metrics.DeadLetter(at.origin.Source)
	h.log.Warn("dead letter", "origin", at.origin.String(), "reason", why)
	now := h.clock.Now()
	return h.store.Update(ctx, func(tx storeTx) error {
		if first, err := tx.TakeMail(ctx, at.place, "", now); err != nil || !first {
			return err
		}
		return tx.AddLetter(ctx, letterOf(source.DeadLetter{Origin: at.origin, Reason: why.Error(), Bytes: begins, Size: at.size, At: now}))
	})
}

// watchedReader notes what goes wrong on the way, apart from what is wrong with the message.
type watchedReader struct {
	from io.Reader
	err  error
}

// Read reads on.
func (w *watchedReader) Read(p []byte) (int, error) {
	n, err := w.from.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		w.err = err
	}
	return n, err
}

// upTo keeps the beginning of what is written.
type upTo struct {
	to   *strings.Builder
	most int
}

// Write takes everything.
func (u *upTo) Write(p []byte) (int, error) {
	if free := u.most - u.to.Len(); free > 0 {
		u.to.Write(p[:min(free, len(p))])
	}
	return len(p), nil
}
