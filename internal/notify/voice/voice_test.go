package voice_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"

	"jobzero/internal/notify"
	"jobzero/internal/notify/notifytest"
	"jobzero/internal/notify/voice"
)

const (
	phone  = "+4930901820"
	target = "PinpointSMSVoiceV2.SendVoiceMessage"
	secret = "made-up-secret-of-a-test"
)

// said is the request as the API has it (docs.aws.amazon.com/pinpoint/latest/apireference_smsvoicev2/API_SendVoiceMessage.html).
type said struct {
	DestinationPhoneNumber, OriginationIdentity, MessageBody, MessageBodyTextType, VoiceId, MaxPricePerMinute string
	TimeToLive                                                                                                int
}

func answer(status int, body string) func(w http.ResponseWriter) {
	return func(w http.ResponseWriter) {
		w.Header().Set("Content-Type", "application/x-amz-json-1.0")
		w.WriteHeader(status)
		fmt.Fprint(w, body)
	}
}

// stand answers as AWS documents it. The emulator lacks the service: this is contract-tested at the layer of HTTP, and not emulator-verified.
func stand(t *testing.T) *notifytest.Vendor {
	t.Helper()
	return notifytest.Stand(t, notifytest.Answers{
		Fine:   func(w http.ResponseWriter, _ notifytest.Call) { answer(200, `{"MessageId":"call-1"}`)(w) },
		Busy:   answer(400, `{"__type":"ThrottlingException","Message":"too many"}`),
		Refuse: answer(400, `{"__type":"ValidationException","Message":"`+phone+` is not valid","Reason":"INVALID_PARAMETER"}`),
	})
}

func channel(v *notifytest.Vendor, c voice.Config) voice.Channel {
	return voice.Channel{Config: c, AWS: func(region string) aws.Config {
		return aws.Config{
			Region: region, BaseEndpoint: aws.String(v.URL),
			Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
				return aws.Credentials{AccessKeyID: "AKIAEXAMPLE", SecretAccessKey: secret}, nil
			}),
		}
	}}
}

func TestConforms(t *testing.T) {
	notifytest.Run(t, func(t *testing.T) notifytest.Case {
		v := stand(t)
		return notifytest.Case{
			Channel: channel(v, voice.Config{Region: "eu-central-1", From: "+4930901800", Voice: "JOANNA", Price: "0.50"}),
			Person:  notify.Person{ID: "kim", Phone: phone}, Secrets: []string{phone, secret}, Shown: phone, Mood: v.Mood,
			Got: func() (out []notifytest.Got) {
				for _, c := range v.Calls() {
					var s said
					if err := json.Unmarshal([]byte(c.Body), &s); err != nil || c.Header.Get("X-Amz-Target") != target || s.DestinationPhoneNumber != phone ||
						s.OriginationIdentity != "+4930901800" || s.VoiceId != "JOANNA" || s.MaxPricePerMinute != "0.50" || s.MessageBodyTextType != "TEXT" || s.TimeToLive != 600 {
						t.Errorf("%v: %s %s", err, c.Header.Get("X-Amz-Target"), c.Body)
					}
					out = append(out, notifytest.Got{Text: s.MessageBody})
				}
				return out
			},
		}
	})
}

func TestALongMessageIsCut(t *testing.T) {
	v := stand(t)
	l := notifytest.Sample("long")
	l.Short, l.To.To = strings.Repeat("ä", 1000), phone
	id, err := channel(v, voice.Config{Region: "eu-central-1", From: "pool-1"}).Send(t.Context(), l)
	if err != nil || id != "call-1" {
		t.Fatalf("%q, %v", id, err)
	}
	var s said
	if err := json.Unmarshal([]byte(v.Calls()[0].Body), &s); err != nil || len(s.MessageBody) != 600 || s.VoiceId != "" {
		t.Errorf("%v: %d bytes, %+v", err, len(s.MessageBody), s)
	}
}

func TestSettings(t *testing.T) {
	arn := "arn:aws:sms-voice:eu-central-1:111122223333:phone-number/phone-0123456789abcdef0123456789abcdef"
	for want, c := range map[string]voice.Config{
		"": {Region: "us-gov-west-1", From: arn, Voice: "JOANNA", Price: "1.00"}, "region": {From: "+4930901800"}, "from": {Region: "eu-central-1", From: "JOBZERO"},
		"voice": {Region: "eu-central-1", From: "phone-1", Voice: "Joanna"}, "price": {Region: "eu-central-1", From: "pool-1", Price: "1"},
	} {
		if err := c.Validate(); (err == nil) != (want == "") || err != nil && !strings.HasPrefix(err.Error(), want+": ") {
			t.Errorf("%v, want %q", err, want)
		}
	}
}
