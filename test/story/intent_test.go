package story

import (
	"strings"
	"testing"
	"time"

	"jobzero/internal/ticket"
	"jobzero/test/world"
)

// declared is an intent.yaml by which a site's buckets in production are meant to be public.
func declared() string {
	return `- bucket: site-*
  account: "` + world.Prod + `"
  public: true
  owner: storefront
  reason: The shop's own website, static files only.
  expires: ` + time.Now().AddDate(1, 0, 0).Format(time.DateOnly) + `
  approved_by: alex
`
}

func site(t *testing.T) *world.Bucket {
	t.Helper()
	b, err := shared.NewBucket(t.Context(), world.Prod, name("site"))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestADeclaredPublicBucketIsLeftAlone(t *testing.T) {
	h := begin(t, world.Options{Enforce: true, Intent: declared()})
	record(t)
	start(t, h)
	b := site(t)
	o, err := b.Publish(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := shared.Tell(t.Context(), b.Told("PutBucketTagging", nil)); err != nil {
		t.Fatal(err)
	}
	digested(t, h, 1, 1)
	if tk, ok, err := h.TicketOf(t.Context(), b.Subject()); err != nil || ok {
		t.Errorf("there is a ticket about what is as declared: %+v %v", tk, err)
	}
	// The call itself trips a rule that cannot know of the declaration. A fresh read does, and the ticket is over.
	told(t, o, nil)
	tk := ticketAs(t, h, b.Subject(), func(tk ticket.Ticket) bool { return tk.State == ticket.Closed || tk.State == ticket.Human })
	if tk.State != ticket.Closed {
		t.Errorf("the ticket is %s (%s)", tk.State, tk.Reason)
	}
	wroteNothing(t)
	untouched(t, o)
}

// Nothing is ever made public by software: its owner decides whether the site is down or the declaration old.
func TestADeclaredBucketThatIsNotPublicIsATicketForItsOwner(t *testing.T) {
	h := begin(t, world.Options{Enforce: true, Intent: declared()})
	record(t)
	start(t, h)
	b := site(t)
	if err := shared.Tell(t.Context(), b.Told("CreateBucket", nil)); err != nil {
		t.Fatal(err)
	}
	tk := routine(t, h, b.Subject())
	if tk.Owner.Team != "storefront" || !strings.Contains(tk.Reason, "no playbook") {
		t.Errorf("the ticket is %+v's: %s", tk.Owner, tk.Reason)
	}
	if made := effects(t, h, tk.ID); len(made) > 0 {
		t.Errorf("a playbook touched it: %+v", made)
	}
	wroteNothing(t)
}

// Whoever may tag a bucket must not be able to publish it by that.
func TestATagPublishesNothing(t *testing.T) {
	h := begin(t, world.Options{Enforce: true, Intent: declared(), Settle: 300 * time.Millisecond})
	start(t, h)
	b, err := shared.NewBucket(t.Context(), world.Prod, name("orders"))
	if err != nil {
		t.Fatal(err)
	}
	if err := b.Tag(t.Context(), "jobzero:exposure", "public"); err != nil {
		t.Fatal(err)
	}
	o, err := b.Publish(t.Context())
	told(t, o, err)
	tk := mended(t, h, o)
	if made := effects(t, h, tk.ID); !allDone(made, o.Effects) {
		t.Errorf("want %d effects, done; got %+v", o.Effects, made)
	}
}

// Whoever may tag a bucket can keep it private although it is declared public.
func TestATagNarrowsADeclaration(t *testing.T) {
	h := begin(t, world.Options{Enforce: true, Intent: declared(), Settle: 300 * time.Millisecond})
	start(t, h)
	b := site(t)
	if err := b.Tag(t.Context(), "jobzero:exposure", "private"); err != nil {
		t.Fatal(err)
	}
	o, err := b.Publish(t.Context())
	told(t, o, err)
	tk := mended(t, h, o)
	if made := effects(t, h, tk.ID); !allDone(made, o.Effects) {
		t.Errorf("want %d effects, done; got %+v", o.Effects, made)
	}
}
