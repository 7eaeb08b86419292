package notifytest

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"jobzero/internal/fault"
	"jobzero/internal/finding"
	"jobzero/internal/notice"
	"jobzero/internal/notify"
)

// Mood is how the other side answers.
type Mood string

// The moods.
const (
	Fine   Mood = "fine"
	Busy   Mood = "busy"   // as the vendor says that one should come again
	Refuse Mood = "refuse" // as the vendor says that it will never take this
	Hang   Mood = "hang"   // it takes the connection, and says nothing
)

// Case is one channel and the other side.
type Case struct {
	Channel notify.Channel
	Person  notify.Person
	Mood    func(m Mood)
	Got     func() []Got
	Secrets []string // that no error may hold
	Shown   string   // what must not be in a shown address, such as a whole phone number
	Deaf    []Mood   // moods that the other side does not have, with the reason in Why
	Why     string
}

// Got is one message as the other side has it.
type Got struct {
	Name string // by which a repetition is known there; empty: the vendor has none
	Text string // as it came over the wire, and as people would read it
	Raw  string
}

// Sample is a letter that any channel takes. Its texts are as hostile as strangers make them.
func Sample(occasion string) notify.Letter {
	m := notice.Message{
		Occasion: occasion, Thread: "page 1", Kind: notice.Page, Severity: finding.Critical, Title: "Key <!channel> & @everyone is leaked",
		Text: "Look at \"it\" <script>alert(1)</script>\r\n.\r\nBcc: evil@example.com", Facts: []notice.Fact{{Name: "Account", Text: "111122223333"}},
		Link: "https://jobzero.example.com/tickets/01J", Ticket: "01J", Buttons: []notice.Deed{notice.Acknowledge, notice.Escalate},
	}
	return notify.Letter{
		ID: string(notice.Name(occasion, notice.To{Person: "kim"})), Title: "critical: " + m.Title, Short: "jobzero page, critical: " + m.Title, Text: m.Text + "\nAccount: 111122223333",
		Message: m, At: time.Unix(1_800_000_000, 0).UTC(), State: notice.Queued,
	}
}

// Run holds a channel to what each must do.
func Run(t *testing.T, fresh func(t *testing.T) Case) {
	t.Helper()
	for name, test := range map[string]func(*testing.T, Case){
		"sent once": sentOnce, "told for good": toldForGood, "told to come again": toldAgain, "stops at once": stops, "nobody there": nobody, "follows": follows,
	} {
		t.Run(name, func(t *testing.T) { test(t, fresh(t)) })
	}
}

func (c Case) send(t *testing.T, ctx context.Context, l notify.Letter) (string, error) {
	t.Helper()
	at, err := c.Channel.Address(c.Person)
	if err != nil {
		t.Fatalf("its own person has no address: %v", err)
	}
	if c.Shown != "" && strings.Contains(at.Shown, c.Shown) {
		t.Errorf("the address shows %q", at.Shown)
	}
	l.To = at
	receipt, err := c.Channel.Send(ctx, l)
	if err != nil {
		c.quiet(t, err)
	}
	return receipt, err
}

// quiet looks for secrets in an error, and in all that it wraps.
func (c Case) quiet(t *testing.T, err error) {
	t.Helper()
	for e := err; e != nil; e = errors.Unwrap(e) {
		for _, s := range c.Secrets {
			if strings.Contains(e.Error(), s) {
				t.Errorf("the error tells a secret: %v", e)
			}
		}
	}
}

func (c Case) has(t *testing.T, m Mood) {
	t.Helper()
	for _, d := range c.Deaf {
		if d == m {
			t.Skipf("the other side is never %s: %s", m, c.Why)
		}
	}
	c.Mood(m)
}

// sentOnce: a letter is one message; sent again it has the same name, where the vendor has names.
func sentOnce(t *testing.T, c Case) {
	t.Helper()
	for range 2 {
		if _, err := c.send(t, t.Context(), Sample("one")); err != nil {
			t.Fatal(err)
		}
	}
	got := c.Got()
	if len(got) != 2 || got[0].Name != got[1].Name {
		t.Fatalf("two calls are %d messages: %+v", len(got), got)
	}
	for _, want := range []string{"is leaked"} {
		if !strings.Contains(got[0].Text, want) {
			t.Errorf("the message lacks %q: %s", want, got[0].Text)
		}
	}
	if _, err := c.send(t, t.Context(), Sample("two")); err != nil {
		t.Fatal(err)
	}
	if got = c.Got(); got[2].Name != "" && got[2].Name == got[0].Name && c.Channel.Name() != "pagerduty" {
		t.Errorf("another occasion has the same name: %q", got[2].Name)
	}
}

func toldForGood(t *testing.T, c Case) {
	t.Helper()
	c.has(t, Refuse)
	if _, err := c.send(t, t.Context(), Sample("one")); err == nil || fault.Is(err, fault.Unavailable) {
		t.Errorf("what is refused for good: %v", err)
	}
}

func toldAgain(t *testing.T, c Case) {
	t.Helper()
	c.has(t, Busy)
	if _, err := c.send(t, t.Context(), Sample("one")); !fault.Is(err, fault.Unavailable) {
		t.Errorf("what may be tried again: %v", err)
	}
	c.Mood(Fine)
	if _, err := c.send(t, t.Context(), Sample("one")); err != nil || len(c.Got()) != 1 {
		t.Errorf("tried again: %v, %d messages", err, len(c.Got()))
	}
}

func stops(t *testing.T, c Case) {
	t.Helper()
	const soon = 5 * time.Second
	c.has(t, Hang)
	ctx, cancel := context.WithCancel(t.Context()) // without a deadline: whoever ends the program sets none
	defer cancel()
	defer time.AfterFunc(200*time.Millisecond, cancel).Stop()
	began := time.Now()
	if _, err := c.send(t, ctx, Sample("one")); !fault.Is(err, fault.Unavailable) {
		t.Errorf("what was stopped: %v", err)
	}
	if took := time.Since(began); took > soon {
		t.Errorf("it stopped after %s", took)
	}
}

// nobody: a person without an address is told apart before anything is sent.
func nobody(t *testing.T, c Case) {
	t.Helper()
	_, err := c.Channel.Address(notify.Person{ID: "lee", Name: "Lee"})
	if c.Channel.Personal() != (err != nil) {
		t.Errorf("personal: %v, and somebody without an address: %v", c.Channel.Personal(), err)
	}
}

// follows: who can be told what became of it is.
func follows(t *testing.T, c Case) {
	t.Helper()
	f, can := c.Channel.(notify.Follower)
	if !can {
		return
	}
	l := Sample("one")
	receipt, err := c.send(t, t.Context(), l)
	if err != nil {
		t.Fatal(err)
	}
	l.To, _ = c.Channel.Address(c.Person)
	l.Receipt, l.State, l.By = receipt, notice.Acknowledged, "kim"
	if err := f.Follow(t.Context(), l); err != nil {
		t.Fatal(err)
	}
	if got := c.Got(); len(got) != 2 || !strings.Contains(got[1].Raw, "kim") && !strings.Contains(got[1].Raw, "acknowledge") {
		t.Errorf("what it came to did not come: %+v", got)
	}
	c.has(t, Busy)
	if err := f.Follow(t.Context(), l); !fault.Is(err, fault.Unavailable) {
		t.Errorf("busy: %v", err)
	} else {
		c.quiet(t, err)
	}
}
