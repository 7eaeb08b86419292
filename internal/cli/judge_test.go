package cli

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"go.uber.org/goleak"

	"jobzero/internal/detect"
	"jobzero/internal/event"
)

// odd is an engine that fires on every event.
type odd struct{ rule detect.Rule }

func (o *odd) Detect(*event.Event) []detect.Match { return []detect.Match{{Rule: &o.rule}} }

func TestJudgeKeepsTheOrder(t *testing.T) {
	defer goleak.VerifyNone(t)
	var got []event.ID
	j, _ := newJudge(t.Context(), &odd{}, func(hits []hit) error {
		for _, h := range hits {
			got = append(got, h.event.ID)
		}
		return nil
	})
	const n = 10*batchEvents + 7
	for i := range n {
		j.add(&event.Event{ID: event.ID(fmt.Sprint(i))})
	}
	if err := j.finish(); err != nil {
		t.Fatal(err)
	}
	if len(got) != n {
		t.Fatalf("%d hits of %d events", len(got), n)
	}
	for i, id := range got {
		if id != event.ID(fmt.Sprint(i)) {
			t.Fatalf("hit %d is of event %s", i, id)
		}
	}
}

func TestJudgeStopsTheReadingWhenNobodyTakes(t *testing.T) {
	defer goleak.VerifyNone(t)
	full := errors.New("disk full")
	calls := 0
	j, ctx := newJudge(t.Context(), &odd{}, func([]hit) error { calls++; return full })
	for range 20 * batchEvents {
		j.add(&event.Event{})
	}
	if err := j.finish(); !errors.Is(err, full) || calls != 1 {
		t.Errorf("got %v after %d calls, want the first error and no call after it", err, calls)
	}
	if !errors.Is(ctx.Err(), context.Canceled) {
		t.Error("the reading was not told to stop")
	}
}

func TestJudgeBatchesByBytesToo(t *testing.T) {
	j, _ := newJudge(t.Context(), &odd{}, func([]hit) error { return nil })
	j.add(&event.Event{Raw: make([]byte, batchBytes)})
	if len(j.batch) != 0 {
		t.Error("a large record waits for others")
	}
	if err := j.finish(); err != nil {
		t.Error(err)
	}
}
