package queue

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"
	"jobzero/internal/fault"
)

// closing is how long the deletion of a finished batch may take.
const closing = 10 * time.Second

// Consumer takes messages from one queue.
type Consumer struct {
	api    API
	o      Options
	handle Handler
}

// New makes a consumer; Run starts it.
func New(api API, o Options, handle Handler) (*Consumer, error) {
	o, err := o.filled()
	if err != nil {
		return nil, err
	}
	return &Consumer{api: api, o: o, handle: handle}, nil
}

// Run takes messages until ctx ends, then waits for the handlers at work, at most the grace, gives back what was not begun, and
// returns nil. AWS errors do not end it: it waits longer and longer and tries again.
func (c *Consumer) Run(ctx context.Context) error {
	// The work outlives the stop by the grace.
	work, end := context.WithCancel(context.WithoutCancel(ctx))
	defer end()
	idle := make(chan struct{})
	var workers, limit sync.WaitGroup
	limit.Go(func() {
		select {
		case <-idle:
			return
		case <-ctx.Done():
		}
		late := time.NewTimer(c.o.Grace)
		defer late.Stop()
		select {
		case <-idle:
		case <-late.C:
			end()
		}
	})
	for range c.o.Workers {
		workers.Go(func() { c.loop(ctx, work) })
	}
	workers.Wait()
	close(idle)
	limit.Wait()
	return nil
}

// loop is one worker: receive, handle, delete.
func (c *Consumer) loop(ctx, work context.Context) {
	failures := 0
	for ctx.Err() == nil {
		got, err := c.receive(ctx)
		if ctx.Err() != nil && len(got) == 0 {
			return
		}
		if err != nil {
			c.trouble(fault.Wrap(fault.Unavailable, err, "receive from %s, try %d", c.o.URL, failures+1))
			pause(ctx, c.backoff(failures))
			failures++
			continue
		}
		failures = 0
		if len(got) > 0 {
			c.batch(ctx, work, got)
		} else if c.o.Empty != nil {
			c.o.Empty()
		}
	}
}

func (c *Consumer) receive(ctx context.Context) ([]types.Message, error) {
	out, err := c.api.ReceiveMessage(ctx, &sqs.ReceiveMessageInput{
		QueueUrl: &c.o.URL, MaxNumberOfMessages: most, WaitTimeSeconds: seconds(c.o.Wait), VisibilityTimeout: seconds(c.o.Visibility),
		MessageSystemAttributeNames: []types.MessageSystemAttributeName{types.MessageSystemAttributeNameApproximateReceiveCount},
	})
	if err != nil {
		return nil, err
	}
	return out.Messages, nil
}

// batch handles the messages of one delivery one after the other, keeps them invisible to others meanwhile, and deletes
// those that are done. After the stop what was not begun is given back at once.
func (c *Consumer) batch(ctx, work context.Context, got []types.Message) {
	h := &held{c: c, left: slices.Clone(got)}
	done := make(chan struct{})
	var keeper sync.WaitGroup
	keeper.Go(func() { h.keep(work, done) })
	var finished, back []types.Message
	for _, m := range got {
		if ctx.Err() != nil {
			back = append(back, m)
			h.drop(m)
			continue
		}
		if err := c.handle(work, message(m, c.o.URL)); err != nil {
			c.trouble(fmt.Errorf("message %s stays in the queue: %w", aws.ToString(m.MessageId), err))
			h.drop(m)
			continue
		}
		finished = append(finished, m)
	}
	close(done)
	keeper.Wait()
	last, cancel := context.WithTimeout(context.WithoutCancel(work), closing) // what is done is done, even when the grace is over
	defer cancel()
	c.remove(last, finished)
	c.visible(last, back, 0)
}

func message(m types.Message, url string) Message {
	n, _ := strconv.Atoi(m.Attributes[string(types.MessageSystemAttributeNameApproximateReceiveCount)])
	return Message{ID: aws.ToString(m.MessageId), Body: []byte(aws.ToString(m.Body)), Queue: url, Receives: n}
}

func (c *Consumer) trouble(err error) {
	if c.o.Trouble != nil {
		c.o.Trouble(err)
	}
}

// backoff doubles with each failure, with half of it left to chance, so that many consumers do not come back in step.
func (c *Consumer) backoff(failures int) time.Duration {
	d := c.o.MaxBackoff
	if failures < 20 {
		d = min(d, c.o.MinBackoff<<failures)
	}
	return d/2 + rand.N(d/2+1) //nolint:gosec // chance, not a secret
}

// pause waits, or less when ctx ends.
func pause(ctx context.Context, d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
	case <-t.C:
	}
}
