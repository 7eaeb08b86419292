package atlas

import (
	"net/netip"
	"os"

	"github.com/oschwald/maxminddb-golang/v2"

	"jobzero/internal/detect/baseline"
	"jobzero/internal/fault"
)

// Atlas is one or more databases. It is safe for concurrent use.
type Atlas struct{ sheets []*maxminddb.Reader }

// mostBytes is the largest database that is read; those that are published have some hundred megabytes at most.
const mostBytes = 1 << 30

// Open reads databases of places (such as GeoLite2 City) and of networks (such as GeoLite2 ASN): what one does not say the next
// may. They are held in memory. Errors are fault.NotFound and fault.Invalid, and name the file.
func Open(files ...string) (*Atlas, error) {
	const want = "a MaxMind database (.mmdb) of places or networks"
	a := &Atlas{}
	for _, file := range files {
		info, err := os.Stat(file)
		if err != nil {
			return nil, fault.Path(err, file, want)
		}
		if !info.Mode().IsRegular() || info.Size() > mostBytes {
			return nil, fault.New(fault.Invalid, "locations %s: want a file of %d MB at most", file, mostBytes>>20)
		}
		text, err := os.ReadFile(file)
		if err != nil {
			return nil, fault.Path(err, file, want)
		}
		sheet, err := maxminddb.OpenBytes(text)
		if err != nil {
			return nil, fault.Wrap(fault.Invalid, err, "locations %s: want a MaxMind database (.mmdb)", file)
		}
		a.sheets = append(a.sheets, sheet)
	}
	return a, nil
}

// entry is what databases say of an address, in the names of the GeoIP2 databases
// (https://dev.maxmind.com/geoip/docs/databases/city-and-country).
type entry struct {
	City struct {
		Names map[string]string `maxminddb:"names"`
	} `maxminddb:"city"`
	Country struct {
		Code string `maxminddb:"iso_code"`
	} `maxminddb:"country"`
	Location struct {
		Lat    *float64 `maxminddb:"latitude"`
		Lon    *float64 `maxminddb:"longitude"`
		Radius uint16   `maxminddb:"accuracy_radius"`
	} `maxminddb:"location"`
	Number       uint32 `maxminddb:"autonomous_system_number"`
	Organisation string `maxminddb:"autonomous_system_organization"`
}

// Locate gives what is known of an address. What a broken database says is not known.
func (a *Atlas) Locate(ip netip.Addr) (baseline.Place, bool) {
	var p baseline.Place
	known := false
	for _, sheet := range a.sheets {
		r := sheet.Lookup(ip)
		if r.Err() != nil || !r.Found() {
			continue
		}
		var e entry
		if r.Decode(&e) != nil {
			continue
		}
		e.add(&p)
		known = true
	}
	return p, known
}
