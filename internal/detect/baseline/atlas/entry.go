package atlas

import (
	"math"
	"strconv"

	"jobzero/internal/detect/baseline"
)

// careful is the radius in kilometres of a place whose database does not say how exact it is.
const careful = 500

// add says what an entry knows and nobody before it did.
func (e *entry) add(p *baseline.Place) {
	if p.Network == "" && e.Number != 0 {
		p.Network = "AS" + strconv.FormatUint(uint64(e.Number), 10)
		if e.Organisation != "" {
			p.Network += " " + e.Organisation
		}
	}
	if p.Name == "" {
		p.Name = e.name()
	}
	if p.Coordinates || e.Location.Lat == nil || e.Location.Lon == nil {
		return
	}
	lat, lon := *e.Location.Lat, *e.Location.Lon
	if !(math.Abs(lat) <= 90) || !(math.Abs(lon) <= 180) { // no number is not within either
		return
	}
	p.Lat, p.Lon, p.Radius, p.Coordinates = lat, lon, float64(e.Location.Radius), true
	if p.Radius == 0 {
		p.Radius = careful
	}
}

// name is city and country, as far as they are known.
func (e *entry) name() string {
	city := e.City.Names["en"]
	if city == "" || e.Country.Code == "" {
		return city + e.Country.Code
	}
	return city + ", " + e.Country.Code
}
