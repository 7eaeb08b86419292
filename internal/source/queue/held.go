package queue

import (
	"context"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"
	"jobzero/internal/fault"
)

// removals is how often a deletion is tried; after that the message comes again and is known as a duplicate.
const removals = 4

// held are the messages of a batch that must stay hidden: those not handled yet, and those done that wait for their deletion.
type held struct {
	c    *Consumer
	mu   sync.Mutex
	left []types.Message
}

// drop lets a message go: it failed, or it was not begun.
func (h *held) drop(m types.Message) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.left = slices.DeleteFunc(h.left, func(l types.Message) bool { return aws.ToString(l.ReceiptHandle) == aws.ToString(m.ReceiptHandle) })
}

func (h *held) all() []types.Message {
	h.mu.Lock()
	defer h.mu.Unlock()
	return slices.Clone(h.left)
}

// keep extends the visibility of what is held, at half time, until done.
func (h *held) keep(ctx context.Context, done <-chan struct{}) {
	tick := time.NewTicker(h.c.o.Visibility / 2)
	defer tick.Stop()
	for {
		select {
		case <-done:
			return
		case <-ctx.Done():
			return
		case <-tick.C:
			h.c.visible(ctx, h.all(), h.c.o.Visibility)
		}
	}
}

// visible sets for how long the messages are hidden from other consumers; zero gives them back. It is not tried again: a
// message that becomes visible too early is delivered twice, no more.
func (c *Consumer) visible(ctx context.Context, ms []types.Message, d time.Duration) {
	if len(ms) == 0 {
		return
	}
	in := &sqs.ChangeMessageVisibilityBatchInput{QueueUrl: &c.o.URL}
	for i, m := range ms {
		in.Entries = append(in.Entries, types.ChangeMessageVisibilityBatchRequestEntry{
			Id: aws.String(strconv.Itoa(i)), ReceiptHandle: m.ReceiptHandle, VisibilityTimeout: seconds(d),
		})
	}
	out, err := c.api.ChangeMessageVisibilityBatch(ctx, in)
	if err != nil {
		c.trouble(fault.Wrap(fault.Unavailable, err, "set the visibility of %d messages of %s", len(ms), c.o.URL))
		return
	}
	for _, f := range out.Failed {
		c.trouble(fault.New(fault.Unavailable, "set the visibility of a message of %s: %s %s", c.o.URL, aws.ToString(f.Code), aws.ToString(f.Message)))
	}
}

// remove deletes the messages that are done. What SQS refuses for its own reasons is tried again.
func (c *Consumer) remove(ctx context.Context, ms []types.Message) {
	for try := 0; len(ms) > 0 && try < removals; try++ {
		if try > 0 {
			pause(ctx, c.backoff(try-1))
		}
		ms = c.removeOnce(ctx, ms)
	}
}

// removeOnce gives back the messages whose deletion is worth another try.
func (c *Consumer) removeOnce(ctx context.Context, ms []types.Message) []types.Message {
	in := &sqs.DeleteMessageBatchInput{QueueUrl: &c.o.URL}
	for i, m := range ms {
		in.Entries = append(in.Entries, types.DeleteMessageBatchRequestEntry{Id: aws.String(strconv.Itoa(i)), ReceiptHandle: m.ReceiptHandle})
	}
	out, err := c.api.DeleteMessageBatch(ctx, in)
	if err != nil {
		c.trouble(fault.Wrap(fault.Unavailable, err, "delete %d messages of %s", len(ms), c.o.URL))
		return ms
	}
	var again []types.Message
	for _, f := range out.Failed {
		c.trouble(fault.New(fault.Unavailable, "delete a message of %s: %s %s", c.o.URL, aws.ToString(f.Code), aws.ToString(f.Message)))
		if i, err := strconv.Atoi(aws.ToString(f.Id)); err == nil && i < len(ms) && !f.SenderFault {
			again = append(again, ms[i])
		}
	}
	return again
}
