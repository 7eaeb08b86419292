package cli

import (
	"github.com/spf13/cobra"

	"jobzero/internal/fault"
	"jobzero/internal/source/cwlogs"
	"jobzero/internal/source/logs"
)

// logFlags are what a person says about logs that do not say it themselves.
type logFlags struct {
	flow   []string // the formats of flow logs without a header
	groups []string // which log is in which log group
}

func (o *logFlags) flags(c *cobra.Command) {
	f := c.Flags()
	f.StringArrayVar(&o.flow, "flow-format", nil, "`[PLACE=]FORMAT` of flow logs without a header line: ${srcaddr} ${dstaddr} …; repeatable")
	f.StringArrayVar(&o.groups, "log-group", nil, "`NAME=LOG`: which log a log group holds, * for anything in the name; for an application's log in JSON with its fields: NAME=PRODUCT/SERVICE,name=FIELD,time=FIELD…; repeatable")
}

// said makes of the flags what the settings have as logs.
func (o logFlags) said() (out logs.Config, err error) {
	for _, text := range o.flow {
		one := logs.Config{FlowFormat: []logs.FlowFormat{logs.ParseFlowFormat(text)}}
		if _, bad := one.Options(); len(bad) > 0 {
			return out, fault.New(fault.Invalid, "--flow-format: %s", bad[0].Text)
		}
		out.FlowFormat = append(out.FlowFormat, one.FlowFormat...)
	}
	for _, text := range o.groups {
		g, err := cwlogs.ParseGroup(text)
		if err != nil {
			return out, fault.Wrap(fault.Invalid, err, "--log-group %s", text)
		}
		one := logs.Config{LogGroup: []cwlogs.Group{g}}
		if _, bad := one.Options(); len(bad) > 0 {
			return out, fault.New(fault.Invalid, "--log-group %s: %s", text, bad[0].Text)
		}
		out.LogGroup = append(out.LogGroup, g)
	}
	return out, nil
}

// logs reads the flags and, where a file of settings is named, what it says of logs.
func (s *shell) logs(o logFlags) (logs.Options, error) {
	_, out, err := s.ruling(ruling{logFlags: o})
	return out.logs, err
}
