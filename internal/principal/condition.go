package principal

import (
	"fmt"
	"net/netip"
	"strings"
)

// limit says what one condition does to a grant to everybody.
type limit int

const (
	unlimited limit = iota // everybody is still in
	unclear
	limited // only fixed, named callers are in
)

// limits judges one condition on its own.
func (c Condition) limits(sc Scope) (limit, string) {
	key := strings.ToLower(c.Key)
	judge, known := judgeOf(key, sc)
	if !known {
		return unclear, fmt.Sprintf("condition key %q is not judged", c.Key)
	}
	if judge == nil {
		return unlimited, fmt.Sprintf("%s limits how, not who", c.Key)
	}
	op, set := strings.ToLower(c.Operator), ""
	if before, after, ok := strings.Cut(op, ":"); ok {
		set, op = before, after
	}
	switch {
	case key == mounted && op == "bool" && strings.EqualFold(strings.Join(c.Values, ","), "true"):
		return limited, ""
	case set == "forallvalues":
		return unlimited, fmt.Sprintf("ForAllValues lets in requests without %s", c.Key)
	case set != "" && set != "foranyvalue":
		return unclear, fmt.Sprintf("operator %q is not known", c.Operator)
	case strings.HasSuffix(op, "ifexists"):
		return unlimited, fmt.Sprintf("%s lets in requests without %s", c.Operator, c.Key)
	case op == "null":
		return unlimited, fmt.Sprintf("Null does not fix the value of %s", c.Key)
	case strings.Contains(op, "not"):
		return unlimited, fmt.Sprintf("%s lets in all but some values of %s", c.Operator, c.Key)
	case !positive[op]:
		return unclear, fmt.Sprintf("operator %q is not judged for %s", c.Operator, c.Key)
	case len(c.Values) == 0:
		return unclear, fmt.Sprintf("%s has no value", c.Key)
	}
	return worst(c, op, judge)
}

// positive holds the operators under which a fixed value limits.
var positive = map[string]bool{
	"stringequals": true, "stringequalsignorecase": true, "stringlike": true, "arnequals": true, "arnlike": true, "ipaddress": true,
}

// worst judges the values: one of them is enough to be let in, so the widest decides.
func worst(c Condition, op string, judge func(string) limit) (limit, string) {
	if strings.EqualFold(c.Key, "aws:SourceIp") != (op == "ipaddress") {
		return unclear, fmt.Sprintf("operator %q does not fit %s", c.Operator, c.Key)
	}
	out, text := limited, ""
	for _, v := range c.Values {
		l := judge(v)
		if v == Gap {
			l = unclear
		}
		switch {
		case l == unlimited:
			return unlimited, fmt.Sprintf("%s %q is not a fixed value", c.Key, v)
		case l < out:
			out, text = l, fmt.Sprintf("%s %q may be wide", c.Key, v)
		}
	}
	return out, text
}

// mounted is the key by which a file system says that it is reached through a mount target, that is, from its own network
// (docs.aws.amazon.com/efs/latest/ug/access-control-block-public-access.html).
const mounted = "elasticfilesystem:accessedviamounttarget"

// judgeOf gives what judges the values of a key. A known key without a judge never limits who may call.
func judgeOf(key string, sc Scope) (func(string) limit, bool) {
	switch key {
	case "aws:sourcevpc", "aws:sourcevpce", "aws:sourceaccount", "aws:sourceowner", "aws:sourceorgid", "aws:vpceaccount", "aws:vpceorgid",
		"aws:principalorgid", "aws:principalaccount", "aws:principalservicename", "aws:principalservicenameslist":
		return fixed, true
	case "aws:sourcearn", "aws:principalarn", "aws:sourcevpcarn":
		return fixedARN, true
	case "aws:principalorgpaths", "aws:sourceorgpaths", "aws:vpceorgpaths":
		return fixedPath, true
	case "aws:userid":
		return fixedUser, true
	case "aws:sourceip":
		return narrow, true
	}
	switch {
	case sc.Service == "kms" && key == "kms:calleraccount":
		return fixed, true
	case sc.Service == "elasticfilesystem" && key == mounted:
		return fixed, true
	case sc.Service == "s3":
		switch key {
		case "s3:dataaccesspointaccount", "s3:x-amz-server-side-encryption-aws-kms-key-id":
			return fixed, true
		case "s3:dataaccesspointarn":
			return fixedAccessPoint, true
		}
	}
	return nil, known(key, sc)
}

