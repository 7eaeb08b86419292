package scim

import (
	"strings"
	"sync"
)

// The schemas (RFC 7643, 4.1 to 4.3), and one of our own for what no schema of the RFC has. Its name has the form that Entra ID lets one
// add to its mappings.
const (
	userSchema       = "urn:ietf:params:scim:schemas:core:2.0:User"
	groupSchema      = "urn:ietf:params:scim:schemas:core:2.0:Group"
	enterpriseSchema = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
	ownSchema        = "urn:ietf:params:scim:schemas:extension:jobzero:2.0:User"
)

// attribute is one of a schema (RFC 7643, 7). The zero values are the defaults there: a single text that may be written, is answered,
// and in which case does not count.
type attribute struct {
	name     string
	kind     kind
	multi    bool
	required bool
	exact    bool // case counts
	readOnly bool
	always   bool // answered whatever the caller asks for
	unique   bool
	endless  bool // a list that may be as long as there are people
	sub      []attribute
}

// kind is the type of an attribute's value.
type kind string

const (
	text      kind = "" // string
	boolean   kind = "boolean"
	dateTime  kind = "dateTime"
	reference kind = "reference"
	complexes kind = "complex"
)

// schema is a resource type's, or an extension's.
type schema struct {
	id, name, about string
	attributes      []attribute
}

// shape is what a resource of a type is made of.
type shape struct {
	name, endpoint string
	core           schema
	extensions     []schema
}

func common() []attribute {
	return []attribute{
		{name: "schemas", multi: true, kind: reference, always: true, exact: true},
		{name: "id", exact: true, readOnly: true, always: true, unique: true},
		{name: "externalId", exact: true},
		{name: "meta", kind: complexes, readOnly: true, sub: []attribute{
			{name: "resourceType", exact: true, readOnly: true},
			{name: "created", kind: dateTime, readOnly: true},
			{name: "lastModified", kind: dateTime, readOnly: true},
			{name: "location", kind: reference, exact: true, readOnly: true},
			{name: "version", exact: true, readOnly: true},
		}},
	}
}

// several is a list of values, each with a type, of which one may be the primary one.
func several(name string, more ...attribute) attribute {
	sub := append([]attribute{{name: "value"}, {name: "display"}, {name: "type"}, {name: "primary", kind: boolean}}, more...)
	return attribute{name: name, kind: complexes, multi: true, sub: sub}
}

// userShape and groupShape are made once: every resource on its way out asks them.
var userShape, groupShape = sync.OnceValue(newUserShape), sync.OnceValue(newGroupShape) //nolint:gochecknoglobals // tables, never changed

func newUserShape() *shape {
	address := several("addresses", attribute{name: "formatted"}, attribute{name: "streetAddress"}, attribute{name: "locality"},
		attribute{name: "region"}, attribute{name: "postalCode"}, attribute{name: "country"})
	address.sub = address.sub[1:] // an address is in its parts
	return &shape{
		name: "User", endpoint: "/Users",
		core: schema{userSchema, "User", "Somebody", append(
			common(),
			attribute{name: "userName", required: true, unique: true},
			attribute{name: "name", kind: complexes, sub: []attribute{
				{name: "formatted"}, {name: "familyName"}, {name: "givenName"}, {name: "middleName"}, {name: "honorificPrefix"}, {name: "honorificSuffix"},
			}},
			attribute{name: "displayName"}, attribute{name: "nickName"}, attribute{name: "profileUrl", kind: reference},
			attribute{name: "title"}, attribute{name: "userType"}, attribute{name: "preferredLanguage"}, attribute{name: "locale"},
			attribute{name: "timezone"}, attribute{name: "active", kind: boolean},
			several("emails"), several("phoneNumbers"), several("ims"), several("photos"), address,
			attribute{name: "groups", kind: complexes, multi: true, readOnly: true, sub: []attribute{
				{name: "value", exact: true, readOnly: true},
				{name: "$ref", kind: reference, readOnly: true},
				{name: "display", readOnly: true},
				{name: "type", readOnly: true},
			}},
			several("entitlements"), several("roles"),
		)},
		extensions: []schema{
			{enterpriseSchema, "EnterpriseUser", "Somebody in an organisation", []attribute{
				{name: "employeeNumber"},
				{name: "costCenter"},
				{name: "organization"},
				{name: "division"},
				{name: "department"},
				{name: "manager", kind: complexes, sub: []attribute{{name: "value", exact: true}, {name: "$ref", kind: reference}, {name: "displayName"}}},
			}},
			{ownSchema, "JobzeroUser", "When somebody comes and goes, and his team", []attribute{
				{name: "team"}, {name: "startDate", kind: dateTime}, {name: "endDate", kind: dateTime},
			}},
		},
	}
}

func newGroupShape() *shape {
	return &shape{
		name: "Group", endpoint: "/Groups",
		core: schema{groupSchema, "Group", "A group of people", append(
			common(),
			attribute{name: "displayName", required: true, unique: true},
			attribute{name: "members", kind: complexes, multi: true, endless: true, sub: []attribute{
				{name: "value", exact: true}, {name: "$ref", kind: reference}, {name: "display"}, {name: "type"},
			}},
		)},
	}
}

// named finds an attribute by its name, whatever the case of its letters.
func named(list []attribute, name string) *attribute {
	for i := range list {
		if strings.EqualFold(list[i].name, name) {
			return &list[i]
		}
	}
	return nil
}

// extension finds an extension by the beginning of a path, and gives what follows.
func (s *shape) extension(path string) (urn string, attributes []attribute, rest string, ok bool) {
	for _, c := range append([]schema{s.core}, s.extensions...) {
		if len(path) < len(c.id) || !strings.EqualFold(path[:len(c.id)], c.id) {
			continue
		}
		if rest = path[len(c.id):]; rest != "" && rest[0] != ':' {
			continue
		}
		rest = strings.TrimPrefix(rest, ":")
		if c.id == s.core.id {
			return "", c.attributes, rest, rest != "" // the core schema by itself is no place
		}
		return c.id, c.attributes, rest, true
	}
	return "", nil, "", false
}
