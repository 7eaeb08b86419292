package logs

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"jobzero/internal/event"
	"jobzero/internal/source/cwlogs"
	"jobzero/internal/source/line"
	"jobzero/internal/source/vpcflow"
)

// Config is what people say of logs that do not say it themselves. The settings have it as it stands; the command line makes it
// of --flow-format and --log-group.
type Config struct {
	FlowFormat []FlowFormat   `yaml:"flow_format"` // of flow logs in files without a header line; the first that fits counts
	LogGroup   []cwlogs.Group `yaml:"log_group"`   // which log is in which log group; the first that fits counts
}

// FlowFormat is the format of the flow logs in a place.
type FlowFormat struct {
	Place  string `yaml:"place"`  // s3://BUCKET, s3://BUCKET/FOLDER, or a folder or file; empty: everywhere
	Format string `yaml:"format"` // ${version} ${srcaddr} …
}

// ParseFlowFormat reads [PLACE=]FORMAT, as the command line has it. Formats have no "=" in them.
func ParseFlowFormat(text string) FlowFormat {
	i := strings.LastIndexByte(text, '=')
	return FlowFormat{Place: text[:max(0, i)], Format: strings.TrimSpace(text[i+1:])}
}

// Problem is one thing that is wrong with a Config.
type Problem struct {
	Key  string // flow_format[0].format
	Text string // what, and what to do
}

// Options are the Config made ready, and all that is wrong with it.
func (c Config) Options() (o Options, bad []Problem) {
	for i, f := range c.FlowFormat {
		key := fmt.Sprintf("flow_format[%d]", i)
		format, err := vpcflow.ParseFormat(f.Format)
		if err != nil {
			bad = append(bad, Problem{key + ".format", err.Error()})
			continue
		}
		if twice := slices.IndexFunc(c.FlowFormat[:i], func(x FlowFormat) bool { return x.Place == f.Place }); twice >= 0 {
			bad = append(bad, Problem{key + ".place", fmt.Sprintf("%q has a format in flow_format[%d] already, which counts", f.Place, twice)})
		}
		o.FlowFormats = append(o.FlowFormats, PlacedFormat{Place: settled(f.Place), Format: format})
	}
	for i, g := range c.LogGroup {
		key := fmt.Sprintf("log_group[%d]", i)
		if w := g.Wrong(); w != nil {
			bad = append(bad, Problem{strings.TrimSuffix(key+"."+w.Key, "."), w.Text})
			continue
		}
		if g.Format != "" {
			if _, err := vpcflow.ParseFormat(g.Format); err != nil {
				bad = append(bad, Problem{key + ".flow_format", err.Error()})
			}
		}
		_, unknown := (Options{}).Open(g.Log, line.Place{})
		switch {
		case unknown != nil && g.Fields == nil:
			bad = append(bad, Problem{key + ".log", unknown.Error() + ": name one of AWS's, or say with fields where its parts stand"})
		case unknown == nil && g.Fields != nil:
			bad = append(bad, Problem{key + ".fields", fmt.Sprintf("the fields of %s are known: name the log after what writes it, such as shop/orders", g.Log)})
		}
		o.Groups = append(o.Groups, g)
	}
	return o, bad
}

// Before puts what another one says before what this one says, so that it counts more.
func (c Config) Before(other Config) Config {
	return Config{FlowFormat: slices.Concat(c.FlowFormat, other.FlowFormat), LogGroup: slices.Concat(c.LogGroup, other.LogGroup)}
}

// Applications are the groups with logs of applications, one for each log.
func (c Config) Applications() (out []cwlogs.Group) {
	for _, g := range c.LogGroup {
		if g.Fields != nil && !slices.ContainsFunc(out, func(x cwlogs.Group) bool { return x.Log == g.Log && x.Category == g.Category }) {
			out = append(out, g)
		}
	}
	return out
}

// PlacedFormat is the format of the flow logs in a place.
type PlacedFormat struct {
	Place  string // empty: everywhere
	Format vpcflow.Format
}

// fits reports whether a file or object lies in the place: it is the place, or stands below it.
func (f PlacedFormat) fits(name string) bool {
	if f.Place == "" {
		return true
	}
	rest, ok := strings.CutPrefix(settled(name), f.Place)
	return ok && (rest == "" || rest[0] == '/' || rest[0] == '!')
}

// settled writes a place in the one way in which places are compared: paths from the root of the disk, and nothing at the end.
func settled(place string) string {
	if place == "" || strings.Contains(place, "://") || strings.HasPrefix(place, "cloudwatch:") {
		return strings.TrimRight(place, "/")
	}
	if whole, err := filepath.Abs(place); err == nil {
		place = whole
	}
	return filepath.ToSlash(place)
}

// flowFormat is the format of the flow logs in a file or object; nil when nobody said it.
func (o Options) flowFormat(p line.Place) vpcflow.Format {
	for _, f := range o.FlowFormats {
		if f.fits(p.Name) {
			return f.Format
		}
	}
	return nil
}

// OfLines says which log in lines a stream is: by its first bytes, by its name, and where those say nothing of it, by what its
// owner said of the place.
func (o Options) OfLines(head []byte, p line.Place) (event.Log, bool) {
	if log, ok := OfLines(head, p); ok {
		return log, true
	}
	if first := firstLine(head); p.Kind != "" || first == "" || first[0] == '{' || first[0] == '[' {
		return "", false
	}
	for _, f := range o.FlowFormats {
		if f.Place != "" && f.fits(p.Name) {
			return event.VPCFlow, true
		}
	}
	return "", false
}
