package cwlogs

import (
	"strings"

	"jobzero/internal/event"
	"jobzero/internal/fault"
)

// Group says which log the log groups of a pattern hold. The settings and the command line both make it, in the same words.
type Group struct {
	Pattern  string    `yaml:"name"`        // the group's name, where * stands for anything
	Log      event.Log `yaml:"log"`         // whose reader reads it, aws/cloudtrail for CloudTrail; with Fields, the log's own name as product/service
	Category string    `yaml:"category"`    // of rules for an application's log, beside the product and service in Log
	Format   string    `yaml:"flow_format"` // of flow logs, where it is not AWS's own: ${srcaddr} …
	Fields   *Fields   `yaml:"fields"`      // of an application's log in JSON
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

// ParseGroup reads a group as the command line has it: NAME=LOG, and behind commas what else the settings say of one, such as
// /shop/*=shop/orders,name=event.action,time=at. Errors are fault.Invalid.
func ParseGroup(text string) (Group, error) {
	pattern, rest, ok := strings.Cut(text, "=")
	if !ok {
		return Group{}, fault.New(fault.Invalid, "want a name and a log, such as /vpc/*=%s", event.VPCFlow)
	}
	log, rest, more := strings.Cut(rest, ",")
	g := Group{Pattern: pattern, Log: event.Log(log)}
	for more {
		var part string
		part, rest, more = strings.Cut(rest, ",")
		key, value, _ := strings.Cut(part, "=")
		to := g.part(key)
		if to == nil || value == "" {
			return Group{}, fault.New(fault.Invalid, "%.60q: want KEY=VALUE, where KEY is category, flow_format, or the part of an event whose field VALUE is: "+
				"name, time, account, region, id, severity, actor or address", part)
		}
		*to = value
	}
	return g, nil
}

// part is where a word of the settings is kept; nil when there is no such word.
func (g *Group) part(key string) *string {
	switch key {
	case "category":
		return &g.Category
	case "flow_format":
		return &g.Format
	}
	f := g.Fields
	if f == nil {
		f = &Fields{}
	}
	to := map[string]*string{
		"name": &f.Name, "time": &f.Time, "account": &f.Account, "region": &f.Region, "id": &f.ID, "severity": &f.Severity, "actor": &f.Actor, "address": &f.Address,
	}[key]
	if to != nil {
		g.Fields = f
	}
	return to
}

// Wrong is what is wrong with a group.
type Wrong struct {
	Key  string // of the settings, from the group on; empty: the group itself
	Text string // what, and what to do
}

// Wrong says what is wrong with a group by itself; nil when nothing is.
func (g Group) Wrong() *Wrong {
	product, service, ok := strings.Cut(string(g.Log), "/")
	switch {
	case g.Pattern == "":
		return &Wrong{"name", "a log group without a name: name the group, with * for anything"}
	case !ok || product == "" || service == "" || strings.Contains(service, "/"):
		return &Wrong{"log", "the log group " + g.Pattern + " holds \"" + string(g.Log) + "\": name the log as product/service, such as " + string(event.VPCFlow)}
	case g.Fields != nil && g.Fields.Name == "":
		return &Wrong{"fields", "the log group " + g.Pattern + " has fields without a name: say where the name of what happened stands"}
	case g.Category != "" && g.Fields == nil:
		return &Wrong{"category", "the log group " + g.Pattern + " has a category: only an application's log with fields has one"}
	case g.Format != "" && g.Log != event.VPCFlow:
		return &Wrong{"flow_format", "the log group " + g.Pattern + " has a format of flow logs, and holds " + string(g.Log)}
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
