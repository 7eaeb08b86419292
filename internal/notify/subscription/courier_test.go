package subscription_test

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"jobzero/internal/effect"
	"jobzero/internal/fault"
	"jobzero/internal/finding"
	"jobzero/internal/notify/subscription"
	"jobzero/internal/store"
	"jobzero/internal/telemetry"
	"jobzero/internal/ticket"
)

// other is a program of somebody else on a real socket.
type other struct {
	mu     sync.Mutex
	status int
	got    []post
	url    string
	then   func() // while a post is answered; nil: nothing
}

type post struct {
	id, at, signature, body string
	event                   subscription.Event
}

func stand(t *testing.T) *other {
	t.Helper()
	o := &other{status: http.StatusNoContent}
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		text, err := io.ReadAll(r.Body)
		if err != nil {
			return
		}
		p := post{id: r.Header.Get("Webhook-Id"), at: r.Header.Get("Webhook-Timestamp"), signature: r.Header.Get("Webhook-Signature"), body: string(text)}
		if err := json.Unmarshal(text, &p.event); err != nil || p.event.ID != p.id {
			t.Errorf("%v: %s as %s", err, text, p.id)
		}
		o.mu.Lock()
		defer o.mu.Unlock()
		o.got = append(o.got, p)
		if o.then != nil {
			o.then()
		}
		w.WriteHeader(o.status)
	}))
	t.Cleanup(srv.Close)
	o.url = srv.URL + "/secret-path"
	return o
}

func (o *other) answer(status int) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.status = status
}

func (o *other) posts() []post {
	o.mu.Lock()
	defer o.mu.Unlock()
	return slices.Clone(o.got)
}

// signed reports whether one of the signatures of a post is by a secret, as receivers check it.
func (p post) signed(t *testing.T, secret telemetry.Secret) bool {
	t.Helper()
	key, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(secret.Reveal(), "whsec_"))
	if err != nil {
		t.Fatal(err)
	}
	mac := hmac.New(sha256.New, key)
	_, _ = fmt.Fprintf(mac, "%s.%s.%s", p.id, p.at, p.body)
	return slices.Contains(strings.Fields(p.signature), "v1,"+base64.StdEncoding.EncodeToString(mac.Sum(nil)))
}

// office is a desk and a courier over a real store. The clock stands still until a test moves it.
type office struct {
	t     *testing.T
	s     *store.Store
	c     subscription.Config
	now   time.Time
	desk  *subscription.Desk
	ended []subscription.Subscription
	named int
	die   int // at which transaction from now; 0: never
	late  bool
}

var errKilled = errors.New("the process was killed")

// dying is a store whose process dies: before a transaction, or after it is on the disk and before anybody hears of it.
type dying struct {
	subscription.Store
	o *office
}

// Update runs a transaction, or dies.
func (d dying) Update(ctx context.Context, do func(subscription.Tx) error) error {
	d.o.die--
	if d.o.die != 0 {
		return d.Store.Update(ctx, do)
	}
	if d.o.late {
		if err := d.Store.Update(ctx, do); err != nil {
			return err
		}
	}
	return errKilled
}

