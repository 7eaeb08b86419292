package cli

import (
	"bytes"

	"jobzero/internal/event"
	"jobzero/internal/event/ocsf"
	"jobzero/internal/lake"
	"jobzero/internal/source"
	"jobzero/internal/source/file"
)

// rewritten is what one worker makes of a piece of the input: a row for each event.
type rewritten struct {
	file.Pile
	known *source.Dedupe
	raw   bool
	rows  []lake.Row // one for each of seen
	buf   bytes.Buffer
}

// Record makes the view of a record that was lent.
func (p *rewritten) Record(r *event.Record, origin event.Origin) error {
	e, err := file.EventOf(r, origin)
	if err != nil {
		return err
	}
	return p.Event(e)
}

// Event makes the view of an event.
func (p *rewritten) Event(e *event.Event) error {
	v := ocsf.Of(e)
	if p.raw {
		ocsf.Keep(v, e)
	}
	p.buf.Reset()
	if err := writeJSON(&p.buf, v); err != nil {
		return err
	}
	line := bytes.Clone(bytes.TrimSuffix(p.buf.Bytes(), []byte{'\n'}))
	h := v.Head()
	row := lake.Row{Log: e.Log, Class: h.ClassUID, Region: h.Cloud.Region, Time: h.Time, JSON: line}
	if h.Cloud.Account != nil {
		row.Account = h.Cloud.Account.UID
	}
	p.rows = append(p.rows, row)
	var stamp source.Stamp // of what has no name: nothing is known to be the same
	if e.ID != "" {
		stamp = p.known.StampOf(e.Key())
	}
	p.Seen = append(p.Seen, stamp)
	p.Bytes += len(line)
	return nil
}

// fresh gives the rows of events that were not seen before. It is called for one part after another, so that of two records
// the one that comes first in the input counts.
func (p *rewritten) fresh() (rows []lake.Row, duplicates int64) {
	for i, s := range p.Seen {
		if s != (source.Stamp{}) && !p.known.FirstStamp(s) {
			duplicates++
			continue
		}
		rows = append(rows, p.rows[i])
	}
	return rows, duplicates
}
