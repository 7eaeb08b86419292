package baseline

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"time"

	"jobzero/internal/detect/baseline/sketch"
	"jobzero/internal/event"
)

// log is one source of events: an account's, in a region, of one kind.
type log struct {
	account, region string
	kind            event.Log
	first, last     int64            // seconds since 1970
	longest         int64            // seconds without an event, so far
	gaps            sketch.Histogram // of a minute and more, in seconds
	silent          bool             // it was told
	dirty           bool
}

// leastGap is the shortest gap that counts.
const leastGap = 60

// The limits of silence: a log has a rhythm when it had so many gaps, within so many days at least; a gap tells something when
// it is so long, longer than all before by so much, and such a one is expected once in so many days.
const (
	rhythmGaps  = 50
	rhythmDays  = 7
	shortest    = 3600
	longer      = 1.5
	unexpected  = 100
	secondsADay = 86_400
)

// hear notes that a log spoke. Late events shorten no gap that was counted.
func (l *Learner) hear(e *event.Event) {
	at := e.Time.Unix()
	c := &l.heard
	if c.log == nil || c.log.account != e.Account || c.log.region != e.Region || c.log.kind != e.Log {
		c.log = l.log(e)
	}
	s := c.log
	if at <= s.last {
		if at < s.first {
			s.first, s.dirty = at, true
		}
		return
	}
	if gap := at - s.last; s.last != 0 && gap >= leastGap {
		s.gaps.Add(float64(gap))
		s.longest = max(s.longest, gap)
	}
	if s.first == 0 {
		s.first = at
	}
	s.last, s.silent, s.dirty = at, false, true
}

func (l *Learner) log(e *event.Event) *log {
	key := logKey(e.Account, e.Region, e.Log)
	s := l.logs[key]
	if s == nil {
		if len(l.logs) >= mostLogs {
			l.dropLog()
		}
		s = &log{account: e.Account, region: e.Region, kind: e.Log}
		l.logs[key] = s
	}
	return s
}

func logKey(account, region string, kind event.Log) string {
	return account + "/" + region + "/" + string(kind)
}

func (l *Learner) dropLog() {
	old := slices.MinFunc(slices.Collect(maps.Keys(l.logs)), func(a, b string) int {
		return cmp.Or(cmp.Compare(l.logs[a].last, l.logs[b].last), cmp.Compare(a, b))
	})
	delete(l.logs, old)
	l.remove(rowLog, old)
	l.heard.log = nil
}

// Tick says what time it is and gives the logs that have fallen silent, each once for each silence. Take now from a clock, less
// the time that deliveries need (an hour is careful), or from the events when old logs are read. Principals that were not seen
// for very long are forgotten.
func (l *Learner) Tick(now time.Time) []Story {
	hour, ok := hourOf(now)
	if !ok {
		return nil
	}
	if hour/24 > l.now/24 { // once a day
		l.ageOut(hour)
	}
	l.now = max(l.now, hour)
	var out []Story
	for _, key := range slices.Sorted(maps.Keys(l.logs)) {
		s := l.logs[key]
		if s.silent || !l.firing() || !s.quiet(now.Unix()) {
			continue
		}
		s.silent, s.dirty = true, true
		l.counts.Stories++
		out = append(out, s.story(now))
	}
	return out
}

// quiet reports whether the log has a rhythm and misses it.
func (s *log) quiet(now int64) bool {
	gap := now - s.last
	if s.last-s.first < rhythmDays*secondsADay || s.gaps.N() < rhythmGaps || gap < shortest || float64(gap) < longer*float64(s.longest) {
		return false
	}
	days := float64(s.last-s.first) / secondsADay
	expected := s.gaps.Tail(float64(gap)) * float64(s.gaps.N()) / days // a day
	return expected <= 1.0/unexpected
}

func (s *log) story(now time.Time) Story {
	name := fmt.Sprintf("%s of %s in %s", s.kind, s.account, s.region)
	last := time.Unix(s.last, 0).UTC()
	long := func(seconds float64) time.Duration {
		return (time.Duration(seconds) * time.Second).Round(time.Minute)
	}
	return Story{
		Log: name, Account: s.account, Region: s.region, Since: last, At: now, Count: 1,
		Normal: fmt.Sprintf("normal since %s is that 99 of 100 gaps are shorter than %s; the longest of %d was %s",
			time.Unix(s.first, 0).UTC().Format(time.DateOnly), long(s.gaps.Quantile(0.99)), s.gaps.N(), long(float64(s.longest))),
		Surprises: []Surprise{{
			Kind: Silence, Time: now,
			Text: fmt.Sprintf("nothing came since %s, for %s", last.Format("2006-01-02 15:04:05"), now.Sub(last).Round(time.Minute)),
		}},
	}
}

func (s *log) pack(w *sketch.Writer) {
	w.Text(s.account)
	w.Text(s.region)
	w.Text(string(s.kind))
	w.Int(s.first)
	w.Int(s.last)
	w.Int(s.longest)
	w.Uint(flag(s.silent))
	s.gaps.Pack(w)
}

func (s *log) unpack(r *sketch.Reader) {
	*s = log{account: r.Text(), region: r.Text(), kind: event.Log(r.Text()), first: r.Int(), last: r.Int(), longest: r.Int(), silent: r.Uint() != 0}
	s.gaps.Unpack(r)
	if s.last < s.first || s.longest < 0 {
		r.Fail("a log that cannot be")
	}
}