func newOffice(t *testing.T) *office {
	t.Helper()
	s, err := store.Open(t.Context(), "sqlite://"+filepath.Join(t.TempDir(), "a.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	o := &office{t: t, s: s, c: subscription.DefaultConfig(), now: time.Date(2030, 4, 5, 12, 0, 0, 0, time.UTC)}
	o.c.Key, o.c.Private = "a made-up key of more than 32 bytes", true
	o.desk = &subscription.Desk{
		Store: o.store(), Config: o.c, Key: func() (telemetry.Secret, error) { return o.c.Key, nil }, Now: func() time.Time { return o.now },
		NewID: func() string { o.named++; return fmt.Sprintf("N%d", o.named) },
	}
	return o
}

func (o *office) store() subscription.Store {
	return store.In(o.s, func(tx *store.Tx) subscription.Tx { return tx })
}

func (o *office) carry(id string) (time.Time, error) {
	return subscription.New(subscription.Options{
		Store: dying{o.store(), o}, Config: o.c, Now: func() time.Time { return o.now },
		Fill: func(_ context.Context, _ subscription.Tx, c subscription.Change, e *subscription.Event) error {
			e.Account = "account of " + c.ID
			return nil
		},
		Ended: func(_ context.Context, _ subscription.Tx, s subscription.Subscription) error {
			o.ended = append(o.ended, s)
			return nil
		},
	}).Carry(o.t.Context(), id)
}

func (o *office) add(w subscription.Wish) (subscription.Shown, telemetry.Secret) {
	o.t.Helper()
	one, secret, err := o.desk.Add(o.t.Context(), w, "mia")
	if err != nil {
		o.t.Fatal(err)
	}
	return one, secret
}

func (o *office) do(f func(*store.Tx) error) {
	o.t.Helper()
	if err := o.s.Update(o.t.Context(), f); err != nil {
		o.t.Fatal(err)
	}
}

// happen takes a ticket through states, one entry each, with a change of a brake between them.
func (o *office) happen(id string, states ...ticket.State) {
	o.t.Helper()
	for _, state := range states {
		o.do(func(tx *store.Tx) error {
			k, err := tx.Ticket(o.t.Context(), ticket.ID(id))
			if fault.Is(err, fault.NotFound) {
				k, err = ticket.Ticket{ID: ticket.ID(id), Subject: id, Title: "A bucket", Severity: finding.High}, nil
			}
			if err != nil {
				return err
			}
			k.State = state
			return tx.AppendEntry(o.t.Context(), &k, ticket.Entry{At: o.now, Actor: "jobzero/test", Kind: "state", Text: string(state)})
		})
		o.do(func(tx *store.Tx) error {
			return tx.SetBrake(o.t.Context(), effect.Brake{Name: id + string(state), By: "mia"})
		})
	}
}

func types(all []post) (out []string) {
	for _, p := range all {
		out = append(out, p.event.Type+" "+p.event.Of)
	}
	return out
}

// TestEveryChangeIsToldOnceAndInOrder: what happened before somebody subscribed is not told, what is not wanted is passed over, and whoever
// looks again tells nothing twice.
func TestEveryChangeIsToldOnceAndInOrder(t *testing.T) {
	o, siem := newOffice(t), stand(t)
	o.happen("before", ticket.Open)
	one, secret := o.add(subscription.Wish{Name: "siem", URL: siem.url, Kinds: []string{"ticket"}})
	o.happen("a", ticket.Open, ticket.Investigating, ticket.Closed, ticket.Open)
	o.happen("before", ticket.Closed)
	for range 2 {
		if again, err := o.carry(one.ID); err != nil || !again.IsZero() {
			t.Fatalf("%s, %v", again, err)
		}
	}
	want := []string{"ticket.opened a", "ticket.changed a", "ticket.closed a", "ticket.reopened a", "ticket.closed before"}
	all := siem.posts()
	if got := types(all); !slices.Equal(got, want) {
		t.Fatalf("got %v, want %v", got, want)
	}
	last := int64(0)
	for _, p := range all {
		e := p.event
		if !p.signed(t, secret) || e.Seq <= last || e.Version != subscription.Version || e.Account != "account of "+e.Of || e.State == "" || !e.At.Equal(o.now) {
			t.Errorf("%+v", p)
		}
		last = e.Seq
	}
	got, err := o.desk.One(t.Context(), "siem")
	if err != nil || got.Behind != 0 || got.Taken.IsZero() || got.State != subscription.Live {
		t.Errorf("%+v, %v", got, err)
	}
}

// TestAKilledCourierLosesNothing kills the process at every transaction, before it and after it. Nothing is left out, the order is kept, and each kill has
// one post come twice at the most, under its name.
func TestAKilledCourierLosesNothing(t *testing.T) {
	for _, late := range []bool{false, true} {
		o, siem := newOffice(t), stand(t)
		one, _ := o.add(subscription.Wish{Name: "siem", URL: siem.url})
		o.happen("a", ticket.Open, ticket.Investigating, ticket.Closed)
		kills := 0
		for at := 1; ; at++ {
			o.die, o.late = at%3+1, late
			_, err := o.carry(one.ID)
			if err == nil {
				break
			}
			if !errors.Is(err, errKilled) {
				t.Fatal(err)
			}
			kills++
		}
		var first []string
		for _, p := range siem.posts() {
			if name := p.id + " " + p.event.Type + " " + p.event.Of; !slices.Contains(first, name) {
				first = append(first, name)
			}
		}
		var seqs []int64
		for _, p := range siem.posts() {
			seqs = append(seqs, p.event.Seq)
		}
		if len(first) != 6 || len(seqs) > 6+kills || !slices.IsSorted(seqs) || kills == 0 {
			t.Errorf("late %v: %d kills, posts %v", late, kills, seqs)
		}
	}
}

// TestWhatIsNotTakenIsTriedAgainAndAtLastGivenUp: what comes after it waits, the pauses grow, after the time of the settings there is no more, and whoever mends it
// misses nothing.
func TestWhatIsNotTakenIsTriedAgainAndAtLastGivenUp(t *testing.T) {
	o, siem := newOffice(t), stand(t)
	o.c.GiveUp = 5 * time.Hour
	one, _ := o.add(subscription.Wish{Name: "siem", URL: siem.url, Kinds: []string{"ticket"}})
	o.happen("a", ticket.Open, ticket.Closed)
	siem.answer(http.StatusBadRequest)
	began, pause := o.now, time.Duration(0)
	for {
		again, err := o.carry(one.ID)
		if err != nil {
			t.Fatal(err)
		}
		if again.IsZero() {
			break
		}
		if next := again.Sub(o.now); next < pause || next > time.Hour {
			t.Fatalf("the pause is %s after %s", next, pause)
		} else {
			pause = next
		}
		n := len(siem.posts())
		if early, err := o.carry(one.ID); err != nil || !early.Equal(again) || len(siem.posts()) != n {
			t.Fatalf("it was tried too early: %s, %v", early, err)
		}
		o.now = again
	}
	if took := o.now.Sub(began); took < o.c.GiveUp || took > o.c.GiveUp+time.Hour || len(o.ended) != 1 {
		t.Errorf("given up after %s, told %d times", took, len(o.ended))
	}
	for _, p := range siem.posts() {
		if p.event.Type != "ticket.opened" {
			t.Fatalf("%s was sent before what came first was taken", p.event.Type)
		}
	}
	got, err := o.desk.One(t.Context(), "siem")
	if err != nil || got.State != subscription.Off || !strings.Contains(got.Why, "answers 400") || strings.Contains(fmt.Sprintf("%+v", got), "secret-path") {
		t.Errorf("%+v, %v", got, err)
	}
	siem.answer(http.StatusOK)
	if _, err := o.desk.Resume(t.Context(), "siem"); err != nil {
		t.Fatal(err)
	}
	n := len(siem.posts())
	if _, err := o.carry(one.ID); err != nil || !slices.Equal(types(siem.posts()[n:]), []string{"ticket.opened a", "ticket.closed a"}) {
		t.Errorf("after it was mended: %v, %v", types(siem.posts()[n:]), err)
	}
}

// TestWhoWaitsIsWokenOnlyWhenThereIsSomething: one that is behind is due, one that has all, that waits for its next try or was removed is not.
func TestWhoWaitsIsWokenOnlyWhenThereIsSomething(t *testing.T) {
	o, siem := newOffice(t), stand(t)
	for _, name := range []string{"behind", "failing", "gone"} {
		o.add(subscription.Wish{Name: name, URL: siem.url})
	}
	if _, err := o.desk.Remove(t.Context(), "gone"); err != nil {
		t.Fatal(err)
	}
	o.do(func(tx *store.Tx) error {
		return tx.SavePlace(t.Context(), "n2", subscription.Place{Seq: 1, Next: o.now.Add(time.Minute)})
	})
	o.happen("a", ticket.Open)
	c := subscription.New(subscription.Options{Store: o.store(), Now: func() time.Time { return o.now }})
	last, err := c.Wake(t.Context(), -1)
	if err != nil {
		t.Fatal(err)
	}
	due, err := o.s.Unsent(t.Context(), subscription.Leg, o.now, o.now, 10)
	if err != nil || len(due) != 1 || due[0].Ref != "n1" {
		t.Errorf("due are %v, %v", due, err)
	}
	if again, err := c.Wake(t.Context(), last); err != nil || again != last {
		t.Errorf("%d, %v", again, err)
	}
}
