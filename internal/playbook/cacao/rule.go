package cacao

import (
	"regexp"
	"slices"
	"strings"
)

// rule is what a property has to be, by the words behind "is":
//
//	required        it has to be there; for=a|b: in objects of these types
//	one=a|b         one of these texts
//	identifier      type--UUID (section 10.10); of a list or a map: each value
//	timestamp       a time in UTC (section 10.16)
//	filled, pair    it has at least one value, or two
//	percent, count  a whole number from 0 to 100, or from 1
//	nullable        it may be null
//	region          a region of the world (section 10.4)
//	keyed           exactly one of the properties with this word is there
//	title           a text may stand for an object with that name
//	keys=kind       what the keys of a map are
type rule struct {
	words []string
	one   []string
	of    []string
	keys  string
}

func ruleOf(tag string) (r rule) {
	for _, word := range strings.Fields(tag) {
		name, value, _ := strings.Cut(word, "=")
		switch name {
		case "one":
			r.one = strings.Split(value, "|")
		case "for":
			r.of = strings.Split(value, "|")
		case "keys":
			r.keys = value
		default:
			r.words = append(r.words, name)
		}
	}
	return r
}

func (r rule) says(word string) bool { return slices.Contains(r.words, word) }

// needed reports whether an object of a type has to have the property.
func (r rule) needed(kind string) bool { return r.says("required") || slices.Contains(r.of, kind) }

const uuidForm = `[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[1-5][0-9a-fA-F]{3}-[89abAB][0-9a-fA-F]{3}-[0-9a-fA-F]{12}`

var (
	identifierForm = regexp.MustCompile(`^[a-z][a-z0-9-]+[a-z0-9]--` + uuidForm + `$`)
	timestampForm  = regexp.MustCompile(`^[0-9]{4}-(0[1-9]|1[012])-(0[1-9]|[12][0-9]|3[01])T([01][0-9]|2[0-3]):[0-5][0-9]:([0-5][0-9]|60)(\.[0-9]+)?Z$`)
	variableForm   = regexp.MustCompile(`^__[a-zA-Z_][a-zA-Z0-9_-]{0,199}__$`)
	macForm        = regexp.MustCompile(`^[a-fA-F0-9]{2}(:[a-fA-F0-9]{2}){5}$`)
	variableUse    = regexp.MustCompile(`__[a-zA-Z_][a-zA-Z0-9_-]*__:value`)
)

// kinds are the words before the two hyphens of a key, where the objects behind it have to be of just that type.
func kinds(keys string) []string {
	switch keys {
	case "step":
		return []string{start, end, action, other, parallel, ifThen, while, choice}
	case "marking":
		return []string{"marking-statement", "marking-tlp", "marking-iep"}
	case "identifier": // of agents, targets and logins; others may make types of their own
		return []string{
			"group", "individual", "location", "organization", "sector", "http-api", "linux", "net-address", "security-category", "ssh", "http-basic", "oauth2", "user-auth",
		}
	default:
		return nil
	}
}

// regions are those of the region-enum of section 10.4.
var regions = strings.Fields(`africa eastern-africa middle-africa northern-africa southern-africa western-africa americas caribbean
central-america latin-america-caribbean northern-america south-america asia central-asia eastern-asia southern-asia south-eastern-asia
western-asia europe eastern-europe northern-europe southern-europe western-europe oceania antarctica australia-new-zealand melanesia
micronesia polynesia`)
