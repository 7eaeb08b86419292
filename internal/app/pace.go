package app

import (
	"sync"
	"time"

	"jobzero/internal/console"
	"jobzero/internal/flow"
)

// pace counts what each leg has carried, minute by minute for an hour, and tells the one behind it the same: the console draws it.
type pace struct {
	flow.Observer
	now  func() time.Time
	mu   sync.Mutex
	legs map[string]*gait
}

// gait is the last hour of one leg, a ring of minutes.
type gait struct {
	at     [console.Hour]int64 // which minute since 1970 a place is of
	done   [console.Hour]int
	failed [console.Hour]int
	took   [console.Hour]time.Duration
}

func newPace(o flow.Observer, now func() time.Time) *pace {
	return &pace{Observer: o, now: now, legs: map[string]*gait{}}
}

// Handled notes that a leg looked at one thing.
func (p *pace) Handled(leg string, took time.Duration, err error) {
	p.Observer.Handled(leg, took, err)
	minute := p.now().Unix() / 60
	i := int(minute % int64(console.Hour))
	p.mu.Lock()
	defer p.mu.Unlock()
	g := p.legs[leg]
	if g == nil {
		g = &gait{}
		p.legs[leg] = g
	}
	if g.at[i] != minute {
		g.at[i], g.done[i], g.failed[i], g.took[i] = minute, 0, 0, 0
	}
	g.done[i]++
	g.took[i] += took
	if err != nil {
		g.failed[i]++
	}
}

// fill says how a leg went in the last hour. The minute that has only begun is the last.
func (p *pace) fill(l *console.Leg) {
	l.Hour = make([]int, console.Hour)
	minute := p.now().Unix() / 60
	p.mu.Lock()
	defer p.mu.Unlock()
	g := p.legs[l.Name]
	if g == nil {
		return
	}
	all, took := 0, time.Duration(0)
	for back := range int64(console.Hour) {
		i := int((minute - back) % int64(console.Hour))
		if g.at[i] != minute-back {
			continue
		}
		l.Hour[console.Hour-1-int(back)] = g.done[i]
		l.Failed += g.failed[i]
		all += g.done[i]
		took += g.took[i]
		if back == 1 {
			l.Minute = g.done[i]
		}
	}
	if all > 0 {
		l.Mean = took / time.Duration(all)
	}
}
