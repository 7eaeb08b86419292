package config

// Baselines say what becomes of what is unlike all that was learnt.
type Baselines struct {
	Mode      BaselineMode `yaml:"mode"`
	Budget    float64      `yaml:"budget"`    // stories a day that are wanted for each 1,000 active principals
	Locations []string     `yaml:"locations"` // MMDB files of places or networks; none: networks are told apart, and no place is named
}

// BaselineMode is how far baselines go.
type BaselineMode string

// The modes. Learn is to detection what plan is to playbooks: everything is done but telling.
const (
	Off   BaselineMode = "off"
	Learn BaselineMode = "learn"
	Tell  BaselineMode = "tell"
)

// mostStories is a budget that makes a story of nearly everything.
const mostStories = 1000

func (c Config) checkBaselines(p *problems) {
	switch b := c.Baselines; {
	case b.Mode != Off && b.Mode != Learn && b.Mode != Tell:
		p.add("baselines.mode", "%q: want off, learn (it learns and says nothing) or tell", b.Mode)
	case !(b.Budget > 0 && b.Budget <= mostStories):
		p.add("baselines.budget", "%g: want stories a day for each 1,000 principals, above 0 and at most %d", b.Budget, mostStories)
	}
}
