package baseline

import (
	"math/bits"
	"strings"

	"jobzero/internal/detect/baseline/sketch"
	"jobzero/internal/event"
)

// facts are what counts of an event.
type facts struct {
	e        *event.Event
	hour     uint32
	at       int64          // seconds since 1970
	trait    [traits]uint64 // hashes; zero where the event says nothing
	spot     [traits]spot   // where the principal has them
	agent    string
	from     origin
	account  string // the foreign account that is touched
	instance string
	writes   int // 1 when it changes something, else 0
	failed   bool
}

// spot is where a value stands in the principal's set, or would stand.
type spot struct {
	index int
	known bool
	in    bool // it is counted in this hour
}

// look finds the values of an event in the principal's sets.
func (f *facts) look(a *actor) {
	for k, hash := range f.trait {
		if hash == 0 {
			continue
		}
		s := &f.spot[k]
		if s.index, s.known = a.sets[k].find(hash); s.known {
			s.in = a.sets[k][s.index].in(f.hour)
		}
	}
}

// longTerm begins access keys that do not expire; others are new each hour and tell nothing.
const longTerm = "AKIA"

// read takes an event apart. What was read last of the same principal is used again.
func (l *Learner) read(e *event.Event, a *actor, hour uint32) facts {
	f := facts{e: e, hour: hour, at: e.Time.Unix(), failed: failed(e.ErrorCode), instance: instanceOf(&e.Actor)}
	if !e.ReadOnly {
		f.writes = 1
	}
	service := sketch.Hash(e.Source)
	f.trait[Service] = service
	f.trait[API] = sketch.Hash(e.Name) ^ bits.RotateLeft64(service, 1)
	if e.Region != "" {
		f.trait[Region] = sketch.Hash(e.Region)
	}
	if a.cache.agentText != e.UserAgent {
		a.cache.agentText, a.cache.agent = strings.Clone(e.UserAgent), agent(e.UserAgent)
		a.cache.agentHash = sketch.Hash(a.cache.agent)
	}
	if f.agent = a.cache.agent; f.agent != "" {
		f.trait[Agent] = a.cache.agentHash
	}
	if a.cache.address != e.SourceIP || a.cache.from.address == 0 { // a private one is told by its endpoint
		a.cache.address, a.cache.from = strings.Clone(e.SourceIP), l.from(e)
	}
	f.from = a.cache.from
	f.trait[Network] = f.from.hash
	if strings.HasPrefix(e.Actor.AccessKey, longTerm) {
		f.trait[Key] = sketch.Hash(e.Actor.AccessKey)
	}
	if f.account = foreign(e, a.who.Account); f.account != "" {
		f.trait[Account] = sketch.Hash(f.account)
	}
	f.look(a)
	return f
}

// foreign is the account that is touched when it is not the principal's own.
func foreign(e *event.Event, own string) string {
	for i := range e.Resources {
		if a := e.Resources[i].Account; a != "" && a != own {
			return cut(a)
		}
	}
	if e.Account != own {
		return cut(e.Account)
	}
	return ""
}

// failed reports whether a call went wrong for a reason that tells something about who calls: a throttle does not.
func failed(code string) bool {
	return code != "" && !strings.Contains(code, "Throttl") && code != "RequestLimitExceeded" && code != "SlowDown"
}

// text is the value of a trait, to be told.
func (f *facts) text(trait int) string {
	switch Kind(trait) {
	case API:
		return callName(f.e)
	case Service:
		return cut(serviceName(f.e))
	case Region:
		return cut(f.e.Region)
	case Network:
		return f.from.network
	case Agent:
		return f.agent
	case Key:
		return cut(f.e.Actor.AccessKey)
	default:
		return f.account
	}
}
