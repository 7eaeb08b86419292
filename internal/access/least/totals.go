package least

import (
	"slices"
	"strings"

	"jobzero/internal/policy/names"
)

// Service is the granted actions of a service, added up.
type Service struct {
	Name    string
	Granted int
	By      map[Reason]int                 // what becomes of them
	Levels  map[names.Level]map[Reason]int // likewise for each access level
}

// Stays is how many stay.
func (s Service) Stays() int { return s.Granted - s.By[Unused] - s.By[Dropped] }

// sum adds up, by the names of services.
func sum(list []Grant) []Service {
	var out []Service
	for _, g := range list {
		name := serviceOf(g.Action)
		at, ok := slices.BinarySearchFunc(out, name, func(s Service, n string) int { return strings.Compare(s.Name, n) })
		if !ok {
			out = slices.Insert(out, at, Service{Name: name, By: map[Reason]int{}, Levels: map[names.Level]map[Reason]int{}})
		}
		s := &out[at]
		s.Granted++
		s.By[g.Reason]++
		if s.Levels[g.Level] == nil {
			s.Levels[g.Level] = map[Reason]int{}
		}
		s.Levels[g.Level][g.Reason]++
	}
	return out
}

// Levels are those of access in the order in which they are shown.
func Levels() []names.Level { return slices.Clone(levels) }

// Blindness are the reasons why actions cannot be judged.
func Blindness() []string { return []string{data.why(), unsure.why(), never.why()} }
