package queue

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"
	"go.uber.org/goleak"
	"jobzero/internal/fault"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// fake is a queue with visibility, in virtual time.
type fake struct {
	mu       sync.Mutex
	until    map[string]time.Time // message → invisible until
	handed   map[string]int
	extended int
	back     []string
	fails    []error // answers to the next receives
	refuse   int     // deletions that fail
	calls    []time.Time
}

func newFake(n int) *fake {
	f := &fake{until: map[string]time.Time{}, handed: map[string]int{}}
	for i := range n {
		f.until[fmt.Sprintf("m%02d", i)] = time.Time{}
	}
	return f
}

func (f *fake) ReceiveMessage(ctx context.Context, in *sqs.ReceiveMessageInput, _ ...func(*sqs.Options)) (*sqs.ReceiveMessageOutput, error) {
	f.mu.Lock()
	f.calls = append(f.calls, time.Now())
	if len(f.fails) > 0 {
		err := f.fails[0]
		f.fails = f.fails[1:]
		f.mu.Unlock()
		return nil, err
	}
	out := f.take(in)
	f.mu.Unlock()
	if len(out.Messages) > 0 {
		return out, nil
	}
	t := time.NewTimer(time.Duration(in.WaitTimeSeconds)*time.Second + time.Millisecond)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return nil, ctx.Err()
	case <-t.C:
		return out, nil
	}
}

func (f *fake) take(in *sqs.ReceiveMessageInput) *sqs.ReceiveMessageOutput {
	out := &sqs.ReceiveMessageOutput{}
	var ids []string
	for id, until := range f.until {
		if !until.After(time.Now()) {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	for _, id := range ids[:min(len(ids), int(in.MaxNumberOfMessages))] {
		f.until[id] = time.Now().Add(time.Duration(in.VisibilityTimeout) * time.Second)
		f.handed[id]++
		out.Messages = append(out.Messages, types.Message{
			MessageId: aws.String(id), ReceiptHandle: aws.String(id), Body: aws.String("body " + id),
			Attributes: map[string]string{"ApproximateReceiveCount": fmt.Sprint(f.handed[id])},
		})
	}
	return out
}

func (f *fake) DeleteMessageBatch(_ context.Context, in *sqs.DeleteMessageBatchInput, _ ...func(*sqs.Options)) (*sqs.DeleteMessageBatchOutput, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	out := &sqs.DeleteMessageBatchOutput{}
	for _, e := range in.Entries {
		if f.refuse > 0 {
			f.refuse--
			out.Failed = append(out.Failed, types.BatchResultErrorEntry{Id: e.Id, Code: aws.String("InternalError")})
			continue
		}
		delete(f.until, *e.ReceiptHandle)
	}
	return out, nil
}

func (f *fake) ChangeMessageVisibilityBatch(_ context.Context, in *sqs.ChangeMessageVisibilityBatchInput, _ ...func(*sqs.Options)) (*sqs.ChangeMessageVisibilityBatchOutput, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, e := range in.Entries {
		f.until[*e.ReceiptHandle] = time.Now().Add(time.Duration(e.VisibilityTimeout) * time.Second)
		if f.extended++; e.VisibilityTimeout == 0 {
			f.back = append(f.back, *e.ReceiptHandle)
		}
	}
	return &sqs.ChangeMessageVisibilityBatchOutput{}, nil
}

// run consumes for a while of virtual time and gives what was reported as trouble.
func run(t *testing.T, f *fake, o Options, d time.Duration, handle Handler) []error {
	t.Helper()
	var mu sync.Mutex
	var troubles []error
	o.URL = "q"
	o.Trouble = func(err error) { mu.Lock(); troubles = append(troubles, err); mu.Unlock() }
	c, err := New(f, o, handle)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), d)
	defer cancel()
	if err := c.Run(ctx); err != nil {
		t.Fatal(err)
	}
	return troubles
}

func TestEachOnceAndDeleted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake(37)
		var mu sync.Mutex
		seen := map[string]int{}
		troubles := run(t, f, Options{Workers: 3}, time.Minute, func(_ context.Context, m Message) error {
			mu.Lock()
			defer mu.Unlock()
			seen[string(m.Body)]++
			if m.Receives != 1 || m.Queue != "q" || m.ID == "" {
				t.Errorf("message %+v", m)
			}
			return nil
		})
		if len(seen) != 37 || len(f.until) != 0 || len(troubles) != 0 {
			t.Errorf("%d handled, %d left, %v", len(seen), len(f.until), troubles)
		}
	})
}

