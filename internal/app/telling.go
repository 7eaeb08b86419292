package app

import (
	"context"
	"crypto/sha256"
	"fmt"
	"io/fs"
	"os"

	"jobzero/internal/awsorg"
	"jobzero/internal/config"
	"jobzero/internal/fault"
	"jobzero/internal/flow"
	"jobzero/internal/notice"
	"jobzero/internal/notify"
	notifying "jobzero/internal/notify/builtin"
	"jobzero/internal/notify/webhook"
	"jobzero/internal/store"
	"jobzero/internal/ticket"
)

// Telling is how people are told, as they have written it down.
type Telling struct {
	Preferences *notify.Preferences
	Templates   *notify.Templates
}

// Channels are those of the settings. What is sent through AWS goes with the hub's own credentials.
func Channels(c config.Config, way *awsorg.Org) []notify.Channel {
	return c.Notify.All(notifying.Options{Webhooks: webhook.List(c.Webhooks), AWS: way.Hub})
}

// telling loads how people want to be told, and our messages as somebody has written them.
func (k *Knowledge) telling(c config.Config) (err error) {
	if k.Telling.Preferences, err = loadText(c.Notify.People, notify.ParsePreferences, sha256.New()); err != nil { // it judges no resource
		return fmt.Errorf("notify.people: %w", err)
	}
	if err := k.Telling.Preferences.Check(k.Org, notify.Names(Channels(c, nil))); err != nil {
		return err
	}
	var own fs.FS
	if dir := c.Notify.Templates; dir != "" {
		if _, err := os.Stat(dir); err != nil {
			return fmt.Errorf("notify.templates: %w", fault.Path(err, dir, "a folder with page.txt and others"))
		}
		own = os.DirFS(dir)
	}
	if k.Telling.Templates, err = notify.LoadTemplates(own); err != nil {
		return fmt.Errorf("notify.templates: %w", err)
	}
	return nil
}

// Ways is how people are told by some channels.
func (k *Knowledge) Ways(channels []notify.Channel) notify.Ways {
	return notify.Ways{Channels: channels, People: k.Org, Preferences: k.Telling.Preferences, Templates: k.Telling.Templates}
}

// joinTelling makes the channels, and who carries deliveries by them.
func (h *House) joinTelling() {
	h.channels = Channels(h.config, h.org)
	if h.teller == nil && len(h.channels) > 0 {
		h.teller = messenger{h}
	}
	h.carrier = notify.New(notify.Options{
		Store: store.In(h.store, func(tx *store.Tx) notify.Tx { return tx }), Now: h.clock.Now, Moved: h.moved, Link: h.ownLink,
		Ways: func() notify.Ways { return h.knowledge.Load().Ways(h.channels) },
	})
}

// tellingLegs carry what people are told, and hear what they press.
func (h *House) tellingLegs() []flow.Leg {
	legs := []flow.Leg{flow.Into(notify.Leg, "what people are told", h.carrier.Carry)}
	if h.config.Notify.Slack.AppToken != "" {
		legs = append(legs, flow.From(legChat, h.listenToSlack, "presses"))
	}
	return legs
}

// moved hears, in its transaction, of a delivery that a channel took or that none did.
func (h *House) moved(ctx context.Context, tx notify.Tx, d notice.Delivery) error {
	st, err := inStore(tx)
	if err != nil {
		return err
	}
	if err := wentOut(ctx, st, d, h.clock.Now()); err != nil || d.State != notice.Failed {
		return err
	}
	return h.untold(ctx, st, d)
}

// untold says on the ticket that somebody could not be told, in the transaction that gives it up.
func (h *House) untold(ctx context.Context, st storeTx, d notice.Delivery) error {
	h.log.Error("nobody could be told", "delivery", d.ID, "to", d.To.String(), "why", d.Why)
	if d.Message.Ticket == "" {
		return nil
	}
	t, err := st.Ticket(ctx, d.Message.Ticket)
	if fault.Is(err, fault.NotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	return st.AppendEntry(ctx, &t, ticket.Entry{
		At: h.clock.Now(), Actor: "jobzero/notify", Kind: "not told", Text: fmt.Sprintf("%s was not told of %q: %s (delivery %s)", d.To, d.Message.Title, d.Why, d.ID),
	})
}
