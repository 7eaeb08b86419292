package securityhub

import (
	"strings"

	"jobzero/internal/event"
	"jobzero/internal/source"
	"jobzero/internal/source/claim"
	"jobzero/internal/source/guardduty"
	"jobzero/internal/source/inspector"
	"jobzero/internal/source/macie"
)

// Vendor begins the By of findings that came to Security Hub from elsewhere.
const Vendor = "securityhub"

// Parse reads findings. Errors are fault.Invalid and name the finding and the field; one bad finding spoils its message,
// which is kept whole and can be replayed.
func Parse(raw []byte, origin event.Origin) (source.Report, error) {
	all := claim.ReadMany(raw)
	if o := all[0]; len(all) == 1 {
		for _, name := range []string{"findings", "Findings"} { // in events, in requests
			if o.Has(name) {
				if all = o.List(name); len(all) == 0 {
					o.Fail(name, "is empty")
				}
				break
			}
		}
		if err := o.Err(); err != nil {
			return source.Report{}, err
		}
	}
	var r source.Report
	for _, o := range all {
		read := inASFF
		if o.Has("class_uid") {
			read = inOCSF
		}
		s := read(o)
		s.Raw, s.Origin = o.Raw, origin
		if err := o.Err(); err != nil {
			return source.Report{}, err
		}
		r.Claims = append(r.Claims, claim.Of(s))
	}
	return r, nil
}

// identity is whose finding it is and by which ID. Findings of tools that we also hear directly get the ID that they have
// there, so that one finding is one belief whichever way it comes. product is an ARN that ends in product/<company>/<name>
// (ASFF) or productv2/… (OCSF), or another tool's name.
func identity(product, region, id string) (vendor, own string) {
	for _, mark := range []string{":productv2/", ":product/", "/productv2/", "/product/"} {
		if i := strings.Index(product, mark); i >= 0 {
			product = product[i+len(mark):]
			break
		}
	}
	last := id[strings.LastIndexByte(id, '/')+1:]
	switch {
	case product == "aws/guardduty" && last != "":
		return guardduty.Vendor, last
	case product == "aws/macie" && last != "":
		return macie.Vendor, last
	case product == "aws/inspector":
		return inspector.Vendor, id
	}
	return Vendor, strings.Join([]string{product, region, id}, "|")
}
