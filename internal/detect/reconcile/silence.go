package reconcile

import (
	"fmt"
	"time"

	"jobzero/internal/finding"
)

const (
	habit = 7  // days that are looked at, those on which a jobzero ran
	least = 3  // days of them on which a way must have been heard, and on most of all
	reach = 30 // days that are gone back to find them
)

// Speaker is a way of an account, and when it was heard.
type Speaker struct {
	Account string
	Way     Ways
	Last    time.Time          // when it was last heard
	Days    map[time.Time]bool // on which it was heard, by their first instants
}

// habitual reports whether the way was heard on most of the days up to its last.
func (s *Speaker) habitual(a Awake, now time.Time) bool {
	ran, heard := 0, 0
	day := Day(s.Last)
	for range reach {
		if s.Days[day] {
			ran, heard = ran+1, heard+1
		} else if a.Ran(day, now) {
			ran++
		}
		if ran == habit {
			break
		}
		day = day.Add(-24 * time.Hour)
	}
	return heard >= least && 2*heard > ran
}

// Silence is one way that has fallen silent, or all of it.
type Silence struct {
	Account string // whose; of a whole way the account of its queue, which answers for it
	Way     Ways
	Whole   bool // no account is heard by this way any more
	Last    time.Time
	After   time.Duration // that were waited for
}

// Silent gives the ways that were heard on most of the last days and have said nothing for so long, not counting the times when
// no jobzero ran. When all accounts of a way are silent that is one silence, of the way; hub is whose it is then. The second result
// are the speakers that do speak.
func Silent(all []Speaker, a Awake, now time.Time, after time.Duration, hub func(Ways) string) (silent []Silence, speaking []Speaker) {
	since := a.Back(now, after)
	of := map[Ways][]Silence{}
	spoke := map[Ways]bool{}
	for i := range all {
		s := &all[i]
		if !s.Last.Before(since) {
			speaking = append(speaking, *s)
			spoke[s.Way] = true
			continue
		}
		if s.habitual(a, now) {
			of[s.Way] = append(of[s.Way], Silence{Account: s.Account, Way: s.Way, Last: s.Last, After: after})
		}
	}
	for _, way := range []Ways{Live, Stored} {
		if len(of[way]) < 2 || spoke[way] {
			silent = append(silent, of[way]...)
			continue
		}
		whole := Silence{Account: hub(way), Way: way, Whole: true, After: after}
		for _, s := range of[way] {
			whole.Last = later(whole.Last, s.Last)
		}
		silent = append(silent, whole)
	}
	return silent, speaking
}

// Fingerprint is that of the finding about the silence.
func (s Silence) Fingerprint() finding.Fingerprint {
	whose := s.Account
	if s.Whole {
		whose = "*"
	}
	return finding.Print(finding.Imported, BySilence, whose, s.Way.String())
}

// Finding says who is silent. It is as of when the time was up, so that a silence that a person has dealt with is not told again.
func (s Silence) Finding() finding.Finding {
	f := finding.Finding{
		Fingerprint: s.Fingerprint(), Kind: finding.Imported, By: BySilence, Severity: finding.Medium, Account: s.Account,
		Principal: about(s.Way), Occurred: s.Last, Detected: s.Last.Add(s.After), Sighting: clock(s.Last), State: finding.Open,
	}
	switch {
	case s.Whole:
		f.Title, f.Severity, f.Principal = "No account's events come by "+s.Way.String()+" any more", finding.High, f.Principal+" of all accounts"
		f.Why = fmt.Sprintf("The last record that came by %s is of %s. Look at the queue, at what feeds it, and at the permissions to read it.", s.Way, clock(s.Last))
	case s.Way == Live:
		f.Title = "No events of this account come by EventBridge any more"
		f.Why = fmt.Sprintf("The last one came at %s; before, there were some on most days. Look at the account's rules and at the permission to put events on the hub's bus.", clock(s.Last))
	default:
		f.Title, f.Severity = "No log files of this account come to S3 any more", finding.High
		f.Why = fmt.Sprintf("The last record came at %s; before, there were some on most days. Look at whether the trail still logs (StopLogging, DeleteTrail, UpdateTrail), "+
			"at the bucket's policy and key, and at its notifications.", clock(s.Last))
	}
	f.Evidence = []finding.Evidence{{Kind: "verdict", At: f.Detected, Text: f.Why}}
	return f
}

// Speaks is the word that a silence is over, as of when the way was heard.
func Speaks(f finding.Finding, last time.Time) finding.Finding {
	return over(f, last, "it was heard again at "+clock(last))
}
