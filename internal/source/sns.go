package source

import (
	"jobzero/internal/rawjson"
)

// Unwrap is the message inside an SNS notification, when the body is one (a subscription without raw delivery); else the body.
func Unwrap(body []byte) []byte {
	var kind, message, topic rawjson.Value
	err := rawjson.Object(body, func(key []byte, v rawjson.Value) error {
		switch string(key) {
		case "Type":
			kind = v
		case "Message":
			message = v
		case "TopicArn":
			topic = v
		}
		return nil
	})
	inner, ok := message.Text()
	if err != nil || !ok || topic == nil {
		return body
	}
	if k, _ := kind.Text(); k != "Notification" {
		return body
	}
	return []byte(inner)
}
