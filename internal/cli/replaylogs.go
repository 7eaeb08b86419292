package cli

import (
	"strings"

	"jobzero/internal/event"
	"jobzero/internal/fault"
	"jobzero/internal/source/cwlogs"
	"jobzero/internal/source/line"
	"jobzero/internal/source/logs"
	"jobzero/internal/source/vpcflow"
)

// logs are what the person says about logs that do not say it themselves.
func (o replayOptions) logs() (out logs.Options, err error) {
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
