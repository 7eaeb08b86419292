package cloudlog

import "math/rand/v2"

// How often the next record is by the same actor, and then the same call with other things: people and programs work in bursts.
const (
	sameActor = 0.9
	sameCall  = 0.75
)

// shift are the actors who make the records of a delivery: in a few minutes only some are busy.
type shift struct {
	region string
	busy   []*actor
	who    *actor
	what   *operation
}

func (s *staff) shift(d delivery, rng *rand.Rand) *shift {
	busy := make([]*actor, 0, 3+d.events/150)
	for len(busy) < cap(busy) {
		if a := s.all[rng.IntN(len(s.all))]; a.mix.works(d.region) {
			busy = append(busy, a)
		}
	}
	return &shift{region: d.region, busy: busy}
}

// next says who makes the next record, and what it is. The first ones are the busiest.
func (s *shift) next(rng *rand.Rand) (*actor, *operation) {
	if s.who == nil || s.who.part.alone || rng.Float64() > sameActor {
		x := rng.Float64()
		s.who, s.what = s.busy[int(x*x*float64(len(s.busy)))], nil
	}
	if s.what == nil || rng.Float64() > sameCall {
		s.what = s.who.mix.pick(s.region, rng)
	}
	return s.who, s.what
}
