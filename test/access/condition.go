package access

import "strings"

// key is a condition key and values that it may have.
type key struct {
	name   string
	kind   string // String, Arn, Bool, Numeric, Date, IpAddress
	many   bool
	values []string
}

func globals() []key {
	return []key{
		{"aws:SourceIp", "IpAddress", false, []string{"203.0.113.7", "198.51.100.9"}},
		{"aws:PrincipalOrgID", "String", false, []string{"o-aaaaaaaaaa", "o-bbbbbbbbbb"}},
		{"aws:PrincipalTag/team", "String", false, []string{"web", "a", "Web"}},
		{"aws:MultiFactorAuthPresent", "Bool", false, []string{"true", "false"}},
		{"aws:MultiFactorAuthAge", "Numeric", false, []string{"10", "3600", "7200"}},
		{"aws:SecureTransport", "Bool", false, []string{"true", "false"}},
		{"aws:CurrentTime", "Date", false, []string{"2026-03-01T00:00:00Z", "2026-06-01T12:00:00Z"}},
		{"aws:SourceVpce", "String", false, []string{"vpce-0a0a0a0a", "vpce-0b0b0b0b"}},
		{"aws:SourceAccount", "String", false, []string{home, other}},
		{"aws:SourceArn", "Arn", false, []string{"arn:aws:s3:::shop-data", "arn:aws:sns:eu-west-1:" + home + ":news"}},
		{"aws:PrincipalOrgPaths", "String", true, []string{"o-a/r-b/ou-c/", "o-a/r-b/ou-d/", "o-a/r-b/"}},
		{"aws:CalledVia", "String", true, []string{"athena.amazonaws.com", "cloudformation.amazonaws.com"}},
		{"aws:RequestedRegion", "String", false, []string{"eu-west-1", "us-east-1"}},
		{"aws:UserAgent", "String", false, []string{"cli/1", "sdk/2"}},
	}
}

// context says what is known of a call: what AWS always says, and some of the rest.
func (m maker) context(w who, t thing) map[string]any {
	out := map[string]any{"aws:ResourceAccount": t.account, "aws:PrincipalIsAWSService": "false"}
	switch w.Type {
	case "IAM":
		arn := w.ARN
		if rest, ok := strings.CutPrefix(arn, "arn:aws:sts::"+home+":assumed-role/"); ok {
			name, _, _ := strings.Cut(rest, "/")
			arn = "arn:aws:iam::" + home + ":role/" + name
		}
		out["aws:PrincipalArn"], out["aws:PrincipalAccount"] = arn, home
		switch {
		case strings.Contains(arn, ":user/"):
			out["aws:PrincipalType"] = "User"
			out["aws:username"] = arn[strings.LastIndexByte(arn, '/')+1:]
		case strings.Contains(arn, ":role/"):
			out["aws:PrincipalType"] = "AssumedRole"
		default:
			out["aws:PrincipalType"] = "FederatedUser"
		}
	case "Service":
		out["aws:PrincipalIsAWSService"] = "true"
		out["aws:PrincipalServiceName"] = w.ARN
	default:
		out["aws:PrincipalType"] = "Anonymous"
	}
	for _, k := range globals() {
		if !m.often(55) {
			continue
		}
		if k.many {
			out[k.name] = m.some(k.values...)
		} else {
			out[k.name] = m.one(k.values...)
		}
	}
	for _, k := range t.keys {
		if m.often(50) {
			out[k] = m.one("a", "b", "7")
		}
	}
	return out
}

func (m maker) conditions(t thing) map[string]any {
	out := map[string]any{}
	for range 1 + m.IntN(2) {
		op, name, values := m.condition(t)
		inner, _ := out[op].(map[string]any)
		if inner == nil {
			inner = map[string]any{}
			out[op] = inner
		}
		inner[name] = values
	}
	return out
}

func (m maker) condition(t thing) (op, name string, values any) {
	all := globals()
	for _, k := range t.keys {
		all = append(all, key{k, "String", false, []string{"a", "b", "7"}})
	}
	all = append(all, key{"aws:PrincipalArn", "Arn", false, []string{"arn:aws:iam::" + home + ":role/builder", "arn:aws:iam::" + home + ":user/ana"}},
		key{"aws:PrincipalAccount", "String", false, []string{home, other}}, key{"aws:ResourceAccount", "String", false, []string{home, other}})
	k := all[m.IntN(len(all))]
	name = k.name
	if m.often(10) {
		name = strings.ToLower(name)
	}
	if m.often(10) {
		return "Null", name, m.one("true", "false")
	}
	texts := m.some(k.values...)
	switch k.kind {
	case "String":
		op = m.one("StringEquals", "StringNotEquals", "StringLike", "StringNotLike", "StringEqualsIgnoreCase", "StringNotEqualsIgnoreCase")
		if strings.HasSuffix(op, "Like") && m.often(60) {
			for i, s := range texts {
				texts[i] = s[:len(s)-1] + m.one("*", "?", "${*}")
			}
		} else if m.often(6) {
			texts[0] = m.one("${aws:PrincipalTag/team}", "${aws:PrincipalAccount}", "${aws:PrincipalTag/none, 'web'}", "${aws:PrincipalTag/none}")
		}
	case "Arn":
		op = m.one("ArnEquals", "ArnLike", "ArnNotEquals", "ArnNotLike", "StringLike", "StringEquals")
		if op != "StringEquals" && m.often(50) {
			texts[0] = m.one("arn:aws:iam::*:role/*", "arn:aws:iam::"+home+":*", "arn:aws:s3:::*", "arn:*:iam::*:user/an?")
		}
	case "Bool":
		op = "Bool"
		texts = texts[:1]
	case "Numeric":
		op = m.one("NumericEquals", "NumericNotEquals", "NumericLessThan", "NumericLessThanEquals", "NumericGreaterThan", "NumericGreaterThanEquals")
		texts = texts[:1]
	case "Date":
		op = m.one("DateEquals", "DateNotEquals", "DateLessThan", "DateLessThanEquals", "DateGreaterThan", "DateGreaterThanEquals")
		texts = texts[:1]
	default:
		op = m.one("IpAddress", "NotIpAddress")
		texts = m.some("203.0.113.0/24", "198.51.100.9", "198.51.100.0/28", "203.0.0.0/8")
	}
	set := ""
	if k.many || m.often(4) {
		set = m.one("ForAnyValue:", "ForAllValues:")
	}
	if set != "ForAnyValue:" && m.often(20) {
		op += "IfExists"
	}
	op = set + op
	return op, name, m.list(texts)
}
