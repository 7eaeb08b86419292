package app

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"time"

	"jobzero/internal/auth"
	"jobzero/internal/console"
	"jobzero/internal/fault"
	"jobzero/internal/notice"
	"jobzero/internal/oncall/handoff"
)

// page is the address of a page of the console as people reach it; empty where nobody has said how they do, or there is none.
func (h *House) page(path string) string {
	if h.config.Auth.URL == "" || h.config.Console.Off {
		return ""
	}
	return strings.TrimSuffix(h.config.Auth.URL, "/") + path
}

// ownLink gives whoever is asked to accept a handoff a link that accepts it, once and without signing in. Each message that goes out has
// another one, and what opens it is only there.
func (h *House) ownLink(ctx context.Context, d notice.Delivery) (string, error) {
	base := h.page(console.LinkPath)
	if base == "" || d.Message.Kind != notice.Handoff || !slices.Contains(d.Message.Buttons, notice.Accept) {
		return "", nil
	}
	link := ""
	err := h.store.Update(ctx, func(tx storeTx) error {
		link = ""
		x, err := tx.Handoff(ctx, handoff.ID(d.Message.About))
		if err != nil {
			return err
		}
		l, secret, err := x.NewLink(d.To.Person, h.clock.Now())
		if fault.Is(err, fault.Conflict) {
			return nil // it is over meanwhile: the message goes without
		}
		if err != nil {
			return err
		}
		link = base + secret.Reveal()
		return tx.SaveHandoffLink(ctx, l)
	})
	return link, err
}

// linked reads the link that a secret opens, and its handoff.
func (h *House) linked(ctx context.Context, tx storeTx, secret string) (l handoff.Link, x handoff.Handoff, err error) {
	if l, err = tx.HandoffLink(ctx, handoff.LinkHash(secret)); err != nil {
		return l, x, err
	}
	x, err = tx.Handoff(ctx, l.Handoff)
	return l, x, err
}

// Linked is the handoff that a link leads to, and why it does not open it; fault.NotFound: there is no such link.
func (h *House) Linked(ctx context.Context, secret string) (l handoff.Link, x handoff.Handoff, err error) {
	err = h.store.View(ctx, func(tx storeTx) error {
		l, x, err = h.linked(ctx, tx, secret)
		return err
	})
	if err == nil {
		err = l.Opens(x, h.clock.Now())
	}
	return l, x, err
}

// AcceptLinked accepts a handoff in the name of whom its link is for. That it was asked for, by whom and from where, is recorded with it.
func (h *House) AcceptLinked(ctx context.Context, secret, from string) (x handoff.Handoff, err error) {
	now := h.clock.Now()
	err = h.store.Update(ctx, func(tx storeTx) error {
		l, was, err := h.linked(ctx, tx, secret)
		if err != nil {
			return err
		}
		if err := h.stays(ctx, tx, was.Rota, l.Person, now); err != nil {
			return err
		}
		x, err = TurnHandoff(ctx, tx, l.Handoff, func(y handoff.Handoff) (handoff.Handoff, error) {
			l, y, err = l.Use(y, from, now)
			return y, err
		}, now)
		if err != nil {
			return err
		}
		if err := tx.SaveHandoffLink(ctx, l); err != nil {
			return err
		}
		return tx.SaveRecord(ctx, auth.Record{
			ID: newULID(now), At: now, Who: l.Person, Session: "link " + l.Hash[:12], From: from, What: "accept a handoff by signed link", On: "/oncall/handoff/" + string(l.Handoff), Status: http.StatusOK,
		})
	})
	return x, err
}

// stays refuses whoever has left.
func (h *House) stays(ctx context.Context, tx storeTx, rota, person string, now time.Time) error {
	p, err := h.rota(ctx, tx, rota, now)
	if err != nil {
		return err
	}
	if p.Gone(person, now) {
		return fault.New(fault.Denied, "%s has left, and takes nothing over", person)
	}
	return nil
}
