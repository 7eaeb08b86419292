package baseline

import (
	"fmt"
	"math"
)

// Verdict is what became of a kind for an event.
type Verdict string

// The verdicts.
const (
	Surprising Verdict = "surprise"
	Unfinished Verdict = "learning"       // it would be one, were the learning period over
	Usual      Verdict = "no surprise"    // a condition was not met; Score.Why says which
	Unclear    Verdict = "unknown"        // what would have to be known is not
	Beside     Verdict = "does not apply" // the kind is about other events
)

// verdict says what becomes of a kind, by the same conditions as surprises, and which of them decided it.
func (l *Learner) verdict(a *actor, t *tally, f *facts, s *Score) (verdict Verdict, why string) {
	k := int(s.Kind)
	if why := beside(a, f, s.Kind); why != "" {
		return Beside, why
	}
	own := a.sizes[k].atLeast(bin(float32(s.Size)))
	switch {
	case l.marks[k].unknown != "":
		return Unclear, l.marks[k].unknown
	case t == nil && s.Kind >= Reads && s.Kind <= Things:
		return Unclear, "the event came too late for its hour's volume"
	case s.Size <= 0:
		return Usual, l.nothing(a, f, s.Kind)
	case l.score(a, k, math.MaxFloat32) < least:
		return Usual, "too little history: not even the rarest of all could be 1 in 100 yet"
	case own >= hundredth*(float64(a.hours)+groupHours):
		return Usual, fmt.Sprintf("it is like that often: %.0f of its %s were as unusual or more", own, plural(int(a.hours), "active hour"))
	case s.Score < least && k < traits && f.spot[k].known:
		return Usual, "it is seldom for it but not new, and " + tooUsual(s.Score, a)
	case s.Score < least && k < traits && a.shared(k, f):
		return Usual, "others do it too" + l.tellScopes(a, f, k) + "; " + tooUsual(s.Score, a)
	case s.Score < least:
		return Usual, tooUsual(s.Score, a)
	case k >= traits && t != nil && s.Score-float64(t.said[k]) < muchRarer:
		return Usual, "it was a surprise in this hour before, and is not much rarer now"
	case !l.firing():
		return Unfinished, "it would be a surprise; nothing is one before the learning period is over"
	}
	return Surprising, oneIn(s.Score, a.young())
}

func tooUsual(score float64, a *actor) string {
	return oneIn(score, a.young()) + ", and only 1 in 100 counts"
}

// shared reports whether anybody else has a value.
func (a *actor) shared(k int, f *facts) bool {
	for _, s := range a.scopes {
		if s != nil && Kind(k) != Key && s.tables[k].known(f.trait[k], 0) > 0 {
			return true
		}
	}
	return false
}

// beside says why a kind is not about an event; empty when it is.
func beside(a *actor, f *facts, k Kind) string {
	switch {
	case k == Key && f.trait[k] == 0:
		return "the call was made without a long-term access key, and temporary ones are new each time"
	case k == Account && f.trait[k] == 0:
		return "it touches no account but the principal's own"
	case k == Network && f.trait[k] == 0:
		return "it came through AWS itself, which is no network"
	case int(k) < traits && f.trait[k] == 0:
		return "the event does not say which " + nouns[k]
	case k == Reads && f.writes == 1:
		return "it is a changing call"
	case k == Writes && f.writes == 0:
		return "it is a reading call"
	case k == Errors && !f.failed:
		return "the call did not go wrong, or only for a throttle"
	case k == Things && len(f.e.Resources) == 0:
		return "the event names nothing that it touched"
	case k == Instance && f.instance == "":
		return "the principal is no session of an EC2 instance's role"
	case k == Newcomer && a.seen.count > 0:
		return "the principal is known since " + date(a.seen.first)
	case k == Dormant && a.seen.count == 0:
		return "the principal was never seen before"
	}
	return ""
}

// nothing says why there is nothing unusual.
func (l *Learner) nothing(a *actor, f *facts, k Kind) string {
	switch {
	case int(k) < traits && f.spot[k].in:
		return nouns[k] + " " + f.text(int(k)) + " was seen in this hour before"
	case int(k) < traits && f.spot[k].known:
		v := a.sets[k][f.spot[k].index]
		text := fmt.Sprintf("%s %s was seen in %d of its %s", nouns[k], f.text(int(k)), v.count, plural(int(a.seen.count), "active hour"))
		if f.hour < v.first+24 {
			return text + ", and new within the last day, which was said then"
		}
		return text
	case int(k) < traits && a.shared(int(k), f):
		return "others do it too" + l.tellScopes(a, f, int(k))
	case int(k) < traits:
		return "new things are as common as that for it and its peers"
	case k == Reads || k == Writes:
		return "the hour has no more such calls than usual"
	case k == Errors:
		return "no more calls go wrong than usual"
	case k == Calls || k == Regions || k == Things:
		return "the hour has no second " + spreads[k-Calls] + " yet, or this one is not new in it"
	case k == Travel:
		return "it comes from where it came from before, or can have got here in time"
	case k == Dormant:
		return fmt.Sprintf("it was in use within the last %d days", hours(l.o.Dormant)/24)
	case k == Instance:
		return "the instance, or another one of its account, was at that address before"
	}
	return "nothing can be said of its peers yet"
}
