package voice

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/pinpointsmsvoicev2"
	"github.com/aws/aws-sdk-go-v2/service/pinpointsmsvoicev2/types"
	"github.com/aws/smithy-go"

	"jobzero/internal/awsorg"
	"jobzero/internal/fault"
	"jobzero/internal/notify"
)

// Channel calls each person's phone.
type Channel struct {
	Config Config
	AWS    func(region string) aws.Config // the hub's own credentials
}

var _ notify.Channel = Channel{}

// Name is how it is called.
func (c Channel) Name() string { return notify.Voice }

// Personal says yes: a phone is one person's.
func (c Channel) Personal() bool { return true }

// Address is the person's phone.
func (c Channel) Address(p notify.Person) (notify.Address, error) {
	if p.Phone == "" {
		return notify.Address{}, fault.New(fault.Invalid, "no phone of them is known: notify.people has it")
	}
	return notify.Address{To: p.Phone, Shown: notify.Masked(p.Phone)}, nil
}

const (
	mostSpoken = 600     // bytes: nobody listens for longer than a minute
	worth      = 10 * 60 // seconds; without it AWS goes on for three days, and people were asked again long before
)

// Send has the phone called and the short text read out, as text and never as markup: what strangers wrote is words. There is no name for a
// repetition: after a process that died the phone may ring twice.
func (c Channel) Send(ctx context.Context, l notify.Letter) (string, error) {
	text := l.Short
	if len(text) > mostSpoken {
		text = strings.ToValidUTF8(text[:mostSpoken], "")
	}
	in := pinpointsmsvoicev2.SendVoiceMessageInput{
		DestinationPhoneNumber: aws.String(l.To.To), OriginationIdentity: aws.String(c.Config.From), MessageBody: aws.String(text),
		MessageBodyTextType: types.VoiceMessageBodyTextTypeText, VoiceId: types.VoiceId(c.Config.Voice), TimeToLive: aws.Int32(worth),
	}
	if c.Config.Price != "" {
		in.MaxPricePerMinute = aws.String(c.Config.Price)
	}
	once := func(o *pinpointsmsvoicev2.Options) { o.RetryMaxAttempts = 1 } // the library would call again where only the answer was lost
	out, err := pinpointsmsvoicev2.NewFromConfig(c.AWS(c.Config.Region), once).SendVoiceMessage(ctx, &in)
	if err != nil {
		return "", refused(err, l.To.Shown)
	}
	return aws.ToString(out.MessageId), nil
}

// refused tells what is for good. The number is left out, which AWS's text may have.
func refused(err error, shown string) error {
	code, _ := awsorg.Classify(err)
	said := "no answer"
	if e, ok := errors.AsType[smithy.APIError](err); ok {
		said = e.ErrorCode()
		if slices.Contains([]string{"ValidationException", "ConflictException", "ResourceNotFoundException", "AccessDeniedException"}, said) {
			code = fault.Denied
		}
	}
	if code == fault.Internal {
		code = fault.Unavailable
	}
	return fault.New(code, "AWS End User Messaging does not call %s: %s", shown, said)
}

// Needs are the permissions that calling takes.
func Needs() []string { return []string{"sms-voice:SendVoiceMessage"} }
