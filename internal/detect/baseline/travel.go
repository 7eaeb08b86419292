package baseline

import (
	"math"

	"jobzero/internal/detect/baseline/sketch"
)

// path is a public network from which a principal came.
type path struct {
	network  uint64 // its hash; zero: none
	at       int64  // seconds since 1970, the last time
	lat, lon float32
	radius   float32 // kilometres
	placed   bool
	name     string // of the network and place
}

// The limits of travel.
const (
	atOnce  = 3600 // seconds between three calls of two networks, of which the middle one is of the other
	fastest = 1000 // kilometres an hour that a person can be on the way
	near    = 300  // kilometres that are none: places of addresses are not exact
)

// walk notes where the principal is.
func (a *actor) walk(f *facts) {
	if f.from.address == 0 || f.at < a.paths[0].at {
		return // a late event is no movement
	}
	if a.paths[0].network != f.from.hash {
		a.paths[1] = a.paths[0]
	}
	p := f.from.place
	a.paths[0] = path{
		network: f.from.hash, at: f.at, lat: float32(p.Lat), lon: float32(p.Lon), radius: float32(p.Radius), placed: p.Coordinates,
		name: f.from.network,
	}
	if p.Name != "" {
		a.paths[0].name += " in " + cut(p.Name)
	}
}

// travel is how impossible the way from the last call to this one is. Between places: doublings of the fastest speed. Between
// networks of which no place is known: one when it left a network, called from another and is back within an hour, which
// nobody does who goes from one to the other. Nothing is guessed: one change of networks alone says nothing.
func (a *actor) travel(f *facts) mark {
	if f.from.address == 0 {
		return mark{unknown: "it came through AWS or from a private address, which is no place"}
	}
	last, before := &a.paths[0], &a.paths[1]
	if last.network == 0 || last.network == f.from.hash || f.at < last.at {
		return mark{}
	}
	if p := f.from.place; p.Coordinates && last.placed {
		way := distance(p.Lat, p.Lon, float64(last.lat), float64(last.lon)) - p.Radius - float64(last.radius)
		speed := way / (float64(max(f.at-last.at, 60)) / 3600)
		if way > near && speed > fastest {
			return mark{size: float32(1 + math.Log2(speed/fastest))}
		}
		return mark{}
	}
	if before.network == f.from.hash && f.at-before.at <= atOnce && before.at <= last.at {
		return mark{size: 1}
	}
	return mark{unknown: "where the networks are is not known; only coming and going between them within an hour would tell"}
}

// distance is that of two places along the surface of the Earth, in kilometres (the haversine formula).
func distance(lat1, lon1, lat2, lon2 float64) float64 {
	const radius, degree = 6371, math.Pi / 180
	s, t := math.Sin((lat2-lat1)*degree/2), math.Sin((lon2-lon1)*degree/2)
	h := s*s + math.Cos(lat1*degree)*math.Cos(lat2*degree)*t*t
	return 2 * radius * math.Asin(math.Sqrt(min(1, h)))
}

func (p *path) pack(w *sketch.Writer) {
	w.Fixed(p.network)
	w.Int(p.at)
	w.Float(p.lat)
	w.Float(p.lon)
	w.Float(p.radius)
	w.Uint(flag(p.placed))
	w.Text(p.name)
}

func (p *path) unpack(r *sketch.Reader) {
	*p = path{network: r.Fixed(), at: r.Int(), lat: r.Float(), lon: r.Float(), radius: r.Float(), placed: r.Uint() != 0, name: r.Text()}
}

func flag(b bool) uint64 {
	if b {
		return 1
	}
	return 0
}
