package subscription_test

import (
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"jobzero/internal/fault"
	"jobzero/internal/notify/subscription"
	"jobzero/internal/store"
	"jobzero/internal/telemetry"
	"jobzero/internal/ticket"
)

// TestASecretIsChangedWithoutABreak: for a while posts are signed by both, and then by the new one only. No secret is in the database.
func TestASecretIsChangedWithoutABreak(t *testing.T) {
	o, siem := newOffice(t), stand(t)
	one, first := o.add(subscription.Wish{Name: "siem", URL: siem.url})
	_, second, err := o.desk.Rotate(t.Context(), "siem")
	if err != nil || second == first {
		t.Fatal(err)
	}
	for _, c := range []struct {
		after  time.Duration
		former bool
	}{{time.Minute, true}, {25 * time.Hour, false}} {
		o.now = o.now.Add(c.after)
		o.happen("a"+c.after.String(), ticket.Open)
		if _, err := o.carry(one.ID); err != nil {
			t.Fatal(err)
		}
		all := siem.posts()
		if p := all[len(all)-1]; !p.signed(t, second) || p.signed(t, first) != c.former {
			t.Errorf("%s after the rotation: %s", c.after, p.signature)
		}
	}
	o.do(func(tx *store.Tx) error {
		s, err := tx.Subscription(t.Context(), one.ID)
		if text := s.URL + s.Why + s.Name; strings.Contains(text, "whsec_") || s.Secret != 1 {
			t.Errorf("%+v", s)
		}
		return err
	})
	if other := (subscription.Config{Key: "another key of more than 32 bytes!!", Overlap: time.Hour}); other.Validate() == nil {
		t.Error("settings without give_up pass")
	}
}

// TestAChangeCountsFromTheNextPost: one that is made while a batch is told is not left until the batch is over.
func TestAChangeCountsFromTheNextPost(t *testing.T) {
	o, siem := newOffice(t), stand(t)
	one, first := o.add(subscription.Wish{Name: "siem", URL: siem.url, Kinds: []string{"ticket"}})
	o.happen("a", ticket.Open, ticket.Closed, ticket.Open)
	var second telemetry.Secret
	posts := 0
	siem.then = func() {
		var err error
		switch posts++; posts {
		case 1:
			_, second, err = o.desk.Rotate(t.Context(), "siem")
		case 2:
			_, err = o.desk.Remove(t.Context(), "siem")
		}
		if err != nil {
			t.Error(err)
		}
	}
	if _, err := o.carry(one.ID); err != nil {
		t.Fatal(err)
	}
	all := siem.posts()
	if len(all) != 2 || !all[0].signed(t, first) || !all[1].signed(t, first) || !all[1].signed(t, second) {
		t.Errorf("%d posts, %+v", len(all), all)
	}
}

// TestAddressesInsideAreRefused: by what is written, and by what a name comes to at the moment of connecting. Nobody is connected to.
func TestAddressesInsideAreRefused(t *testing.T) {
	o := newOffice(t)
	o.c.Private, o.desk.Config.Private = false, false
	for _, u := range []string{
		"http://hooks.example.com/x", "https://127.0.0.1/x", "https://10.0.0.1/", "https://[::1]/", "https://169.254.169.254/latest/meta-data", "https://[fd00:ec2::254]/",
		"https://[::ffff:127.0.0.1]/", "https://100.64.0.1/", "https://0.0.0.0/", "ftp://hooks.example.com/", "https://a:b@hooks.example.com/", "hooks.example.com", "",
	} {
		if _, _, err := o.desk.Add(t.Context(), subscription.Wish{Name: "x", URL: u}, "mia"); !fault.Is(err, fault.Invalid) {
			t.Errorf("%q: %v", u, err)
		}
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	came := make(chan struct{}, 1)
	go func() {
		if c, err := l.Accept(); err == nil {
			_ = c.Close()
			came <- struct{}{}
		}
	}()
	_, port, _ := net.SplitHostPort(l.Addr().String())
	one, _ := o.add(subscription.Wish{Name: "rebound", URL: "https://localhost:" + port + "/"}) // a name that comes to an address inside
	why, err := o.desk.Test(t.Context(), one.Name)
	if err != nil || !fault.Is(why, fault.Denied) || !strings.Contains(why.Error(), "is inside") {
		t.Errorf("%v, %v", why, err)
	}
	select {
	case <-came:
		t.Error("it was connected to")
	default:
	}
}

// TestNamesAndKinds: a name is there once, what is not known is refused with what there is, and a removed one's name is free again.
func TestNamesAndKinds(t *testing.T) {
	o, siem := newOffice(t), stand(t)
	o.add(subscription.Wish{Name: "siem", URL: siem.url})
	for want, w := range map[string]subscription.Wish{
		"there is a webhook siem already": {Name: "siem", URL: siem.url},
		"want small letters":              {Name: "SIEM", URL: siem.url},
		`kinds: "tickets" is none`:        {Name: "x", URL: siem.url, Kinds: []string{"tickets"}},
		`kinds: "run" is none`:            {Name: "x", URL: siem.url, Kinds: []string{"run", "run"}},
	} {
		if _, _, err := o.desk.Add(t.Context(), w, "mia"); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %q", err, want)
		}
	}
	if why, err := o.desk.Test(t.Context(), "siem"); why != nil || err != nil || types(siem.posts())[0] != "ping " {
		t.Errorf("%v, %v: %v", why, err, types(siem.posts()))
	}
	siem.answer(http.StatusGone)
	if why, err := o.desk.Test(t.Context(), "siem"); err != nil || why == nil || !strings.Contains(why.Error(), "answers 410") {
		t.Errorf("%v, %v", why, err)
	}
	if _, err := o.desk.Remove(t.Context(), "siem"); err != nil {
		t.Fatal(err)
	}
	if _, err := o.desk.One(t.Context(), "siem"); !fault.Is(err, fault.NotFound) {
		t.Errorf("after it was removed: %v", err)
	}
	o.add(subscription.Wish{Name: "siem", URL: siem.url})
	all, err := o.desk.List(t.Context())
	if err != nil || len(all) != 1 || len(all[0].Kinds) != len(subscription.Kinds()) || strings.Contains(all[0].Host, "secret") {
		t.Errorf("%+v, %v", all, err)
	}
}
