package cloudlog

import (
	"math/rand/v2"
	"strconv"
	"time"
)

// actor is a person or a machine with an identity of its own.
type actor struct {
	part part
	name string
	mix  *mix
	scene
}

// staff are the actors of an account in one region, those of each part together.
type staff struct {
	parts map[string][]*actor
	all   []*actor // each as often as its part's share of the records wants
}

// staff hires who works at a place, when first asked.
func (l *Log) staff(p place) *staff {
	if s := l.staffs[p]; s != nil {
		return s
	}
	s := &staff{parts: map[string][]*actor{}}
	for _, part := range l.grammar.parts {
		for i := range part.number {
			name := part.name + strconv.Itoa(i) + p.account + p.region
			a := &actor{part: part, name: name, mix: l.mixes[part.name], scene: scene{log: l, rng: l.rng(name)}}
			a.know("account", p.account)
			a.know("region", p.region)
			a.learn(part.facts)
			s.parts[part.name] = append(s.parts[part.name], a)
		}
		for i := range part.share {
			s.all = append(s.all, s.parts[part.name][i%part.number])
		}
	}
	l.staffs[p] = s
	return s
}

// learn settles facts, in order: later ones may build on earlier ones.
func (s *scene) learn(facts []fact) {
	for _, f := range facts {
		s.know(f.name, string(s.log.grammar.compile(f.value).expand(s.inner(), nil)))
	}
}

// session is an actor for an hour: with the keys of that hour.
type session struct {
	actor    *actor
	identity string // userIdentity without the last brace
	scene    scene
}

type sessionKey struct {
	actor string
	hour  int64
}

// session is the one that the actor has at a time.
func (l *Log) session(a *actor, at time.Time) *session {
	key := sessionKey{a.name, at.Unix() / 3600}
	if s := l.sessions[key]; s != nil {
		return s
	}
	rng := l.rng(a.name + strconv.FormatInt(key.hour, 10))
	began := time.Unix(key.hour*3600-rng.Int64N(3000), 0).UTC()
	s := &session{actor: a, scene: scene{outer: &a.scene, log: l, rng: rng, at: began}}
	s.scene.learn(a.part.fresh)
	s.identity = string(l.grammar.compile(a.part.identity).expand(s.scene.inner(), nil))
	l.sessions[key] = s
	return s
}

// moment is a session at work on one record.
type moment struct {
	scene
	session *session
}

func (s *session) moment(at time.Time, rng *rand.Rand) *moment {
	return &moment{scene{outer: &s.scene, log: s.scene.log, rng: rng, at: at}, s}
}
