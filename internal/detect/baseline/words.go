package baseline

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
)

// tell says what was seen of a kind, and what is normal: for whom and since when.
func (l *Learner) tell(a *actor, t *tally, f *facts, k int) string {
	size := float64(l.marks[k].size)
	switch k := Kind(k); k {
	case Reads, Writes:
		return tellVolume(a, t, f)
	case Errors:
		alpha, beta := a.rate()
		errors := t.errors + uint32(flag(f.failed)) //nolint:gosec // 0 or 1
		return fmt.Sprintf("%s among %s in an hour, the last one %s at %s; normal is that %.1f of 100 go wrong",
			plural(int(errors), "error"), plural(int(t.calls[0]+t.calls[1]+1), "call"), cut(f.e.ErrorCode), callName(f.e), 100*alpha/(alpha+beta))
	case Calls, Regions, Things:
		return fmt.Sprintf("%s in an hour, with %s", plural(int(math.Round(math.Exp2(size))), spreads[k-Calls]), callName(f.e))
	case Travel:
		return tellTravel(a, f, size)
	case Dormant:
		return l.tellDormant(a, f)
	case Instance:
		return tellInstance(f, size)
	case Newcomer:
		return "never seen before; its first call is " + callName(f.e) + tellPeers(a)
	default:
		return l.tellValue(a, f, int(k))
	}
}

var spreads = [...]string{"different call", "region", "different thing"}

func tellPeers(a *actor) string {
	if g := a.scopes[group]; g != nil {
		return fmt.Sprintf(" (peers: %s, %s known)", lowerFirst(g.key), plural(int(min(g.members, math.MaxInt32)), "principal"))
	}
	return ""
}

func tellVolume(a *actor, t *tally, f *facts) string {
	expected, own := a.usual(f.writes, f.hour)
	of, whose := "reading", "for its peers"
	if f.writes == 1 {
		of = "changing"
	}
	if own {
		whose = "for it on " + when(f.hour)
	}
	return fmt.Sprintf("%s %s calls in the hour from %s; about %.0f are normal %s",
		strconv.Itoa(int(t.calls[f.writes]+1)), of, clock(f.hour).Format("2006-01-02 15:04"), math.Exp2(expected)-1, whose)
}

func tellTravel(a *actor, f *facts, size float64) string {
	last := &a.paths[0]
	ago := time.Duration(f.at-last.at) * time.Second
	here := f.from.network
	if f.from.place.Name != "" {
		here += " in " + cut(f.from.place.Name)
	}
	if f.from.place.Coordinates && last.placed {
		return fmt.Sprintf("from %s %s after a call from %s: %.0f times as fast as one can travel", here, ago, last.name, math.Exp2(size-1))
	}
	return fmt.Sprintf("from %s again, %s after a call from %s in between: it is in two networks at once", here, ago, last.name)
}

func (l *Learner) tellDormant(a *actor, f *facts) string {
	last, what := a.seen.last, "the principal"
	if f.trait[Key] != 0 && f.spot[Key].known {
		last, what = a.sets[Key][f.spot[Key].index].last, "access key "+f.text(int(Key))
	}
	return fmt.Sprintf("%s is used again after %d days, for %s; it was last used on %s", what, (f.hour-last)/24, callName(f.e), date(last))
}

func tellInstance(f *facts, size float64) string {
	s := fmt.Sprintf("the credential of instance %s is used from %s, where neither it nor another instance of the account ever was", f.instance, cut(f.e.SourceIP))
	if size >= 2 {
		s += ", while the instance itself calls from its own address"
	}
	if !delivered(f.e) {
		s += "; the record does not say that the instance's metadata service gave it"
	}
	return s
}

// tellValue says what is known of a value.
func (l *Learner) tellValue(a *actor, f *facts, k int) string {
	text := nouns[k] + " " + f.text(k)
	active := fmt.Sprintf("%s since %s", plural(int(a.seen.count), "active hour"), date(a.seen.first))
	if a.seen.count == 0 {
		active = "its first hour"
	}
	at := f.spot[k]
	if !at.known {
		return fmt.Sprintf("%s is new to it (%s)%s", text, active, l.tellScopes(a, f, k))
	}
	v := a.sets[k][at.index]
	if v.last < back(f.hour, l.age) {
		return fmt.Sprintf("%s is new to it again: last seen on %s%s", text, date(v.last), l.tellScopes(a, f, k))
	}
	return fmt.Sprintf("%s was seen in %d of its %s, last on %s", text, v.count, active, date(v.last))
}

// tellScopes says who else knows a value.
func (l *Learner) tellScopes(a *actor, f *facts, k int) string {
	if Kind(k) == Key {
		return ""
	}
	since, s := back(f.hour, l.age), ""
	for _, at := range a.scopes {
		if at == nil {
			continue
		}
		n := at.tables[k].known(f.trait[k], since)
		switch {
		case at.rank == group && n > 0:
			return fmt.Sprintf("; %d of %s know it", n, lowerFirst(at.key))
		case at.rank == group:
			s += "; none of " + lowerFirst(at.key) + " knows it"
		case at.rank == account && n > 0:
			return s + fmt.Sprintf(", %s of the account", plural(int(n), "other group"))
		case at.rank == organisation && n > 0:
			return s + fmt.Sprintf(", nor anybody of the account; it is known in %s", plural(int(n), "account"))
		}
	}
	return s + "; nobody of the organisation does"
}

// normal says in a line what is normal for a principal.
func (l *Learner) normal(a *actor) string {
	var parts []string
	for _, k := range []struct {
		trait Kind
		word  string
	}{{API, "calls"}, {Region, "in"}, {Network, "from"}, {Agent, "with"}} {
		if top := l.top(a, int(k.trait)); len(top) > 0 {
			parts = append(parts, k.word+" "+strings.Join(top, ", "))
		}
	}
	if len(parts) == 0 {
		return "nothing is known of it"
	}
	return fmt.Sprintf("normal since %s, in %s: %s", date(a.seen.first), plural(int(a.seen.count), "active hour"), strings.Join(parts, "; "))
}

// top are the values of a trait that the principal has most often, of more than one hour.
func (l *Learner) top(a *actor, k int) (out []string) {
	all := slices.Clone(a.sets[k])
	slices.SortFunc(all, func(x, y value) int { return cmp.Or(cmp.Compare(y.count, x.count), cmp.Compare(x.hash, y.hash)) })
	const most = 3
	for i := range all {
		if text := l.texts[k][all[i].hash]; text != "" && all[i].count > 1 && len(out) < most {
			out = append(out, text)
		}
	}
	if more := len(all) - len(out); len(out) == most && more > 0 {
		out[most-1] += fmt.Sprintf(" and %d more", more)
	}
	return out
}

func plural(n int, word string) string {
	if n == 1 {
		return "1 " + word
	}
	return strconv.Itoa(n) + " " + word + "s"
}

// lowerFirst is the text within a sentence; IAM stays IAM.
func lowerFirst(s string) string {
	if len(s) > 1 && s[0] >= 'A' && s[0] <= 'Z' && s[1] >= 'a' && s[1] <= 'z' {
		return string(s[0]+'a'-'A') + s[1:]
	}
	return s
}
