package cli

import (
	"context"
	"slices"

	"jobzero/internal/app"
	"jobzero/internal/detect/baseline"
	"jobzero/internal/detect/explain"
	"jobzero/internal/detect/sigma"
	"jobzero/internal/event"
	"jobzero/internal/fault"
	"jobzero/internal/hunt"
	"jobzero/internal/source"
	"jobzero/internal/source/file"
	"jobzero/internal/source/logs"
	"jobzero/internal/store"
)

// allKinds names every kind of baseline.
const allKinds = "all"

const explainBaselineHelp = `With --baseline it says the same of what is learnt: of each KIND what was seen, what is normal, for whom (the principal, its
peers, its account, the organisation), since when, how many hours of that are known, and how unusual it is; which condition kept
it from being a surprise; what it added to the risk, and whether that was told as a finding or why not. Kinds are api, service,
region, network, agent, key, account, reads, writes, errors, calls, regions, things, travel, dormant, instance, newcomer and
silence.

It learns from the logs in PATH, up to the event, as replay --baselines does. With --event-id and no --event the event is one of
those logs. Without PATH the event is held against what the serve of these settings knows now (--config), and nothing is
written. Of many events those with a surprise are explained, the first five, or the most unusual one.`

// runExplainBaseline says what baselines make of events.
func (s *shell) runExplainBaseline(ctx context.Context, o explainOptions, paths []string) error {
	wrong := func(text string) error { return &misused{"jobzero explain", fault.New(fault.Invalid, "%s", text)} }
	switch {
	case len(o.named) > 0:
		return wrong("--rule and --baseline are two questions: ask one")
	case len(o.events) == 0 && (o.id == "" || len(paths) == 0):
		return wrong("name the event with --event, or with --event-id and the logs that it is in")
	}
	x := &unusual{id: o.id}
	if !slices.Contains(o.kinds, allKinds) {
		for _, word := range o.kinds {
			k, err := baseline.ParseKind(word)
			if err != nil {
				return &misused{"jobzero explain", err}
			}
			x.kinds = append(x.kinds, k)
		}
	}
	if err := s.readEvents(ctx, o.events, logs.Options{}, x); err != nil {
		return err
	}
	if len(o.events) > 0 && len(x.events) == 0 {
		return x.absent()
	}
	var err error
	if len(paths) > 0 {
		err = s.learnFrom(ctx, o, x, paths)
	} else {
		err = s.askServe(ctx, x)
	}
	if err != nil {
		return err
	}
	for _, d := range x.unread {
		s.complain("jobzero: warning: %s", d)
	}
	if len(x.told()) == 0 {
		return fault.New(fault.NotFound, "none of the records has the eventID %s", o.id)
	}
	return s.showUnusual(x, o.form)
}

// learnFrom learns from logs and judges the events in their places.
func (s *shell) learnFrom(ctx context.Context, o explainOptions, x *unusual, paths []string) error {
	o.learn.on = true
	learn, err := o.learn.baselines()
	if err != nil {
		return err
	}
	asks := &hunt.Question{Events: x.events, Answer: x.answer}
	if len(o.events) == 0 {
		asks.ID = event.ID(o.id)
	}
	run, bad := hunt.New(sigma.Set{}, hunt.Options{Learn: learn, Asks: asks, Now: s.now})
	if run == nil {
		return bad[len(bad)-1]
	}
	_, err = run.Run(ctx, file.Paths(paths...), x)
	return err
}

// askServe judges the events by a copy of what serve knows.
func (s *shell) askServe(ctx context.Context, x *unusual) error {
	return s.with(ctx, func(st *store.Store) error {
		c, err := s.settings()
		if err != nil {
			return err
		}
		learner, err := app.Habits(ctx, st, c)
		if err != nil {
			return err
		}
		for _, e := range baseline.InOrder(x.events) {
			out, _ := learner.TakeExplained(e, baseline.Of(e))
			x.answer(e, out)
		}
		return nil
	})
}

// odd is what baselines make of one event.
type odd struct {
	Event explain.Event `json:"event"`
	baseline.Explanation
}

// unusual takes the events that are asked about, and what is said of them.
type unusual struct {
	id      string
	kinds   []baseline.Kind // none: all
	events  []*event.Event
	unread  []string
	fired   []odd
	more    int // that fired and are not among fired
	nearest *odd
	near    float64
}

// Event takes one record.
func (x *unusual) Event(e *event.Event) error {
	if x.id == "" || string(e.ID) == x.id {
		x.events = append(x.events, e)
	}
	return nil
}

// Hits takes what is told on the way, which is not asked for.
func (x *unusual) Hits([]hunt.Hit) error { return nil }

// DeadLetter takes what could not be read of the events.
func (x *unusual) DeadLetter(d source.DeadLetter) error { return x.Letter(d) }

// Letter takes what could not be read of the logs.
func (x *unusual) Letter(d source.DeadLetter) error {
	x.Skipped(d.Origin.String(), d.Reason)
	return nil
}

// Skipped takes what was no log.
func (x *unusual) Skipped(path, reason string) {
	if len(x.unread) < explainedUnread {
		x.unread = append(x.unread, path+": "+reason)
	}
}

func (x *unusual) absent() error {
	if x.id != "" {
		return fault.New(fault.NotFound, "none of the records has the eventID %s", x.id)
	}
	return fault.New(fault.Invalid, "there is no record in what --event names: want one JSON record, or {\"Records\": […]}")
}

// answer takes what is said of an event. The most unusual of those without a surprise is kept.
func (x *unusual) answer(e *event.Event, of baseline.Explanation) {
	if len(x.kinds) > 0 {
		of.Scores = slices.DeleteFunc(of.Scores, func(s baseline.Score) bool { return !slices.Contains(x.kinds, s.Kind) })
	}
	o := odd{explain.Event{ID: string(e.ID), Time: e.Time.UTC(), Name: e.Name, Account: e.Account, Origin: e.Origin.String()}, of}
	highest, fires := 0.0, of.Outlook.Told
	for _, s := range of.Scores {
		highest, fires = max(highest, s.Score), fires || s.Fires
	}
	switch {
	case fires && len(x.fired) < explain.MostFirings:
		x.fired = append(x.fired, o)
	case fires:
		x.more++
	case x.nearest == nil || highest > x.near:
		x.nearest, x.near = &o, highest
	}
}

// told is what is to be shown.
func (x *unusual) told() []odd {
	if len(x.fired) == 0 && x.nearest != nil {
		return []odd{*x.nearest}
	}
	return x.fired
}
