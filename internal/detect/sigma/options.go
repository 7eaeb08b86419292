package sigma

import (
	"slices"
	"strings"

	"jobzero/internal/detect"
	"jobzero/internal/event"
)

// Options is what reading rules needs to know beside their text. The zero value is for the logs that AWS writes.
type Options struct {
	Placeholders map[string][]string // the values that stand for %name% in lines with |expand
	Logs         []Log               // the logs that are read here; none means those that AWS writes, see Logs
	Mappings     []Mapping           // where fields are that rules know by other names; see ReadMappings
}

// text is one text of rules. What stands in one text belongs together: the parts of a correlation, above all.
type text struct{ name string }

func (o Options) logs() []Log {
	if len(o.Logs) > 0 {
		return o.Logs
	}
	return Logs()
}

// AlsoCloudTrail says that a log source is another name for CloudTrail.
func (o Options) AlsoCloudTrail(l detect.LogSource) Options { return o.Also(event.CloudTrail, l) }

// Also says that a log source means a log, which need not be one of AWS.
func (o Options) Also(kind event.Log, l detect.LogSource) Options {
	o.Logs = slices.Clone(o.logs())
	i := slices.IndexFunc(o.Logs, func(x Log) bool { return x.Log == kind })
	if i < 0 {
		i = len(o.Logs)
		o.Logs = append(o.Logs, Log{Log: kind})
	}
	o.Logs[i].Sources = append(slices.Clone(o.Logs[i].Sources), l)
	return o
}

// logsOf gives the logs that a log source means.
func (o Options) logsOf(l detect.LogSource) []event.Log {
	var out []event.Log
	for _, log := range o.logs() {
		if log.means(l) {
			out = append(out, log.Log)
		}
	}
	return out
}

// idle says why a rule about this log source can never match here, or nothing when it can.
func (o Options) idle(l detect.LogSource) string {
	var read []string
	for _, log := range o.logs() {
		if log.means(l) {
			return ""
		}
		read = append(read, log.Sources[0].String())
	}
	about := l.String()
	if about == "" {
		about = "which names no category, product or service"
	}
	return "its log source (" + about + ") is not one that is read here (" + strings.Join(read, "; ") + ")"
}

// covers reports whether every part that the wider log source names is so in the narrower one.
func covers(wide, narrow detect.LogSource) bool {
	fits := func(want, have string) bool { return want == "" || strings.EqualFold(want, have) }
	return fits(wide.Category, narrow.Category) && fits(wide.Product, narrow.Product) && fits(wide.Service, narrow.Service)
}
