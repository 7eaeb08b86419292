package notify_test

import (
	"context"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"jobzero/internal/fault"
	"jobzero/internal/finding"
	"jobzero/internal/notice"
	"jobzero/internal/notify"
	"jobzero/internal/org"
	"jobzero/internal/store"
)

func people(t testing.TB) *org.Org {
	t.Helper()
	o, err := org.Parse("org.yaml", []byte("people:\n  - {id: kim, name: Kim, email: kim@example.com}\n  - {id: lee, name: Lee}\n"))
	if err != nil {
		t.Fatal(err)
	}
	return o
}

// pipe is a channel that answers as it is told, and remembers what it was given.
type pipe struct {
	name    string
	answers []error // in turn; then it takes everything
	needs   bool    // an e-mail address
	stall   func()

	mu   sync.Mutex
	sent []notify.Letter
	told []notify.Letter
}

func (p *pipe) Name() string { return p.name }

func (p *pipe) Personal() bool { return true }

func (p *pipe) Address(who notify.Person) (notify.Address, error) {
	if p.needs && who.Email == "" {
		return notify.Address{}, fault.New(fault.Invalid, "no address is known")
	}
	return notify.Address{To: who.Email, Shown: who.Email}, nil
}

func (p *pipe) Send(_ context.Context, l notify.Letter) (string, error) {
	if p.stall != nil {
		p.stall()
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.sent = append(p.sent, l)
	if len(p.answers) >= len(p.sent) && p.answers[len(p.sent)-1] != nil {
		return "", p.answers[len(p.sent)-1]
	}
	return p.name + "-1", nil
}

func (p *pipe) Follow(_ context.Context, l notify.Letter) error {
	p.told = append(p.told, l)
	return nil
}

// desk is a carrier with a store and a clock that stands.
type desk struct {
	*notify.Carrier
	store store.Updater[notify.Tx]
	now   time.Time
	ended []notice.Delivery
}

func aDesk(t *testing.T, preferences string, channels ...*pipe) *desk {
	t.Helper()
	s, err := store.Open(t.Context(), "sqlite://"+filepath.Join(t.TempDir(), "a.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	p, err := notify.ParsePreferences("people.yaml", []byte(preferences))
	if err != nil {
		t.Fatal(err)
	}
	texts, err := notify.BuiltinTemplates()
	if err != nil {
		t.Fatal(err)
	}
	w := notify.Ways{People: people(t), Preferences: p, Templates: texts}
	for _, c := range channels {
		w.Channels = append(w.Channels, c)
	}
	d := &desk{store: store.In(s, func(tx *store.Tx) notify.Tx { return tx }), now: time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)}
	d.Carrier = notify.New(notify.Options{Store: d.store, Ways: func() notify.Ways { return w }, Now: func() time.Time { return d.now }, Moved: func(_ context.Context, _ notify.Tx, x notice.Delivery) error {
		if x.State == notice.Failed {
			d.ended = append(d.ended, x)
		}
		return nil
	}})
	return d
}

func aPage() notice.Message {
	return notice.Message{Occasion: "page 1/level 1", Thread: "page 1", Kind: notice.Page, Severity: finding.High, Title: "Key is leaked", Buttons: []notice.Deed{notice.Acknowledge}}
}

func (d *desk) send(t *testing.T, m notice.Message, to notice.To) notice.ID {
	t.Helper()
	var id notice.ID
	err := d.store.Update(t.Context(), func(tx notify.Tx) (err error) {
		id, err = notify.Send(t.Context(), tx, m, to, d.now)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func (d *desk) carry(t *testing.T, id notice.ID) (notice.Delivery, time.Time) {
	t.Helper()
	again, err := d.Carry(t.Context(), string(id))
	if err != nil {
		t.Fatal(err)
	}
	return d.get(t, id), again
}

func (d *desk) get(t *testing.T, id notice.ID) (out notice.Delivery) {
	t.Helper()
	err := d.store.View(t.Context(), func(tx notify.Tx) (err error) {
		out, err = tx.Delivery(t.Context(), id)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func story(d notice.Delivery) string {
	out := []string{string(d.State)}
	for _, a := range d.Attempts {
		out = append(out, a.Channel+":"+string(a.State))
	}
	return strings.Join(out, " ")
}

var (
	kim   = notice.To{Person: "kim"}
	later = fault.New(fault.Unavailable, "busy")
	never = fault.New(fault.Denied, "no such box")
)

func TestSaidOnce(t *testing.T) {
	one := &pipe{name: "email"}
	d := aDesk(t, "", one)
	id := d.send(t, aPage(), kim)
	if again := d.send(t, aPage(), kim); again != id {
		t.Errorf("the same occasion is %s and %s", id, again)
	}
	for range 2 {
		if got, again := d.carry(t, id); story(got) != "sent email:taken" || !again.IsZero() || got.Attempts[0].Receipt != "email-1" {
			t.Errorf("%s, again %s", story(got), again)
		}
	}
	if len(one.sent) != 1 || one.sent[0].ID != string(id) || one.sent[0].Title != "high: Key is leaked" {
		t.Errorf("%+v", one.sent)
	}
}

func TestAChannelThatFailsFallsOverToTheNext(t *testing.T) {
	first, second := &pipe{name: "slack", answers: []error{later}}, &pipe{name: "email"}
	d := aDesk(t, "", first, second)
	if got, _ := d.carry(t, d.send(t, aPage(), kim)); story(got) != "sent slack:later email:taken" {
		t.Error(story(got))
	}
}

// TestRounds: what may be tried again is, in rounds and with pauses; what was refused for good is not.
func TestRounds(t *testing.T) {
	first, second := &pipe{name: "slack", answers: []error{never}}, &pipe{name: "email", answers: []error{later, later}}
	d := aDesk(t, "", first, second)
	id := d.send(t, aPage(), kim)
	got, again := d.carry(t, id)
	if story(got) != "queued slack:refused email:later" || !again.Equal(d.now.Add(20*time.Second)) || !strings.Contains(got.Why, "busy") {
		t.Fatalf("%s, again %s, %q", story(got), again, got.Why)
	}
	d.now = again
	if got, again = d.carry(t, id); story(got) != "queued slack:refused email:later email:later" || !again.Equal(d.now.Add(40*time.Second)) {
		t.Fatalf("%s, again %s", story(got), again)
	}
	d.now = again
	if got, _ = d.carry(t, id); story(got) != "sent slack:refused email:later email:later email:taken" || len(first.sent) != 1 {
		t.Error(story(got))
	}
}

func TestItEnds(t *testing.T) {
	busy := &pipe{name: "email", answers: []error{later, later, later, later, later, later, later, later}}
	d := aDesk(t, "", busy)
	id := d.send(t, aPage(), kim)
	got, again := d.carry(t, id)
	for i := 0; !again.IsZero() && i < 20; i++ {
		d.now = again
		got, again = d.carry(t, id)
	}
	if got.State != notice.Failed || len(busy.sent) != 6 || !strings.Contains(got.Why, "busy") || len(d.ended) != 1 {
		t.Errorf("%s after %d: %q, %d ends", story(got), len(busy.sent), got.Why, len(d.ended))
	}
	none := aDesk(t, "", &pipe{name: "email", needs: true})
	if got, _ := none.carry(t, none.send(t, aPage(), notice.To{Person: "lee"})); got.State != notice.Failed || !strings.Contains(got.Why, "email: no address is known") {
		t.Errorf("%s %q", story(got), got.Why)
	}
	if got, _ := none.carry(t, none.send(t, aPage(), notice.To{Person: "nobody"})); got.State != notice.Failed || !strings.Contains(got.Why, `nobody is called "nobody"`) {
		t.Errorf("%s %q", story(got), got.Why)
	}
}

// TestAfterADeath: nobody knows whether it was sent, so it is sent again, under the same name and as one attempt.
func TestAfterADeath(t *testing.T) {
	one := &pipe{name: "email"}
	d := aDesk(t, "", one)
	id := d.send(t, aPage(), kim)
	dying, kill := context.WithCancel(t.Context())
	one.stall = kill
	one.answers = []error{later} // the answer never came
	if _, err := d.Carry(dying, string(id)); err == nil {
		t.Fatal("it did not die")
	}
	if got := d.get(t, id); story(got) != "queued email:trying" {
		t.Fatal(story(got))
	}
	one.stall = nil
	if got, _ := d.carry(t, id); story(got) != "sent email:taken" || len(one.sent) != 2 || one.sent[0].ID != one.sent[1].ID {
		t.Errorf("%s, %d sent", story(got), len(one.sent))
	}
}

// TestAnsweredMeanwhile: an answer by another way counts, also while a call is under way, and channels are told of it.
func TestAnsweredMeanwhile(t *testing.T) {
	one := &pipe{name: "slack"}
	d := aDesk(t, "", one)
	id := d.send(t, aPage(), kim)
	answer := func() bool {
		var first bool
		err := d.store.Update(t.Context(), func(tx notify.Tx) (err error) {
			_, first, err = notify.Answer(t.Context(), tx, notice.Press{Delivery: id, Do: notice.Acknowledge, Person: "kim", Via: "console", At: d.now})
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return first
	}
	one.stall = func() {
		if !answer() {
			t.Error("the first answer did not count")
		}
	}
	got, _ := d.carry(t, id)
	if story(got) != "acknowledged slack:taken" || got.By != "kim" || got.Via != "console" {
		t.Errorf("%s, %+v", story(got), got)
	}
	if answer() {
		t.Error("it was answered twice")
	}
	d.carry(t, id)
	if len(one.told) != 1 || one.told[0].Receipt != "slack-1" || one.told[0].By != "kim" || one.told[0].State != notice.Acknowledged {
		t.Errorf("told: %+v", one.told)
	}
}

func TestAThreadIsSettled(t *testing.T) {
	one := &pipe{name: "slack"}
	d := aDesk(t, "", one)
	first := d.send(t, aPage(), kim)
	d.carry(t, first)
	second := aPage()
	second.Occasion = "page 1/level 2"
	waiting := d.send(t, second, notice.To{Person: "lee"})
	err := d.store.Update(t.Context(), func(tx notify.Tx) error { return notify.Settle(t.Context(), tx, "page 1", "kim has it", d.now) })
	if err != nil {
		t.Fatal(err)
	}
	a, _ := d.carry(t, first)
	b, _ := d.carry(t, waiting)
	if story(a) != "lapsed slack:taken" || story(b) != "lapsed" || len(one.sent) != 1 || len(one.told) != 1 || one.told[0].Why != "kim has it" {
		t.Errorf("%s; %s; told %+v", story(a), story(b), one.told)
	}
}

func TestPreferencesCount(t *testing.T) {
	mail, sms, chat := &pipe{name: "email"}, &pipe{name: notify.SMS}, &pipe{name: "slack"}
	wanted := "- {person: kim, channels: [sms, slack, email], quiet: {from: \"11:00\", to: \"13:00\", zone: UTC}}"
	d := aDesk(t, wanted, mail, sms, chat)
	if got, _ := d.carry(t, d.send(t, aPage(), kim)); story(got) != "sent slack:taken" {
		t.Errorf("high, by sms for critical only: %s", story(got))
	}
	worse := aPage()
	worse.Occasion, worse.Severity = "page 2", finding.Critical
	if got, _ := d.carry(t, d.send(t, worse, kim)); story(got) != "sent sms:taken" {
		t.Errorf("critical: %s", story(got))
	}
	digest := notice.Message{Occasion: "digest 1", Kind: notice.Digest, Title: "The week"}
	id := d.send(t, digest, kim)
	got, again := d.carry(t, id)
	if story(got) != "queued" || !again.Equal(d.now.Add(time.Hour)) || !strings.HasPrefix(got.Why, "quiet hours until") {
		t.Errorf("%s, again %s, %q", story(got), again, got.Why)
	}
	d.now = again
	if got, _ = d.carry(t, id); story(got) != "sent slack:taken" {
		t.Errorf("after the quiet: %s", story(got))
	}
	old := notice.Message{Occasion: "old", Kind: notice.Page, Title: "Too late", Until: d.now}
	if got, _ = d.carry(t, d.send(t, old, kim)); got.State != notice.Lapsed {
		t.Errorf("too late: %s", story(got))
	}
	if got, _ = d.carry(t, d.send(t, aPage(), notice.To{Person: "kim", Channel: "email"})); story(got) != "sent email:taken" {
		t.Errorf("by one channel: %s", story(got))
	}
}
