package ses_test

import (
	"slices"
	"testing"

	"jobzero/internal/event"
	"jobzero/internal/fault"
	"jobzero/internal/notice"
	"jobzero/internal/source/ses"
)

// id is a name as deliveries have it.
var id = string(notice.Name("page 1", notice.To{Person: "kim"}))

// said is an event as AWS documents it, with made-up values (docs.aws.amazon.com/ses/latest/dg/event-publishing-retrieving-sns-examples.html).
func said(kind, header, value string) []byte {
	return []byte(`{"eventType":"` + kind + `","mail":{"timestamp":"2026-11-23T09:00:00.000Z","source":"jobzero@example.com","messageId":"0100-made-up","destination":["kim@example.com"],` +
		`"headersTruncated":false,"headers":[{"name":"From","value":"jobzero@example.com"},{"name":"` + header + `","value":"` + value + `"}]},` +
		`"delivery":{"timestamp":"2026-11-23T09:00:01.000Z","processingTimeMillis":1000,"recipients":["kim@example.com"],"smtpResponse":"250 ok"}}`)
}

func TestParse(t *testing.T) {
	for name, c := range map[string]struct {
		detail []byte
		want   []string
		bad    bool
	}{
		"ours":            {said("Delivery", notice.DeliveryHeader, id), []string{id}, false},
		"in small":        {said("Delivery", "x-jobzero-delivery", id), []string{id}, false},
		"of others":       {said("Delivery", "X-Other", id), nil, false},
		"no name of ours": {said("Delivery", notice.DeliveryHeader, "../"+id), nil, false},
		"a bounce":        {said("Bounce", notice.DeliveryHeader, id), nil, true},
		"no object":       {[]byte(`[]`), nil, true},
	} {
		r, err := ses.Parse(c.detail, event.Origin{})
		if !slices.Equal(r.Arrived, c.want) || fault.Is(err, fault.Invalid) != c.bad || len(r.Claims)+len(r.Changed) > 0 {
			t.Errorf("%s: %+v, %v", name, r, err)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add(said("Delivery", notice.DeliveryHeader, id))
	f.Fuzz(func(t *testing.T, b []byte) {
		r, err := ses.Parse(b, event.Origin{})
		if err != nil && len(r.Arrived) > 0 || len(r.Arrived) > 1 {
			t.Fatalf("%+v with %v", r, err)
		}
	})
}
