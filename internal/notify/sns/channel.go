package sns

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sns/types"
	"github.com/aws/smithy-go"

	"jobzero/internal/awsorg"
	"jobzero/internal/fault"
	"jobzero/internal/notify"
)

// Credentials are what AWS is called with in a region.
type Credentials func(region string) aws.Config

// Channel is SMS to each person's phone.
type Channel struct {
	Config Config
	AWS    Credentials // the hub's own
}

var _ notify.Channel = Channel{}

// Name is how it is called.
func (c Channel) Name() string { return notify.SMS }

// Personal says yes: a phone is one person's.
func (c Channel) Personal() bool { return true }

// Address is the person's phone.
func (c Channel) Address(p notify.Person) (notify.Address, error) {
	if p.Phone == "" {
		return notify.Address{}, fault.New(fault.Invalid, "no phone of them is known: notify.people has it")
	}
	return notify.Address{To: p.Phone, Shown: notify.Masked(p.Phone)}, nil
}

// mostSMS keeps a message to one or two parts of a text message, each of which AWS counts (docs.aws.amazon.com/sns/latest/dg/sms_publish-to-phone.html:
// 160 characters of GSM, 70 of others).
const mostSMS = 300

// Send publishes to the phone (docs.aws.amazon.com/sns/latest/api/API_Publish.html). SNS has no name for a repetition: after a process that
// died the message may come twice. Transactional messages are the ones that are to arrive.
func (c Channel) Send(ctx context.Context, l notify.Letter) (string, error) {
	text := l.Short
	if len(text) > mostSMS {
		text = strings.ToValidUTF8(text[:mostSMS-3], "") + "..."
	}
	in := sns.PublishInput{
		PhoneNumber: aws.String(l.To.To), Message: aws.String(text),
		MessageAttributes: map[string]types.MessageAttributeValue{"AWS.SNS.SMS.SMSType": word("Transactional")},
	}
	if c.Config.Sender != "" {
		in.MessageAttributes["AWS.SNS.SMS.SenderID"] = word(c.Config.Sender)
	}
	if c.Config.Price != "" {
		in.MessageAttributes["AWS.SNS.SMS.MaxPrice"] = types.MessageAttributeValue{DataType: aws.String("Number"), StringValue: aws.String(c.Config.Price)}
	}
	once := func(o *sns.Options) { o.RetryMaxAttempts = 1 } // the library would send it again where only the answer was lost
	out, err := sns.NewFromConfig(c.AWS(c.Config.Region), once).Publish(ctx, &in)
	if err != nil {
		return "", refused(err, l.To.Shown)
	}
	return aws.ToString(out.MessageId), nil
}

func word(s string) types.MessageAttributeValue {
	return types.MessageAttributeValue{DataType: aws.String("String"), StringValue: aws.String(s)}
}

// refused tells what is for good. The number is left out, which AWS's text may have.
func refused(err error, shown string) error {
	code, _ := awsorg.Classify(err)
	said := "no answer"
	if e, ok := errors.AsType[smithy.APIError](err); ok {
		said = e.ErrorCode()
		if slices.Contains([]string{"InvalidParameter", "InvalidParameterValue", "OptedOut", "EndpointDisabled"}, said) {
			code = fault.Denied
		}
	}
	if code == fault.Internal {
		code = fault.Unavailable
	}
	return fault.New(code, "Amazon SNS does not take the message to %s: %s", shown, said)
}

// Needs are the permissions that sending takes.
func Needs() []string { return []string{"sns:Publish"} }
