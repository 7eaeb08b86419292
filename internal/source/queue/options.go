package queue

import (
	"context"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"jobzero/internal/fault"
)

// most is how many messages SQS gives or takes in one call.
const most = 10

// API is what is used of the SQS client.
type API interface {
	ReceiveMessage(context.Context, *sqs.ReceiveMessageInput, ...func(*sqs.Options)) (*sqs.ReceiveMessageOutput, error)
	DeleteMessageBatch(context.Context, *sqs.DeleteMessageBatchInput, ...func(*sqs.Options)) (*sqs.DeleteMessageBatchOutput, error)
	ChangeMessageVisibilityBatch(context.Context, *sqs.ChangeMessageVisibilityBatchInput, ...func(*sqs.Options)) (*sqs.ChangeMessageVisibilityBatchOutput, error)
}

// Message is one message as it was delivered.
type Message struct {
	ID       string
	Body     []byte
	Queue    string // the queue's URL
	Receives int    // how often it has been delivered, this time included; 0 when SQS does not say
}

// Handler reads one message and commits what is in it. Nil deletes the message; an error leaves it, and SQS delivers it again
// when its visibility times out. The context ends when the consumer's grace is over.
type Handler func(context.Context, Message) error

// Options are a consumer's settings; zero values mean the defaults.
type Options struct {
	URL        string
	Wait       time.Duration // long poll, whole seconds up to 20; 20 s, and negative for none
	Visibility time.Duration // how long a message is ours before it is extended; 60 s
	Workers    int           // batches in work at once; 2
	Grace      time.Duration // how long handlers may go on after the stop; 10 s
	MinBackoff time.Duration // first wait after an AWS error; 200 ms
	MaxBackoff time.Duration // longest wait; 30 s
	Empty      func()        // told that the queue gave nothing within Wait; may be nil
	Trouble    func(error)   // told what AWS or a handler refused and what is tried again; may be nil
}

func (o Options) filled() (Options, error) {
	if o.URL == "" {
		return o, fault.New(fault.Invalid, "a queue needs its URL, such as https://sqs.us-east-1.amazonaws.com/111122223333/jobzero-events")
	}
	set := func(d *time.Duration, to time.Duration) {
		if *d == 0 {
			*d = to
		}
	}
	set(&o.Wait, 20*time.Second)
	set(&o.Visibility, time.Minute)
	set(&o.Grace, 10*time.Second)
	set(&o.MinBackoff, 200*time.Millisecond)
	set(&o.MaxBackoff, 30*time.Second)
	if o.Workers <= 0 {
		o.Workers = 2
	}
	if o.Wait < 0 {
		o.Wait = 0
	}
	if o.Wait > 20*time.Second {
		return o, fault.New(fault.Invalid, "SQS waits 20s at most, not %s", o.Wait)
	}
	if o.Visibility < 2*time.Second || o.Visibility > 12*time.Hour {
		return o, fault.New(fault.Invalid, "a visibility of %s is not between 2s and 12h", o.Visibility)
	}
	return o, nil
}

// seconds is a duration as SQS counts it; the options have kept it within twelve hours.
func seconds(d time.Duration) int32 {
	return int32(min(d, 12*time.Hour) / time.Second) //nolint:gosec // 43200 fits
}