// TestAnErrorLeavesTheMessage: it comes again after its visibility, the others are deleted.
func TestAnErrorLeavesTheMessage(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake(3)
		tries := 0
		troubles := run(t, f, Options{Workers: 1}, 5*time.Minute, func(_ context.Context, m Message) error {
			if m.ID == "m01" {
				if tries++; tries < 3 {
					return errors.New("no disk")
				}
				if m.Receives != 3 {
					t.Errorf("receives %d", m.Receives)
				}
			}
			return nil
		})
		if tries != 3 || len(f.until) != 0 || len(troubles) != 2 || f.handed["m00"] != 1 {
			t.Errorf("tries %d, left %v, trouble %v, handed %v", tries, f.until, troubles, f.handed)
		}
	})
}

// TestLongHandlersKeepTheirMessages: nobody else gets a message while its handler, or the one before it, works.
func TestLongHandlersKeepTheirMessages(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake(4)
		run(t, f, Options{Workers: 2, Visibility: 10 * time.Second}, 3*time.Minute, func(context.Context, Message) error {
			pause(t.Context(), 25*time.Second)
			return nil
		})
		for id, n := range f.handed {
			if n != 1 {
				t.Errorf("%s was delivered %d times", id, n)
			}
		}
		if len(f.until) != 0 || f.extended == 0 {
			t.Errorf("left %v, extended %d times", f.until, f.extended)
		}
	})
}

// TestBackoff: failures are waited out longer and longer, up to the limit, and forgotten after a success.
func TestBackoff(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake(1)
		for range 12 {
			f.fails = append(f.fails, errors.New("throttled"))
		}
		troubles := run(t, f, Options{Workers: 1}, 10*time.Minute, func(context.Context, Message) error { return nil })
		if len(troubles) != 12 || !fault.Is(troubles[0], fault.Unavailable) || len(f.until) != 0 {
			t.Errorf("trouble %v, left %v", troubles, f.until)
		}
		for i := range 11 {
			gap, most := f.calls[i+1].Sub(f.calls[i]), min(30*time.Second, 200*time.Millisecond<<i)
			if gap < most/2 || gap > most+time.Millisecond {
				t.Errorf("wait %d is %s, not between %s and %s", i, gap, most/2, most)
			}
		}
	})
}

// TestStop: the handler at work ends in peace, what was not begun goes back at once.
func TestStop(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake(5)
		run(t, f, Options{Workers: 1}, 3*time.Second, func(ctx context.Context, _ Message) error {
			pause(t.Context(), 2*time.Second)
			return ctx.Err()
		})
		if len(f.until) != 3 || !slices.Equal(f.back, []string{"m02", "m03", "m04"}) {
			t.Errorf("left %v, given back %v", f.until, f.back)
		}
	})
}

// TestGrace: a handler that does not end is told to by its context.
func TestGrace(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake(1)
		begin := time.Now()
		run(t, f, Options{Workers: 1, Grace: 5 * time.Second}, time.Second, func(ctx context.Context, _ Message) error {
			<-ctx.Done()
			return ctx.Err()
		})
		if d := time.Since(begin); d != 6*time.Second || len(f.until) != 1 {
			t.Errorf("stopped after %s, left %v", d, f.until)
		}
	})
}

func TestDeletionsAreTriedAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake(2)
		f.refuse = 3
		troubles := run(t, f, Options{Workers: 1}, 30*time.Second, func(context.Context, Message) error { return nil })
		if len(f.until) != 0 || len(troubles) != 3 || f.handed["m00"] != 1 {
			t.Errorf("left %v, trouble %v", f.until, troubles)
		}
	})
}

func TestOptions(t *testing.T) {
	for _, o := range []Options{{}, {URL: "q", Wait: time.Minute}, {URL: "q", Visibility: time.Second}} {
		if _, err := New(newFake(0), o, nil); !fault.Is(err, fault.Invalid) {
			t.Errorf("%+v: %v", o, err)
		}
	}
}
