package cli

import (
	"strings"

	"github.com/spf13/cobra"

	"jobzero/internal/event"
	"jobzero/internal/fault"
	"jobzero/internal/source/cwlogs"
	"jobzero/internal/source/line"
	"jobzero/internal/source/logs"
	"jobzero/internal/source/vpcflow"
)

// logFlags are what a person says about logs that do not say it themselves.
type logFlags struct {
	flow   string   // the format of flow logs without a header
	groups []string // which log is in which log group
}

func (o *logFlags) flags(c *cobra.Command) {
	f := c.Flags()
	f.StringVar(&o.flow, "flow-format", "", "`FORMAT` of flow logs without a header line: ${srcaddr} ${dstaddr} …")
	f.StringArrayVar(&o.groups, "log-group", nil, "`NAME=LOG`: which log a log group holds, * for anything in the name; repeatable")
}

// logs reads the flags.
func (o logFlags) logs() (out logs.Options, err error) {
	if o.flow != "" {
		if out.FlowFormat, err = vpcflow.ParseFormat(o.flow); err != nil {
			return out, fault.Wrap(fault.Invalid, err, "--flow-format")
		}
	}
	for _, said := range o.groups {
		pattern, log, ok := strings.Cut(said, "=")
		if !ok {
			return out, fault.New(fault.Invalid, "--log-group %s: want a name and a log, such as /vpc/*=%s", said, event.VPCFlow)
		}
		g := cwlogs.Group{Pattern: pattern, Log: event.Log(log)}
		if g.Log == event.VPCFlow {
			g.Format = o.flow
		}
		if err := g.Validate(); err != nil {
			return out, fault.Wrap(fault.Invalid, err, "--log-group %s", said)
		}
		if _, err := out.Open(g.Log, line.Place{}); err != nil {
			return out, fault.Wrap(fault.Invalid, err, "--log-group %s", said)
		}
		out.Groups = append(out.Groups, g)
	}
	return out, nil
}
