package flow

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"jobzero/internal/fault"
)

const (
	nextWait    = 5 * time.Second  // one pull; it ends sooner when its stream is deleted
	ackWait     = 30 * time.Second // a worker silent for so long is taken for dead
	publishWait = 5 * time.Second
	window      = 30 * time.Second // in which the bus itself drops a hint sent twice
	hintAge     = 24 * time.Hour   // older hints are of no use: their rows have been sent again
)

// motion is the Bus on JetStream, the same for the embedded server and for a cluster.
type motion struct {
	nc     *nats.Conn
	js     jetstream.JetStream
	prefix string
	copies int
	nudged chan struct{}
	closed func() // what else Close ends

	mu        sync.Mutex
	ready     bool // the stream was there when last looked
	consumers map[string]jetstream.Consumer
}

func newMotion(nc *nats.Conn, prefix string, copies int) (*motion, error) {
	js, err := jetstream.New(nc, jetstream.WithPublishAsyncTimeout(publishWait))
	if err != nil {
		return nil, fault.Wrap(fault.Unavailable, err, "open JetStream")
	}
	m := &motion{
		nc: nc, js: js, prefix: prefix, copies: copies, closed: func() {},
		nudged: make(chan struct{}, 1), consumers: map[string]jetstream.Consumer{},
	}
	if _, err := nc.Subscribe(prefix+".nudge", func(*nats.Msg) { wake(m.nudged) }); err != nil {
		return nil, fault.Wrap(fault.Unavailable, err, "subscribe to nudges")
	}
	return m, nil
}

func (m *motion) stream() string            { return strings.ToUpper(m.prefix) + "_WORK" }
func (m *motion) subject(leg string) string { return m.prefix + ".work." + leg }

// prepare makes the stream unless it is there.
func (m *motion) prepare(ctx context.Context) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.ready {
		return nil
	}
	_, err := m.js.Stream(ctx, m.stream())
	if errors.Is(err, jetstream.ErrStreamNotFound) {
		_, err = m.js.CreateStream(ctx, jetstream.StreamConfig{
			Name: m.stream(), Subjects: []string{m.subject("*")}, Retention: jetstream.WorkQueuePolicy,
			Storage: jetstream.FileStorage, Replicas: m.copies, Duplicates: window, MaxAge: hintAge,
			MaxMsgs: 1_000_000, Discard: jetstream.DiscardOld,
		})
		if errors.Is(err, jetstream.ErrStreamNameAlreadyInUse) { // another process was quicker
			err = nil
		}
	}
	if err != nil {
		return fault.Wrap(fault.Unavailable, err, "make stream %s on the bus", m.stream())
	}
	m.ready = true
	return nil
}

// consumer makes the leg's consumer unless it is there.
func (m *motion) consumer(ctx context.Context, leg string) (jetstream.Consumer, error) {
	if err := m.prepare(ctx); err != nil {
		return nil, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if c, ok := m.consumers[leg]; ok {
		return c, nil
	}
	c, err := m.js.CreateOrUpdateConsumer(ctx, m.stream(), jetstream.ConsumerConfig{
		Durable: leg, FilterSubject: m.subject(leg), AckPolicy: jetstream.AckExplicitPolicy,
		AckWait: ackWait, MaxAckPending: 10_000, MaxDeliver: -1,
	})
	if err != nil {
		m.ready = false
		return nil, fault.Wrap(fault.Unavailable, err, "make consumer %s on the bus", leg)
	}
	m.consumers[leg] = c
	return c, nil
}

// forget makes the next call look for the stream and its consumers again: they may have been deleted.
func (m *motion) forget() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.ready = false
	clear(m.consumers)
}

// Publish sends hints and returns those that the bus has taken.
func (m *motion) Publish(ctx context.Context, hints []Hint) ([]Hint, error) {
	if err := m.prepare(ctx); err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, publishWait)
	defer cancel()
	futures := make([]jetstream.PubAckFuture, 0, len(hints))
	for _, h := range hints {
		data, err := json.Marshal(h)
		if err != nil {
			return nil, fmt.Errorf("encode hint: %w", err)
		}
		msg := &nats.Msg{Subject: m.subject(h.Leg), Data: data}
		f, err := m.js.PublishMsgAsync(msg, jetstream.WithMsgID(h.identity()), jetstream.WithRetryAttempts(0))
		if err != nil {
			return m.taken(ctx, hints[:len(futures)], futures, err)
		}
		futures = append(futures, f)
	}
	return m.taken(ctx, hints, futures, nil)
}

// taken waits for the bus to take what was sent. All futures are waited for, so that none is counted as lost that was not.
func (m *motion) taken(ctx context.Context, hints []Hint, futures []jetstream.PubAckFuture, err error) ([]Hint, error) {
	taken := make([]Hint, 0, len(hints))
	for i, f := range futures {
		select {
		case <-f.Ok():
			taken = append(taken, hints[i])
		case e := <-f.Err():
			err = e
		case <-ctx.Done():
			err = context.Cause(ctx)
		}
	}
	if err != nil {
		m.forget()
		return taken, fault.Wrap(fault.Unavailable, err, "send %d of %d hints", len(hints)-len(taken), len(hints))
	}
	return taken, nil
}

// identity is what the bus drops doubles by. A reference may hold what a header must not, so it is hashed.
func (h Hint) identity() string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%s\x00%s\x00%d\x00%d", h.Leg, h.Ref, h.Generation, h.Sends))
	return hex.EncodeToString(sum[:16])
}

// Next waits for a hint for the leg; nil means that none came for a while.
func (m *motion) Next(ctx context.Context, leg string) (*Delivery, error) {
	c, err := m.consumer(ctx, leg)
	if err != nil {
		return nil, err
	}
	wait, cancel := context.WithTimeout(ctx, nextWait)
	defer cancel()
	msg, err := c.Next(jetstream.FetchContext(wait))
	switch {
	case err == nil:
	case ctx.Err() != nil:
		return nil, context.Cause(ctx)
	case errors.Is(err, nats.ErrTimeout), errors.Is(err, jetstream.ErrNoMessages), errors.Is(err, context.DeadlineExceeded):
		return nil, nil
	default:
		m.forget()
		return nil, fault.Wrap(fault.Unavailable, err, "wait for a hint for %s", leg)
	}
	d := &Delivery{Ack: msg.Ack, Hold: msg.InProgress, Back: msg.NakWithDelay}
	if err := json.Unmarshal(msg.Data(), &d.Hint); err != nil || d.Leg != leg {
		return nil, msg.Term() // nothing of ours: no row can be behind it
	}
	return d, nil
}

// Clear throws all hints away, and with them what the bus remembers of those sent before.
func (m *motion) Clear(ctx context.Context) error {
	err := m.js.DeleteStream(ctx, m.stream())
	m.forget()
	if errors.Is(err, jetstream.ErrStreamNotFound) {
		return nil
	}
	return fault.Wrap(fault.Unavailable, err, "clear the bus")
}

// Nudge wakes the leader, which may be another process. A lost nudge costs a quarter of a second.
func (m *motion) Nudge() { _ = m.nc.Publish(m.prefix+".nudge", nil) }

// Nudged gets a value when somebody nudged.
func (m *motion) Nudged() <-chan struct{} { return m.nudged }

// Close ends the connection, and the server when it is embedded.
func (m *motion) Close() error {
	m.nc.Close()
	m.closed()
	return nil
}

// wake puts a value into a channel of one unless there is one.
func wake(ch chan struct{}) {
	select {
	case ch <- struct{}{}:
	default:
	}
}
