package cloudlog

import (
	"math/rand/v2"
	"time"
)

// scene is what is settled while a text is made: facts about who calls and where, and the names drawn so far. An inner scene
// knows what the outer ones know.
type scene struct {
	outer *scene
	log   *Log
	rng   *rand.Rand
	at    time.Time
	known []fact
}

// fact is a name with its value, or with the template of it.
type fact struct{ name, value string }

func (s *scene) inner() *scene { return &scene{outer: s, log: s.log, rng: s.rng, at: s.at} }

func (s *scene) know(name, value string) { s.known = append(s.known, fact{name, value}) }

func (s *scene) find(name string) (string, bool) {
	for ; s != nil; s = s.outer {
		for _, f := range s.known {
			if f.name == name {
				return f.value, true
			}
		}
	}
	return "", false
}

// name is the value of a name: the one that is settled, or one drawn now, which settles it.
func (s *scene) name(name string) string {
	value, ok := s.find(name)
	if !ok {
		value = s.draw(name)
		s.know(name, value)
	}
	return value
}
