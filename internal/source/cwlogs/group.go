package cwlogs

import (
	"strings"

	"jobzero/internal/event"
	"jobzero/internal/fault"
)

// Group says which log the log groups of a pattern hold.
type Group struct {
	Pattern string    // the group's name, where * stands for anything
	Log     event.Log // whose reader reads it, aws/cloudtrail for CloudTrail; with Fields, the log's own name as product/service
	Format  string    // of flow logs, where it is not AWS's own: ${srcaddr} …
	Fields  *Fields   // of an application's log in JSON
}

// Defaults are the groups whose names AWS chooses, or demands.
func Defaults() []Group {
	return []Group{
		{Pattern: "/aws/eks/*/cluster", Log: event.EKSAudit},
		{Pattern: "aws-waf-logs-*", Log: event.WAF},
		{Pattern: "API-Gateway-Access-Logs_*", Log: event.APIGateway},
		{Pattern: "aws-cloudtrail-logs-*", Log: event.Log(event.CloudTrail.String())},
	}
}

// Validate says what is wrong with a group. Errors are fault.Invalid.
func (g Group) Validate() error {
	switch product, service, ok := strings.Cut(string(g.Log), "/"); {
	case g.Pattern == "":
		return fault.New(fault.Invalid, "a log group without a pattern: name the group, with * for anything")
	case !ok || product == "" || service == "":
		return fault.New(fault.Invalid, "the log group %s holds %q: name the log as product/service, such as %s", g.Pattern, string(g.Log), event.VPCFlow)
	case g.Fields != nil && g.Fields.Name == "":
		return fault.New(fault.Invalid, "the log group %s has fields without a name: say where the name of what happened stands", g.Pattern)
	}
	return nil
}

// match reports whether a name is one of the pattern's.
func match(pattern, name string) bool {
	parts := strings.Split(pattern, "*")
	if len(parts) == 1 {
		return pattern == name
	}
	if !strings.HasPrefix(name, parts[0]) {
		return false
	}
	name = name[len(parts[0]):]
	last := parts[len(parts)-1]
	for _, p := range parts[1 : len(parts)-1] {
		i := strings.Index(name, p)
		if i < 0 {
			return false
		}
		name = name[i+len(p):]
	}
	return strings.HasSuffix(name, last)
}
