package sigma

import (
	"strings"

	"jobzero/internal/detect"
)

// Options is what reading rules needs to know beside their text. The zero value is for plain CloudTrail.
type Options struct {
	Placeholders map[string][]string // the values that stand for %name% in lines with |expand
	LogSources   []detect.LogSource  // the logs that are read here; none means CloudTrail alone
	Mappings     []Mapping           // where fields are that rules know by other names; see ReadMappings
}

// text is one text of rules. What stands in one text belongs together: the parts of a correlation, above all.
type text struct{ name string }

func (o Options) sources() []detect.LogSource {
	if len(o.LogSources) > 0 {
		return o.LogSources
	}
	return []detect.LogSource{{Product: "aws", Service: "cloudtrail"}}
}

// idle says why a rule about this log source can never match here, or nothing when it can.
func (o Options) idle(l detect.LogSource) string {
	var read []string
	for _, s := range o.sources() {
		if l != (detect.LogSource{}) && covers(l, s) {
			return ""
		}
		read = append(read, s.String())
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
