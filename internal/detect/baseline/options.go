package baseline

import (
	"cmp"
	"net/netip"
	"time"
)

// Options are what can be asked for. The zero value is usable.
type Options struct {
	Learn       time.Duration // nothing fires in so much event time from the first event; 7 days when zero
	LearnEvents uint64        // learning is over after so many events, if that comes sooner; zero: only time counts
	Age         time.Duration // what was last seen so long ago is new again; 90 days when zero
	Dormant     time.Duration // a key or principal that was unused so long is dormant; 30 days when zero
	HalfLife    time.Duration // of risk; 24 hours when zero
	Budget      float64       // how many stories a day are wanted per 1,000 active principals; 1 when zero

	MaxPrincipals int // the one unseen longest is forgotten when there are more; 50,000 when zero
	MaxEvidence   int // bytes of records that stories may hold; beyond that they say where the record is; 16 MB when zero

	Locator Locator // where addresses are; nil: networks are told apart, and nothing is said of places
	Rows    bool    // Dirty is going to be called
}

func (o Options) filled() Options {
	const day = 24 * time.Hour
	o.Learn, o.Age, o.Dormant = cmp.Or(o.Learn, 7*day), cmp.Or(o.Age, 90*day), cmp.Or(o.Dormant, 30*day)
	o.HalfLife, o.Budget = cmp.Or(o.HalfLife, day), cmp.Or(o.Budget, 1)
	o.MaxPrincipals, o.MaxEvidence = cmp.Or(o.MaxPrincipals, 50_000), cmp.Or(o.MaxEvidence, 16<<20)
	return o
}

// Locator knows where addresses are, without asking anybody.
type Locator interface {
	// Locate gives the place of a public address, false when it is not known.
	Locate(netip.Addr) (Place, bool)
}

// Place is where an address is, as far as it is known.
type Place struct {
	Network     string  // who announces it, such as "AS64500 Example Net"; empty when not known
	Name        string  // such as "Berlin, DE"
	Lat, Lon    float64 // degrees
	Radius      float64 // kilometres within which it is
	Coordinates bool    // Lat, Lon and Radius are known
}

// limits of what is kept. Sets of values are small: who has more of a kind is known by that.
const (
	mostScopes    = 4_096  // peer groups and accounts
	mostInstances = 20_000 // EC2 instances with the addresses that they were seen at
	mostLogs      = 10_000 // log sources
	mostTexts     = 160    // bytes of a value that are kept to tell people
)

// Counts is what the learner did, for measures.
type Counts struct {
	Events    uint64 // taken
	Unusable  uint64 // without a time that can be, or without a principal: looked at for silence only
	Late      uint64 // too late for their hour's volume
	Surprises uint64
	Stories   uint64
	Forgotten uint64 // principals that a budget or age forced out
	Crowded   uint64 // values that a full set forced out
}
