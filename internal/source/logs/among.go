package logs

import (
	"errors"
	"slices"

	"jobzero/internal/event"
	"jobzero/internal/fault"
	"jobzero/internal/source/cloudtrail"
	"jobzero/internal/source/cwlogs"
	"jobzero/internal/source/line"
)

// Among begins to read entries of which it is only known that they are of one of the logs, as those beside a rule are. What it
// gives makes an event of one entry, nil of a line that only names fields; its errors are those of the log's reader, and
// fault.Invalid where no log is recognised.
func (o Options) Among(all []event.Log) func(text []byte, origin event.Origin) (*event.Event, error) {
	if slices.Equal(all, []event.Log{event.CloudTrail}) {
		return cloudtrail.Parse
	}
	readers := map[event.Log]line.Reader{}
	var last event.Log // lines follow their header
	return func(text []byte, origin event.Origin) (*event.Event, error) {
		log, err := o.which(all, text, last)
		if err != nil {
			return nil, err
		}
		last = log
		if readers[log] == nil {
			if readers[log], err = o.Open(log, line.Place{}); err != nil {
				return nil, err
			}
		}
		e, err := readers[log].Read(line.Entry{Text: text, Origin: origin})
		if errors.Is(err, line.ErrHeader) {
			return nil, nil
		}
		return e, err
	}
}

// which of the logs an entry is of. JSON that is of none of AWS's is of the application's, when there is one among them.
func (o Options) which(all []event.Log, text []byte, last event.Log) (event.Log, error) {
	if len(all) == 1 {
		return all[0], nil
	}
	if _, err := line.Open(text); err == nil {
		if kind, log := OfJSON(text); kind == Entry && slices.Contains(all, log) {
			return log, nil
		}
		if slices.Contains(all, event.CloudTrail) && !o.owned(all, text) {
			return event.CloudTrail, nil
		}
		if i := slices.IndexFunc(all, o.application); i >= 0 {
			return all[i], nil
		}
	} else if log, ok := OfLines(text, line.Place{}); ok && slices.Contains(all, log) {
		return log, nil
	} else if last != "" {
		return last, nil
	}
	return "", fault.New(fault.Invalid, "an entry of none of the logs %v: write it as AWS delivers it", all)
}

// application reports whether a log is one of an application.
func (o Options) application(log event.Log) bool {
	return slices.ContainsFunc(o.Groups, func(g cwlogs.Group) bool { return g.Fields != nil && g.Log == log })
}

// owned reports whether an entry is of an application among the logs, and no record of CloudTrail's.
func (o Options) owned(all []event.Log, text []byte) bool {
	_, err := cloudtrail.Parse(text, event.Origin{})
	return errors.Is(err, cloudtrail.ErrOther) && slices.ContainsFunc(all, o.application)
}
