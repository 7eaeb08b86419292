package oncall

import (
	"cmp"
	"fmt"
	"slices"
	"time"
)

// Clash is a time in which one person is on duty in two rotas. It is told and not refused: both seats are had, and where few people carry two
// rotas it is what they agreed on. Whoever has both answers one page after the other, and the levels of the policy go on meanwhile.
type Clash struct {
	Person string    `json:"person"`
	Rotas  [2]string `json:"rotas"`
	Seats  [2]Seat   `json:"seats"`
	From   time.Time `json:"from"`
	Until  time.Time `json:"until"`
}

// String is the clash in one line.
func (c Clash) String() string {
	return fmt.Sprintf("%s to %s: %s is %s of %s and %s of %s at the same time", stamp(c.From), stamp(c.Until), c.Person, c.Seats[0], c.Rotas[0], c.Seats[1], c.Rotas[1])
}

// Clashes finds them between two times. Two seats of one rota are the proof's to find.
func Clashes(plans []*Plan, from, until time.Time) (out []Clash) {
	type held struct {
		Stint
		rota string
	}
	by := map[string][]held{}
	for _, p := range plans {
		shifts := p.Shifts(from, until)
		for _, seat := range Seats() {
			for _, s := range p.stints(shifts, seat, from, until) {
				if s.Person != "" {
					by[s.Person] = append(by[s.Person], held{s, p.circle.Name})
				}
			}
		}
	}
	for person, all := range by {
		slices.SortStableFunc(all, func(a, b held) int { return a.From.Compare(b.From) })
		for i, a := range all {
			for _, b := range all[i+1:] {
				if !b.From.Before(a.Until) {
					break
				}
				if a.rota != b.rota {
					out = append(out, Clash{person, [2]string{a.rota, b.rota}, [2]Seat{a.Seat, b.Seat}, b.From.UTC(), earliest(a.Until, b.Until).UTC()})
				}
			}
		}
	}
	slices.SortFunc(out, func(a, b Clash) int {
		return cmp.Or(a.From.Compare(b.From), cmp.Compare(a.Person, b.Person), slices.Compare(a.Rotas[:], b.Rotas[:]), slices.Compare(a.Seats[:], b.Seats[:]))
	})
	return out
}
