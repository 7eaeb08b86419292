package baseline

import "fmt"

// Days is how many days of principals the risk was seen on.
func (l *Learner) Days() uint64 { return l.peaks.N() }

// Family is agent.
func Family(text string) string { return agent(text) }

// Known is what does not depend on the order of events: when principals and values were seen, and how often values are used.
func (l *Learner) Known() map[string]string {
	out := map[string]string{}
	for key, a := range l.actors {
		s := fmt.Sprint(a.seen)
		for k := range a.sets {
			s += fmt.Sprint(a.sets[k])
		}
		out[key] = s
	}
	for r := range l.scopes {
		for key, s := range l.scopes[r] {
			for k := range s.tables {
				for hash, u := range s.tables[k].users {
					out[fmt.Sprint(rankNames[r], key, k, hash)] = fmt.Sprint(u.users)
				}
				out[fmt.Sprint(rankNames[r], key, k)] = fmt.Sprint(s.tables[k].of, s.tables[k].total)
			}
		}
	}
	return out
}
