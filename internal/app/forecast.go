package app

import (
	"context"
	"strings"
	"sync"
	"time"

	"jobzero/internal/console"
	"jobzero/internal/fault"
	"jobzero/internal/hunt"
	"jobzero/internal/org"
	"jobzero/internal/source"
	"jobzero/internal/source/archive"
	"jobzero/internal/source/file"
)

// mostForecasts are kept, of one rule each; the oldest goes.
const mostForecasts = 50

// forecasts are rules over the archive for people who ask what a rule would have led to. One is made at a time, so that what happens now keeps
// its share of the machine. They live as long as the process: whoever still wants one after a restart asks again.
type forecasts struct {
	house  *House
	ctx    context.Context //nolint:containedctx // the life of what is made beside the pages that ask
	cancel context.CancelFunc
	wait   sync.WaitGroup

	mu   sync.Mutex
	kept map[string]*console.Forecast // by rule
	busy string                       // the rule of which one is being made
}

func newForecasts(h *House) *forecasts {
	f := &forecasts{house: h, kept: map[string]*console.Forecast{}}
	f.ctx, f.cancel = context.WithCancel(context.Background())
	return f
}

// stop ends what is being made.
func (f *forecasts) stop(context.Context) error {
	f.cancel()
	f.wait.Wait()
	return nil
}

// Forecast is the newest of a rule.
func (f *forecasts) Forecast(rule string) (console.Forecast, bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	x, ok := f.kept[rule]
	if !ok {
		return console.Forecast{}, false
	}
	return *x, true
}

// AskForecast has one made.
func (f *forecasts) AskForecast(_ context.Context, rule string, days int, person string) error {
	if len(f.house.config.Archive.Places) == 0 {
		return fault.New(fault.Unavailable, "there is no archive: the settings name where logs are kept (archive.places); `jobzero hunt --rule %s --forecast PATH` reads any", rule)
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.busy != "" {
		return fault.New(fault.Conflict, "a forecast of %s is being made, and there is one at a time: ask again when it is done", f.busy)
	}
	now := f.house.clock.Now()
	f.forget()
	f.busy, f.kept[rule] = rule, &console.Forecast{Days: days, By: person, Asked: now}
	f.wait.Go(func() { //nolint:contextcheck // it outlives who has asked
		ctx, cancel := context.WithTimeout(f.ctx, patience)
		defer cancel()
		got, err := f.make(ctx, rule, now.AddDate(0, 0, -days))
		f.mu.Lock()
		defer f.mu.Unlock()
		got.Days, got.By, got.Asked, got.Done = days, person, now, f.house.clock.Now()
		if err != nil {
			got.Err = err.Error()
			f.house.log.Warn("a forecast could not be made", "rule", rule, "error", err)
		}
		f.busy, f.kept[rule] = "", &got
	})
	return nil
}

// forget makes room for one more.
func (f *forecasts) forget() {
	if len(f.kept) < mostForecasts {
		return
	}
	var oldest string
	for rule, x := range f.kept {
		if oldest == "" || x.Asked.Before(f.kept[oldest].Asked) {
			oldest = rule
		}
	}
	delete(f.kept, oldest)
}

// make runs a rule over all places of the archive since a time.
func (f *forecasts) make(ctx context.Context, rule string, since time.Time) (console.Forecast, error) {
	h := f.house
	k := h.knowledge.Load()
	set := k.only(map[string]bool{aRule + rule: true, aCorrelation + rule: true})
	o := hunt.Options{
		Window: archive.Window{Since: since, Logs: hunt.Logs(set)}, Org: k.Org, Workers: h.config.Archive.Parallel,
		Spanned: true, Silent: true, Now: h.clock.Now, Logs: h.logs, Progress: func(read, total int64) { f.progress(rule, read, total) },
	}
	if o.Org == nil {
		o.Org = &org.Org{}
	}
	judge, bad := hunt.New(set, o)
	if judge == nil {
		return console.Forecast{}, bad[len(bad)-1]
	}
	var in []file.Input
	for _, place := range h.config.Archive.Places {
		x := file.Input{Path: place}
		if strings.HasPrefix(place, archive.Scheme) {
			b, api, err := h.bucket(ctx, place)
			if err != nil {
				return console.Forecast{}, err
			}
			x.Streams = b.Streams(api, o.Window)
		}
		in = append(in, x)
	}
	sum := &summing{hunt.NewForecast(), rule}
	read, err := judge.Run(ctx, in, sum)
	if err != nil {
		return console.Forecast{}, err
	}
	return shown(sum.Sum(read, o.Window)), nil
}

func (f *forecasts) progress(rule string, read, total int64) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if x := f.kept[rule]; x != nil && total > 0 {
		x.Share = float64(read) / float64(total)
	}
}

// summing adds up what a rule fires on. What only serves it, such as the rules that a correlation watches, tells nobody.
type summing struct {
	*hunt.Forecast
	rule string
}

// Hits adds findings.
func (s *summing) Hits(hits []hunt.Hit) error {
	for _, x := range hits {
		if x.Match.Rule.ID == s.rule {
			s.Add(x)
		}
	}
	return nil
}

// Letter leaves what cannot be read: the road has buried it when it came.
func (*summing) Letter(source.DeadLetter) error { return nil }

// Skipped leaves what is no log.
func (*summing) Skipped(string, string) {}

// shown puts an outlook into the words of the console.
func shown(o hunt.Outlook) console.Forecast {
	rate := func(r hunt.Rate) console.Amount {
		return console.Amount{Total: int(r.Total), Most: int(r.Most), Mean: r.Mean, MostDay: r.MostDay}
	}
	shares := func(all []hunt.Share) (out []console.Share) {
		for _, x := range all {
			out = append(out, console.Share{Name: x.Name, Alerts: int(x.Alerts), Percent: x.Percent})
		}
		return out
	}
	f := console.Forecast{
		Verdict: o.Verdict, Note: o.Note, From: o.From, To: o.To, Alerts: rate(o.Alerts), Tickets: rate(o.Tickets),
		Who: shares(o.Principals), Accounts: shares(o.Accounts),
	}
	for _, d := range o.ByDay {
		f.ByDay = append(f.ByDay, console.DayAmount{Day: d.Day, Alerts: int(d.Alerts), Tickets: int(d.Tickets)})
	}
	for _, r := range o.Rules {
		for _, n := range r.Noise {
			f.Noise = append(f.Noise, console.Noise{Field: n.Field, Value: n.Value, Percent: n.Percent, Days: n.Days, Left: n.Left})
		}
	}
	return f
}
