package sns_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"

	"jobzero/internal/notify"
	"jobzero/internal/notify/notifytest"
	"jobzero/internal/notify/sns"
	"jobzero/internal/testmoto"
)

const phone = "+4930901820"

// TestConforms publishes to the emulator, which takes messages to phones. What it never answers, that SNS throttles or refuses, is answered
// here as AWS documents it (docs.aws.amazon.com/sns/latest/api/API_Publish.html, errors) and is not emulator-verified.
func TestConforms(t *testing.T) {
	notifytest.Run(t, func(t *testing.T) notifytest.Case {
		var (
			mu   sync.Mutex
			mood = notifytest.Fine
			got  []notifytest.Got
		)
		end := make(chan struct{})
		emulator := testmoto.NewStandIn(t, testmoto.Shared(t), func(w http.ResponseWriter, c testmoto.Call) bool {
			mu.Lock()
			now := mood
			mu.Unlock()
			switch now {
			case notifytest.Busy:
				return wrong(w, http.StatusTooManyRequests, "Throttled")
			case notifytest.Refuse:
				return wrong(w, http.StatusBadRequest, "InvalidParameter")
			case notifytest.Hang:
				<-end
				return true
			case notifytest.Fine:
			}
			form, err := url.ParseQuery(string(c.Body))
			if err != nil || form.Get("PhoneNumber") != phone || !strings.Contains(string(c.Body), "Transactional") {
				t.Errorf("%v: %s", err, c.Body)
			}
			got = append(got, notifytest.Got{Text: form.Get("Message")})
			return false // the emulator has to take it too
		})
		t.Cleanup(func() { close(end) })
		account := testmoto.Account()
		channel := sns.Channel{Config: sns.Config{Region: "eu-central-1", Sender: "jobzero", Price: "0.50"}, AWS: func(region string) aws.Config {
			cfg := emulator.Config(account)
			cfg.Region = region
			return cfg
		}}
		return notifytest.Case{
			Channel: channel, Person: notify.Person{ID: "kim", Phone: phone}, Secrets: []string{phone, "emulator-only"}, Shown: phone,
			Mood: func(m notifytest.Mood) { mu.Lock(); defer mu.Unlock(); mood = m }, Got: func() []notifytest.Got { return got },
		}
	})
}

func wrong(w http.ResponseWriter, status int, code string) bool {
	w.Header().Set("Content-Type", "text/xml")
	w.WriteHeader(status)
	fmt.Fprintf(w, `<ErrorResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><Error><Type>Sender</Type><Code>%s</Code><Message>Invalid parameter: PhoneNumber Reason: %s is not valid</Message></Error><RequestId>x</RequestId></ErrorResponse>`, code, phone)
	return true
}

func TestALongMessageIsCut(t *testing.T) {
	s := testmoto.Shared(t)
	if err := s.Record(t.Context()); err != nil {
		t.Fatal(err)
	}
	account := testmoto.Account()
	c := sns.Channel{Config: sns.Config{Region: "eu-central-1"}, AWS: func(string) aws.Config { return s.Config(account) }}
	l := notifytest.Sample("long")
	l.Short = strings.Repeat("ä", 1000)
	l.To.To = phone
	if id, err := c.Send(t.Context(), l); err != nil || id == "" {
		t.Fatalf("%q, %v", id, err)
	}
	calls, err := s.Calls(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, call := range calls {
		form, err := url.ParseQuery(string(call.Body))
		if err == nil && form.Get("Action") == "Publish" && strings.HasPrefix(form.Get("Message"), "ää") && len(form.Get("Message")) <= 300 && strings.HasSuffix(form.Get("Message"), "...") {
			return
		}
	}
	t.Errorf("no cut message among %d calls", len(calls))
}

func TestSettings(t *testing.T) {
	for want, c := range map[string]sns.Config{
		"": {Region: "us-gov-west-1", Sender: "JOBZERO1", Price: "1.00"}, "region": {Sender: "x"}, "sender": {Region: "eu-central-1", Sender: "123"},
		"price": {Region: "eu-central-1", Price: "1"},
	} {
		if err := c.Validate(); (err == nil) != (want == "") || err != nil && !strings.HasPrefix(err.Error(), want+": ") {
			t.Errorf("%v, want %q", err, want)
		}
	}
}
