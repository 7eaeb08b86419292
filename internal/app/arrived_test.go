package app

import (
	"strings"
	"testing"

	"jobzero/internal/notice"
	"jobzero/internal/oncall/escalate"
)

// TestWhatSESSaysCameIsReceived: a letter carries the name of its delivery, and an event of the queue that has it notes that it came, on the delivery
// and on the page's call, once. It moves nothing back, and mail of others is nothing.
func TestWhatSESSaysCameIsReceived(t *testing.T) {
	h, post, _ := phones(t)
	_, call := asked(t, h, "kim")
	paged := notice.Name(callOccasion+call.Key(), notice.To{Person: "kim"})
	mailed := tellOf(t, h, pageOf("mail"), notice.To{Person: "kim", Channel: "email"})
	sent := func(d notice.Delivery) bool { return d.State == notice.Sent }
	for _, id := range []notice.ID{paged, mailed} {
		until(t, h, id, sent)
	}
	if text := post.Letters()[0].Text; !strings.Contains(text, "\r\n"+notice.DeliveryHeader+": "+string(mailed)+"\r\n") {
		t.Errorf("the letter does not name its delivery: %s", text)
	}
	p := newPost(t, h)
	came := func(id notice.ID) {
		p.brings("Email Delivered", "aws.ses", "111122223333", `{"eventType":"Delivery","mail":{"headers":[{"name":"`+notice.DeliveryHeader+`","value":"`+string(id)+`"}]}}`)
	}
	came(notice.Name("another", notice.To{Person: "kim"}))
	p.brings("Email Delivered", "aws.ses", "111122223333", `{"eventType":"Delivery","mail":{"headers":[]}}`)
	before := until(t, h, mailed, sent)
	for range 2 {
		came(mailed)
		came(paged)
	}
	d := until(t, h, mailed, func(notice.Delivery) bool { return true })
	if d.State != notice.Received || d.Version != before.Version+1 {
		t.Errorf("it came: %s in version %d after %d", d.State, d.Version, before.Version)
	}
	err := h.store.View(t.Context(), func(tx storeTx) error {
		c, err := tx.Call(t.Context(), call.Key())
		if c.State != escalate.Delivered {
			t.Errorf("the call is %s", c.State)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	err = h.store.Update(t.Context(), func(tx storeTx) error {
		d.State = notice.Acknowledged
		d.Version++
		return tx.SaveDelivery(t.Context(), d)
	})
	if err != nil {
		t.Fatal(err)
	}
	came(mailed)
	if d := until(t, h, mailed, func(notice.Delivery) bool { return true }); d.State != notice.Acknowledged {
		t.Errorf("a receipt that comes late: %s", d.State)
	}
}
