package cloudlog

import (
	"cmp"
	"math/rand/v2"
	"slices"
	"sort"
	"strings"
)

// plant is a suspicious operation, the rule in content/rules that fires on it, and the part that does it.
type plant struct {
	rule, by  string
	operation *operation
}

// mix is what the actors of a part do, each operation as often as its weight says.
type mix struct{ everywhere, regional choice }

type choice struct {
	operations []*operation
	sums       []int
}

func (c *choice) add(o *operation, weight int) {
	if n := len(c.sums); n > 0 {
		weight += c.sums[n-1]
	}
	c.operations, c.sums = append(c.operations, o), append(c.sums, weight)
}

// add gives the part an operation, everywhere or only where it is logged.
func (m *mix) add(o *operation, weight int) {
	m.everywhere.add(o, weight)
	if !o.global {
		m.regional.add(o, weight)
	}
}

func (m *mix) in(region string) choice {
	if region == globalRegion {
		return m.everywhere
	}
	return m.regional
}

func (m *mix) works(region string) bool { return len(m.in(region).operations) > 0 }

func (m *mix) pick(region string, rng *rand.Rand) *operation {
	c := m.in(region)
	at := rng.IntN(c.sums[len(c.sums)-1])
	return c.operations[sort.SearchInts(c.sums, at+1)]
}

// work reads the services: what each part does, and what is planted, by the names of the rules.
func (g *grammar) work(all []block) (map[string]*mix, []plant) {
	mixes, sown := map[string]*mix{}, []plant(nil)
	for _, p := range g.parts {
		mixes[p.name] = &mix{}
	}
	crew := crews(all)
	var service string
	var common properties
	for _, b := range all {
		switch b.kind {
		case "service":
			service, common = b.names[0], b.properties(serviceWords...)
		case "call":
			p := b.properties(callWords...).over(common)
			for _, name := range b.names {
				o := g.prepare(service, name, p)
				for _, part := range crew(p["by"]) {
					mixes[part].add(o, number(cmp.Or(p["weight"], "1")))
				}
			}
		case "plant":
			p := b.properties(callWords...).over(common)
			o := g.prepare(service, b.names[1], p)
			o.planted = true
			sown = append(sown, plant{b.names[0], p["by"], o})
		}
	}
	slices.SortFunc(sown, func(a, b plant) int { return strings.Compare(a.rule, b.rule) })
	return mixes, sown
}
