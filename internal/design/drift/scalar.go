package drift

import (
	"encoding/json"
	"net/netip"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"jobzero/internal/resource/schema"
)

// scalar compares what is neither a map nor a list.
func (c *comparer) scalar(said, is any, at spot) {
	a, ok1 := textOf(said)
	b, ok2 := textOf(is)
	switch {
	case !ok1 || !ok2:
		c.differ(Changed, said, is, at)
	case a == b, c.alike(said, is, at):
		c.out.Same++
	case alias(a) != alias(b):
		c.open(at, hole{why: "one is an alias: which key it names is not read"})
	default:
		c.differ(Changed, said, is, at)
	}
}

// textOf is a scalar as text.
func textOf(v any) (string, bool) {
	switch v := v.(type) {
	case string:
		return v, true
	case bool:
		return strconv.FormatBool(v), true
	case int:
		return strconv.Itoa(v), true
	case int32:
		return strconv.FormatInt(int64(v), 10), true
	case int64:
		return strconv.FormatInt(v, 10), true
	case uint64:
		return strconv.FormatUint(v, 10), true
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64), true
	case json.Number:
		return v.String(), true
	}
	return "", false
}

// alike reports whether two scalars with different texts mean the same.
func (c *comparer) alike(said, is any, at spot) bool {
	a, _ := textOf(said)
	b, _ := textOf(is)
	kind := schema.Text
	if at.value != nil {
		kind = at.value.Kind
	}
	switch {
	case kind == schema.Bool || isBool(said) || isBool(is):
		return strings.EqualFold(a, b)
	case kind == schema.Integer || kind == schema.Number || isNumber(said) || isNumber(is):
		return sameNumber(a, b)
	case kind == schema.Time:
		return sameTime(a, b)
	case at.mode == policy:
		return sameInPolicy(a, b, at)
	case at.value != nil && len(at.value.Allowed) > 0 && slices.Contains(at.value.Allowed, b), lowered(at.name):
		return strings.EqualFold(strings.TrimSuffix(a, "."), strings.TrimSuffix(b, "."))
	}
	return at.mode == plain && (sameName(a, b) || sameRange(a, b))
}

func isBool(v any) bool {
	_, ok := v.(bool)
	return ok
}

func isNumber(v any) bool {
	switch v.(type) {
	case int, int32, int64, uint64, float64, json.Number:
		return true
	}
	return false
}

// sameNumber compares whole numbers exactly, whatever their size.
func sameNumber(a, b string) bool {
	x, errX := strconv.ParseInt(a, 10, 64)
	y, errY := strconv.ParseInt(b, 10, 64)
	if errX == nil && errY == nil {
		return x == y
	}
	f, errF := strconv.ParseFloat(a, 64)
	g, errG := strconv.ParseFloat(b, 64)
	const exact = 1 << 53 // beyond it two numbers may have one form
	return errF == nil && errG == nil && f == g && f < exact && f > -exact
}

func sameTime(a, b string) bool {
	x, errX := time.Parse(time.RFC3339, a)
	y, errY := time.Parse(time.RFC3339, b)
	return errX == nil && errY == nil && x.Equal(y)
}

// sameName compares an ARN with the name that is in it.
func sameName(a, b string) bool {
	if strings.HasPrefix(b, "arn:") {
		a, b = b, a
	}
	if !strings.HasPrefix(a, "arn:") || b == "" {
		return false
	}
	if strings.HasPrefix(b, "arn:") { // CloudWatch Logs writes its ARNs with and without an end
		return strings.Contains(a, ":log-group:") && strings.TrimSuffix(a, ":*") == strings.TrimSuffix(b, ":*")
	}
	part := strings.SplitN(a, ":", 6)
	if len(part) < 6 {
		return false
	}
	return part[5] == b || strings.HasSuffix(part[5], "/"+b) || strings.HasSuffix(part[5], ":"+b)
}

// alias reports whether a text names a key by its alias.
func alias(text string) bool {
	return strings.HasPrefix(text, "alias/") || strings.HasPrefix(text, "arn:") && strings.Contains(text, ":alias/")
}

// sameRange compares ranges of addresses: AWS keeps the network and its shortest form.
func sameRange(a, b string) bool {
	x, errX := netip.ParsePrefix(a)
	y, errY := netip.ParsePrefix(b)
	return errX == nil && errY == nil && x.Masked() == y.Masked()
}

// lowered reports whether AWS keeps a name in small letters, and DNS names with or without their last dot.
func lowered(name string) bool {
	switch name {
	case "DBInstanceIdentifier", "DBClusterIdentifier", "DBSubnetGroupName", "DBParameterGroupName", "DBClusterParameterGroupName",
		"DBSnapshotIdentifier", "CacheClusterId", "ReplicationGroupId", "CacheSubnetGroupName", "ClusterIdentifier", "ClusterSubnetGroupName",
		"ReplicationInstanceIdentifier", "EndpointIdentifier", "IpProtocol", "DomainName", "HostedZoneName", "DNSName":
		return true
	}
	return false
}

var accountID = regexp.MustCompile(`^\d{12}$`)

// sameInPolicy knows that actions and keys have no case, and that an account is its root.
func sameInPolicy(a, b string, at spot) bool {
	switch {
	case strings.EqualFold(at.name, "Action"), strings.EqualFold(at.name, "NotAction"):
		return strings.EqualFold(a, b)
	case strings.EqualFold(at.up, "Principal"), strings.EqualFold(at.up, "NotPrincipal"):
		return rootOf(a) != "" && rootOf(a) == rootOf(b)
	}
	return false
}

// rootOf is the account that a principal stands for as a whole; empty when it is another one.
func rootOf(principal string) string {
	if accountID.MatchString(principal) {
		return principal
	}
	part := strings.SplitN(principal, ":", 6)
	if len(part) == 6 && part[0] == "arn" && part[2] == "iam" && part[5] == "root" {
		return part[4]
	}
	return ""
}

// isPolicy reports whether a document is a policy: nothing else has statements with an effect.
func isPolicy(m map[string]any) bool {
	for key, v := range m {
		if !strings.EqualFold(key, "Statement") {
			continue
		}
		list, ok := v.([]any)
		if !ok {
			list = []any{v}
		}
		return slices.ContainsFunc(list, func(s any) bool {
			m, ok := s.(map[string]any)
			_, effect := m[folded(m, "Effect")]
			return ok && effect || isHole(s)
		})
	}
	return false
}

// everybody writes the short form of a principal out.
func everybody(v any) any {
	if v == "*" {
		return map[string]any{"AWS": []any{"*"}}
	}
	return v
}

var secrets = regexp.MustCompile(`(?i)(password|passwd|secret|token|apikey|api_key|private_?key|credential)`)

// secret reports whether a member's value may be a secret: it is named like one, or is a variable of a program.
func secret(name string) bool {
	switch name {
	case "Variables", "Environment", "EnvironmentVariables":
		return true
	}
	return secrets.MatchString(name) && !strings.HasSuffix(name, "Arn") && !strings.HasSuffix(name, "Id")
}

// masked leaves out texts.
func masked(v any) any {
	switch v := v.(type) {
	case nil, bool:
		return v
	case map[string]any:
		out := make(map[string]any, len(v))
		for k := range v {
			out[k] = masked("")
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i, e := range v {
			out[i] = masked(e)
		}
		return out
	}
	return "(not shown)"
}
