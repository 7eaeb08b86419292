package flood

import (
	"container/list"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// Rate is how much may come: so many in an hour, evenly, and as many at once when nothing came before.
type Rate struct{ Hour int }

// limiter is full at first and is filled by the hour.
func (r Rate) limiter() *rate.Limiter {
	return rate.NewLimiter(rate.Limit(float64(r.Hour)/time.Hour.Seconds()), r.Hour)
}

// mostSources is of how many sources counters are kept. Of those beyond, the ones that came longest ago are forgotten: the count of all still holds.
const mostSources = 10_000

// Limit counts by source and over all. Make it with New; it is safe for concurrent use.
type Limit struct {
	each Rate
	all  *rate.Limiter // nil: there is no bound over all

	mu    sync.Mutex
	key   [sha256.Size]byte
	day   int64
	by    map[mark]*list.Element
	order *list.List // the last that came first
}

// mark stands for a source. Nobody who has it can tell the source, or that of another day is the same.
type mark [16]byte

type counter struct {
	mark mark
	rate *rate.Limiter
}

// New makes a limit; all of zero has no bound over all.
func New(each, all Rate) *Limit {
	l := &Limit{each: each, by: map[mark]*list.Element{}, order: list.New()}
	if all.Hour > 0 {
		l.all = all.limiter()
	}
	return l
}

// Take counts one that comes from a source, or says how long to wait. What is refused counts for nobody.
func (l *Limit) Take(source string, now time.Time) (wait time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	own := l.counter(source, now)
	if wait := lacks(own, now); wait > 0 {
		return wait
	}
	if l.all != nil {
		if wait := lacks(l.all, now); wait > 0 {
			return wait
		}
		l.all.AllowN(now, 1)
	}
	own.AllowN(now, 1)
	return 0
}

// lacks is how long until one more may come.
func lacks(r *rate.Limiter, now time.Time) time.Duration {
	if t := r.TokensAt(now); t < 1 {
		return max(time.Duration((1-t)/float64(r.Limit())*float64(time.Second)), time.Second)
	}
	return 0
}

// Sources is of how many sources there is a counter.
func (l *Limit) Sources() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.order.Len()
}

func (l *Limit) counter(source string, now time.Time) *rate.Limiter {
	const aDay = 24 * 60 * 60
	if day := now.Unix() / aDay; day != l.day {
		_, _ = rand.Read(l.key[:]) // it never fails (crypto/rand since Go 1.24)
		l.day = day
		clear(l.by)
		l.order.Init()
	}
	h := hmac.New(sha256.New, l.key[:])
	_, _ = h.Write([]byte(source)) // a hash takes everything
	m := mark(h.Sum(nil)[:len(mark{})])
	if e, ok := l.by[m]; ok {
		l.order.MoveToFront(e)
		c, _ := e.Value.(*counter)
		return c.rate
	}
	c := &counter{m, l.each.limiter()}
	l.by[m] = l.order.PushFront(c)
	if l.order.Len() > mostSources {
		last, _ := l.order.Remove(l.order.Back()).(*counter)
		delete(l.by, last.mark)
	}
	return c.rate
}
