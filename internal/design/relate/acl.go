package relate

import (
	"slices"
	"strings"
	"unicode"

	"jobzero/internal/design"
	"jobzero/internal/resource"
)

// Canned gives the grants that S3 makes of the short name of an access list, such as public-read; those to the owner are left
// out. False for a name that S3 does not have.
// The source is docs.aws.amazon.com/AmazonS3/latest/userguide/acl-overview.html#canned-acl, as of 2026.
func Canned(name string) (grants []any, ok bool) {
	const groups = "http://acs.amazonaws.com/groups/"
	list, ok := map[string][][2]string{
		"private":                   {},
		"public-read":               {{groups + "global/AllUsers", "READ"}},
		"public-read-write":         {{groups + "global/AllUsers", "READ"}, {groups + "global/AllUsers", "WRITE"}},
		"authenticated-read":        {{groups + "global/AuthenticatedUsers", "READ"}},
		"log-delivery-write":        {{groups + "s3/LogDelivery", "WRITE"}, {groups + "s3/LogDelivery", "READ_ACP"}},
		"aws-exec-read":             {},
		"bucket-owner-read":         {},
		"bucket-owner-full-control": {},
	}[name]
	grants = []any{}
	for _, g := range list {
		grants = append(grants, map[string]any{"Grantee": map[string]any{"Type": "Group", "URI": g[0]}, "Permission": g[1]})
	}
	return grants, ok
}

// acl is the access list of a bucket by the short name that the text gives it, such as PublicRead.
func acl(d *design.Declared) {
	const property = "AccessControl"
	if i := slices.IndexFunc(d.Unknown, func(u resource.Unknown) bool { return u.Path == "properties" || u.Path == "properties."+property }); i >= 0 {
		unknown(d, "related.acl", d.Unknown[i].Cause)
		return
	}
	short, ok := d.Properties[property].(string)
	if !ok {
		short = "Private"
	}
	grants, ok := Canned(kebab(short))
	if !ok {
		unknown(d, "related.acl", "S3 has no access list "+short)
		return
	}
	set(d, "acl", map[string]any{"Grants": grants})
}

// kebab makes public-read of PublicRead.
func kebab(s string) string {
	var b strings.Builder
	for i, r := range s {
		if unicode.IsUpper(r) {
			if i > 0 {
				b.WriteByte('-')
			}
			r = unicode.ToLower(r)
		}
		b.WriteRune(r)
	}
	return b.String()
}