// known reports whether the key is one that says how a call is made, or what it touches, but not who makes it. Tags and
// user names of the caller are here too: whoever owns an account gives them as he likes.
func known(key string, sc Scope) bool {
	switch key {
	case "aws:securetransport", "aws:referer", "aws:useragent", "aws:currenttime", "aws:epochtime", "aws:requestedregion",
		"aws:multifactorauthpresent", "aws:multifactorauthage", "aws:tokenissuetime", "aws:username", "aws:principaltype",
		"aws:resourceaccount", "aws:resourceorgid", "aws:vpcsourceip":
		return true
	}
	if strings.HasPrefix(key, "aws:principaltag/") || strings.HasPrefix(key, "aws:requesttag/") || key == "aws:tagkeys" {
		return true
	}
	switch {
	case sc.Service == "kms" && (key == "kms:viaservice" || strings.HasPrefix(key, "kms:encryptioncontext")),
		sc.Service == "sns" && (key == "sns:protocol" || key == "sns:endpoint"),
		// docs.aws.amazon.com/lambda/latest/dg/urls-auth.html: how a URL asks who calls, and whether the call came by it
		sc.Service == "lambda" && (key == "lambda:functionurlauthtype" || key == "lambda:invokedviafunctionurl"):
		return true
	case sc.Service != "s3":
		return false
	}
	switch key {
	case "s3:prefix", "s3:delimiter", "s3:max-keys", "s3:versionid", "s3:x-amz-acl", "s3:x-amz-server-side-encryption",
		"s3:authtype", "s3:signatureversion", "s3:signatureage", "s3:tlsversion", "s3:x-amz-content-sha256", "s3:resourceaccount":
		return true
	}
	return strings.HasPrefix(key, "s3:existingobjecttag/") || strings.HasPrefix(key, "s3:requestobjecttag")
}

func wild(v string) bool { return v == "" || strings.ContainsAny(v, "*?") || strings.Contains(v, "${") }

func fixed(v string) limit {
	if wild(v) {
		return unlimited
	}
	return limited
}

// fixedARN: a wildcard behind a fixed account is public to AWS, but it names one account; a person decides.
func fixedARN(v string) limit {
	if !wild(v) {
		return limited
	}
	if a, err := ParseARN(v); err == nil && IsAccount(a.Account) {
		return unclear
	}
	return unlimited
}

// fixedAccessPoint: here AWS lets the name of the access point be a wildcard as long as the account is fixed.
func fixedAccessPoint(v string) limit {
	a, err := ParseARN(v)
	switch {
	case err != nil || !IsAccount(a.Account):
		return fixed(v)
	case strings.HasPrefix(a.Resource, "accesspoint/"):
		return limited
	}
	return fixedARN(v)
}

// fixedPath: an organisation path (o-…/r-…/ou-…/*) is fixed when its organisation is.
func fixedPath(v string) limit {
	org, _, ok := strings.Cut(v, "/")
	if ok && strings.HasPrefix(org, "o-") && !wild(org) {
		return limited
	}
	return fixed(v)
}

// fixedUser: a user ID, or all sessions (":*") of one fixed role ID.
func fixedUser(v string) limit {
	return fixed(strings.TrimSuffix(v, ":*"))
}

// narrow judges a source range as S3 does: wider than /8 (IPv4) or /32 (IPv6) is everybody.
func narrow(v string) limit {
	if _, err := netip.ParseAddr(v); err == nil {
		return limited
	}
	p, err := netip.ParsePrefix(v)
	switch {
	case err != nil:
		return unclear
	case p.Addr().Is4() && p.Bits() < 8, !p.Addr().Is4() && p.Bits() < 32:
		return unlimited
	}
	return limited
}
