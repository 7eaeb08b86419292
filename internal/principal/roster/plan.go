package roster

import (
	"time"

	"jobzero/internal/fault"
	"jobzero/internal/principal/person"
)

// Import is how a file is taken over.
type Import struct {
	Source  string  // whose file it is; people of other sources stay as they are
	Partial bool    // who is not in the file has not left
	Lose    float64 // the largest share of those who are here that may leave by one file
	Actor   string  // who takes it over
	Now     time.Time
	NewID   func() person.ID
}

// Plan is what a file would change.
type Plan struct {
	New, Changed, Same int
	Left               int     // of those who were here, missing or told to have left
	Missing            int     // of them, those whom the file does not have any more
	Held               []Held  // rows that change nothing
	Saves              []Saved // in the order of the file, then those who are missing
}

// Held is somebody whom another source tells of.
type Held struct {
	Line     int    `json:"line"`
	UserName string `json:"user_name"`
	Source   string `json:"source"`
}

// Saved is somebody to keep with his change.
type Saved struct {
	Person person.Person
	Entry  person.Entry
}

// minShare is how few people are too few for shares: a company of three may lose one.
const minShare = 10

// Plan holds a file against those who are known, without those who are gone. An error is fault.Conflict when more would leave than may.
func (o Import) Plan(rows []Row, known []person.Person) (Plan, error) {
	var p Plan
	by := make(map[string]*person.Person, len(known))
	here := 0
	for i := range known {
		by[person.Key(known[i].UserName)] = &known[i]
		if known[i].Source == o.Source && known[i].State(o.Now) != person.Left {
			here++
		}
	}
	told := make(map[person.ID]bool, len(rows))
	for _, r := range rows {
		was := by[person.Key(r.Person.UserName)]
		if was != nil && was.Source != o.Source {
			p.Held = append(p.Held, Held{r.Line, r.Person.UserName, was.Source})
			continue
		}
		if was != nil {
			told[was.ID] = true
		}
		p.take(o, was, r.Person)
	}
	for i := range known {
		k := &known[i]
		if o.Partial || k.Source != o.Source || told[k.ID] || k.State(o.Now) == person.Left {
			continue
		}
		next := *k
		next.Active = false
		p.Missing++
		p.save(o, k, next)
	}
	if here >= minShare && float64(p.Left) > o.Lose*float64(here) {
		return p, fault.New(fault.Conflict, "by this file %d of the %d people of %s would have left (%d are not in it), more than a share of %g: "+
			"is it complete? If it is, say so with --lose %.2f", p.Left, here, o.Source, p.Missing, o.Lose, float64(p.Left)/float64(here)+0.005)
	}
	return p, nil
}

func (p *Plan) take(o Import, was *person.Person, said person.Person) {
	next := said
	next.Source = o.Source
	if was == nil {
		next.ID, next.Created = o.NewID(), o.Now
		p.New++
		p.save(o, nil, next)
		return
	}
	next.ID, next.Created, next.Changed, next.Version, next.Out = was.ID, was.Created, was.Changed, was.Version, was.Out
	if person.Between(was, next, o.Actor, o.Now).Kind == "" {
		p.Same++
		return
	}
	p.Changed++
	p.save(o, was, next)
}

func (p *Plan) save(o Import, was *person.Person, next person.Person) {
	next.Version, next.Changed = next.Version+1, o.Now
	if was != nil && was.State(o.Now) != person.Left && next.State(o.Now) == person.Left {
		p.Left++
	}
	p.Saves = append(p.Saves, Saved{next, person.Between(was, next, o.Actor, o.Now)})
}
