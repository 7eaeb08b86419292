package ses

import (
	"encoding/json"
	"regexp"
	"strings"

	"jobzero/internal/event"
	"jobzero/internal/fault"
	"jobzero/internal/notice"
	"jobzero/internal/source"
)

// delivered is what is read of the detail (docs.aws.amazon.com/ses/latest/dg/event-publishing-retrieving-sns-contents.html, the mail object: its
// headers are those of the message as it was handed to SES).
type delivered struct {
	EventType string `json:"eventType"`
	Mail      struct {
		Headers []struct {
			Name  string `json:"name"`
			Value string `json:"value"`
		} `json:"headers"`
	} `json:"mail"`
}

// named is an ID as notice.Name makes it.
var named = regexp.MustCompile(`^[0-9a-f]{32}$`)

// Parse reads one. What says that a message came moves no clock, so that a forged one makes nobody be asked less.
func Parse(detail []byte, _ event.Origin) (source.Report, error) {
	var d delivered
	if err := json.Unmarshal(detail, &d); err != nil {
		return source.Report{}, fault.Wrap(fault.Invalid, err, "an event of Amazon SES")
	}
	if d.EventType != "Delivery" {
		return source.Report{}, fault.New(fault.Invalid, "an event of Amazon SES: eventType is %.40q, want Delivery", d.EventType)
	}
	for _, h := range d.Mail.Headers {
		if strings.EqualFold(h.Name, notice.DeliveryHeader) && named.MatchString(h.Value) {
			return source.Report{Arrived: []string{h.Value}}, nil
		}
	}
	return source.Report{}, nil
}
