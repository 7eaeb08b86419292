package gate

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"time"

	"jobzero/internal/check"
	"jobzero/internal/design"
	"jobzero/internal/design/hook"
	"jobzero/internal/fault"
	"jobzero/internal/finding"
)

// Mode says whether anything is stopped.
type Mode string

// The modes.
const (
	Plan    Mode = "plan"    // nothing is stopped; what would be is said
	Enforce Mode = "enforce" // what is not met stops the call
)

// Word is what to do where a verdict is missing.
type Word string

// The words.
const (
	Stop Word = "fail"
	Warn Word = "warn" // of what is undecided: it is said, and stops nothing
	Pass Word = "pass" // of a call that took too long
)

// Options are what a gate has to know.
type Options struct {
	Check     check.Options // Now is that of each call
	FailOn    finding.Severity
	Mode      Mode
	Undecided Word                                                  // Warn or Stop
	OnTimeout Word                                                  // Stop or Pass
	Within    time.Duration                                         // how long a call may take
	Fetch     func(ctx context.Context, url string) ([]byte, error) // of templates that calls name; nil: such calls cannot be judged
	Now       func() time.Time
}

// Gate answers calls, one after the other or at the same time.
type Gate struct {
	o    Options
	work sync.WaitGroup
}

// New makes a gate.
func New(o Options) *Gate { return &Gate{o: o} }

// Wait waits for what was too late for its answer and still goes on.
func (g *Gate) Wait() { g.work.Wait() }

// judged is what came of a call.
type judged struct {
	report *check.Report
	err    error
}

// head is what an answer needs of a call, read without any care: the call is judged by design/hook.
type head struct {
	Token string `json:"clientRequestToken"`
	Stack string `json:"stackId"`
	Data  struct {
		Target string `json:"targetName"`
		Type   string `json:"targetType"`
	} `json:"requestData"`
}

// Answer judges a call. It never fails: what goes wrong is in the answer.
func (g *Gate) Answer(ctx context.Context, call []byte) Answer {
	var h head
	_ = json.Unmarshal(call, &h) // what is wrong with it the judge says
	ctx, cancel := context.WithTimeoutCause(ctx, g.o.Within, errLate)
	defer cancel()
	done := make(chan judged, 1)
	g.work.Go(func() { done <- g.judge(ctx, call) })
	var j judged
	select {
	case j = <-done:
	case <-ctx.Done():
		j.err = context.Cause(ctx)
	}
	return g.answer(h, j)
}

// errLate is the end of the time for one call.
var errLate = errors.New("the call was not judged in time")

// judge reads and judges a call. A panic in it is an error: the caller wants an answer and not a dead process.
func (g *Gate) judge(ctx context.Context, call []byte) (j judged) {
	defer func() {
		if p := recover(); p != nil {
			j = judged{err: fault.New(fault.Internal, "judge the call: %v", p)}
		}
	}()
	var fetch hook.Fetch
	if g.o.Fetch != nil {
		fetch = func(url string) ([]byte, error) { return g.o.Fetch(ctx, url) }
	}
	d, err := hook.Read("call", call, fetch)
	if err != nil {
		if ctx.Err() != nil && context.Cause(ctx) != nil {
			err = context.Cause(ctx)
		}
		return judged{err: err}
	}
	o := g.o.Check
	o.Now = g.o.Now()
	r, err := check.Judge(ctx, []design.Document{d}, o)
	return judged{r, err}
}

// answer turns what came of a call into words.
func (g *Gate) answer(h head, j judged) Answer {
	a := Answer{Status: Success, Token: h.Token}
	limit := maxStack
	if h.Stack == "" && h.Data.Target != "STACK" && h.Data.Target != "CHANGE_SET" {
		limit = maxCloudControl
	}
	switch late := errors.Is(j.err, errLate) || errors.Is(j.err, context.DeadlineExceeded); {
	case late:
		a.stop(g.o.Mode, g.o.OnTimeout == Stop, failure)
		a.Message = fmt.Sprintf("%s after %s", errLate, g.o.Within)
		if g.o.OnTimeout == Pass {
			a.Message += "; such calls are let through (--on-timeout pass)"
		}
	case j.err != nil:
		a.stop(g.o.Mode, true, failure)
		a.Message = "the call could not be judged: " + j.err.Error()
	default:
		g.sum(&a, j.report)
	}
	if g.o.Mode == Plan {
		a.Message = "plan mode, nothing is stopped: " + a.Message
	}
	a.Message = cut(a.Message, limit)
	return a
}

// sum puts a report into an answer.
func (g *Gate) sum(a *Answer, r *check.Report) {
	bad, doubts := 0, 0
	for i := range r.Results {
		x := &r.Results[i]
		if x.Severity.Rank() < g.o.FailOn.Rank() {
			continue
		}
		switch x.Verdict {
		case check.Fail:
			bad++
		case check.Undecided:
			doubts++
		case check.Pass, check.Waived, check.Known:
		}
	}
	a.stop(g.o.Mode, bad > 0 || doubts > 0 && g.o.Undecided == Stop, noncompliant)
	a.Message = message(r, g.o)
	a.Annotations = annotations(r)
}
