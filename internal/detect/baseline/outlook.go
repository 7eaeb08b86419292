package baseline

import (
	"fmt"

	"jobzero/internal/event"
)

// Outlook is what an event made of its principal's risk, and whether that was told.
type Outlook struct {
	Before float64 `json:"before"`
	Adds   float64 `json:"adds"`
	After  float64 `json:"after"`
	Wanted float64 `json:"wanted"` // a finding is told when the risk is as high as that
	OneIn  float64 `json:"one_in"` // so many days of principals reach the risk once
	Told   bool    `json:"told"`
	Why    string  `json:"why"` // it was told or not
}

// TakeExplained takes an event as Take does, and says why it gives what it gives.
func (l *Learner) TakeExplained(e *event.Event, about Who) (Explanation, *Story) {
	x := l.explanation(about)
	unusable := l.counts.Unusable
	before, wanted := l.riskOf(about.Principal, e), l.wanted(about.Principal)
	surprises, story := l.take(e, about, &x)
	for i := range x.Scores {
		x.Scores[i].settle(surprises, l.scoring())
	}
	x.Risk = l.Story(about.Principal)
	o := &x.Outlook
	o.Before, o.After, o.Wanted, o.Told = before, l.riskOf(about.Principal, e), wanted, story != nil
	for i := range surprises {
		o.Adds += surprises[i].Risk
	}
	o.OneIn = 1 / max(l.rarity(o.After), 1e-9)
	switch {
	case about.Principal == "":
		o.Why = "nobody is judged for it: it is AWS's own service, or the event names no principal"
	case l.counts.Unusable > unusable:
		o.Why = "the time of the event cannot be right: it was left out"
	case story != nil:
		o.Why = fmt.Sprintf("a finding was told: a risk of %.1f is reached on 1 of %s days of principals", o.After, digits(max(1, o.OneIn)))
	default:
		o.Why = l.untold(l.actors[about.Principal], surprises)
	}
	return x, story
}

// settle corrects what was said by what came of it. In the first half of the learning period nothing can.
func (s *Score) settle(surprises []Surprise, scoring bool) {
	s.Fires = false
	for i := range surprises {
		if surprises[i].Kind == s.Kind {
			s.Fires = s.Verdict == Surprising
			return
		}
	}
	if s.Verdict == Surprising || s.Verdict == Unfinished && scoring {
		s.Verdict, s.Why = Usual, "the hour is not looked at again with every call: what it had before was as much"
	}
}

// untold says why no finding was told.
func (l *Learner) untold(a *actor, surprises []Surprise) string {
	switch {
	case !l.firing():
		return "the learning period is not over: it is learnt, and nothing told"
	case len(surprises) == 0:
		return "nothing about the event is a surprise"
	case a.story.risk < leastTold:
		return fmt.Sprintf("the risk is below %d, which is nothing to be told, however quiet all else is", leastTold)
	case a.story.risk < 2*a.story.told:
		return fmt.Sprintf("a finding was told at a risk of %.1f; the next one comes when it has doubled", a.story.told)
	}
	return fmt.Sprintf("it is under the budget: a risk of %.1f is reached on 1 of %s days of principals, and the budget is %g a day for 1,000 principals",
		a.story.risk, digits(max(1, 1/l.rarity(a.story.risk))), l.o.Budget)
}

// riskOf is the risk of a principal at the time of an event.
func (l *Learner) riskOf(principal string, e *event.Event) float64 {
	if a := l.actors[principal]; a != nil && a.story != nil {
		return a.story.riskAt(e.Time.Unix(), l.o.HalfLife)
	}
	return 0
}

// wanted is the risk at which a finding about a principal is told, to a tenth.
func (l *Learner) wanted(principal string) float64 {
	risk := float64(leastTold)
	if a := l.actors[principal]; a != nil && a.story != nil {
		risk = max(risk, 2*a.story.told)
	}
	const step, most = 0.1, 1000
	for risk < most && l.rarity(risk) > l.o.Budget/1000 {
		risk += step
	}
	return risk
}
