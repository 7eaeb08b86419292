package vpcflow

import (
	"slices"
	"strings"

	"jobzero/internal/event"
	"jobzero/internal/fault"
	"jobzero/internal/principal"
	"jobzero/internal/resource"
	"jobzero/internal/source"
	"jobzero/internal/source/line"
)

// Reader reads the lines of one flow log.
type Reader struct {
	place  line.Place
	format Format
	given  bool // the format was named, by the caller or by a header
	column columns
	values []string
}

// columns are where the fields stand that become part of the event.
type columns struct {
	account, iface, instance, resource, source, region, start, end, action, status int
}

// New begins to read. Without a format it is the one that a header line names, or else AWS's own; a header outranks both,
// because AWS wrote it.
func New(p line.Place, format Format) *Reader {
	r := &Reader{place: p, given: len(format) > 0}
	if !r.given {
		format = Default()
	}
	r.use(format)
	return r
}

func (r *Reader) use(f Format) {
	r.format = f
	r.column = columns{
		account: f.at("account-id"), iface: f.at("interface-id"), instance: f.at("instance-id"), resource: f.at("resource-id"),
		source: f.at("srcaddr"), region: f.at("region"), start: f.at("start"), end: f.at("end"), action: f.at("action"), status: f.at("log-status"),
	}
}

// Looks reports whether a line looks like one of a flow log: a header, or a line of version 2.
func Looks(text string) bool {
	words := strings.Fields(text)
	if IsHeader(text) {
		return true
	}
	status := words[max(0, len(words)-1):]
	return len(words) == len(Default()) && words[0] == "2" && slices.Contains([]string{"OK", "NODATA", "SKIPDATA"}, status[0])
}

// Read makes an event of a line; see line.Reader.
func (r *Reader) Read(in line.Entry) (*event.Event, error) {
	said := string(in.Text)
	if IsHeader(said) {
		f, err := ParseFormat(said)
		if err != nil {
			return nil, err
		}
		r.given = true
		r.use(f)
		return nil, line.ErrHeader
	}
	v := r.values[:0]
	for word := range strings.FieldsSeq(said) {
		v = append(v, word)
		if len(v) > len(r.format) {
			break
		}
	}
	r.values = v
	if len(v) != len(r.format) {
		return nil, r.wrong(len(strings.Fields(said)))
	}
	switch status := r.get(r.column.status); status {
	case "NODATA":
		return nil, &source.Other{Name: "NODATA: no traffic in the window"}
	case "SKIPDATA":
		return nil, &source.Other{Name: "SKIPDATA: flows of the window were lost before AWS could log them"}
	}
	return r.event(in)
}

func (r *Reader) wrong(n int) error {
	if r.given {
		return fault.New(fault.Invalid, "the line has %d fields, its format %d", n, len(r.format))
	}
	return fault.New(fault.Invalid, "the line has %d fields and no header before it names them: give the flow log's format", n)
}

// get is the value of a column, empty for none and for "-".
func (r *Reader) get(column int) string {
	if column < 0 || r.values[column] == "-" {
		return ""
	}
	return r.values[column]
}

func (r *Reader) event(in line.Entry) (*event.Event, error) {
	at, name := r.get(r.column.start), "start"
	if at == "" {
		at, name = r.get(r.column.end), "end"
	}
	when, err := line.When(name, at, line.Seconds)
	if err != nil {
		return nil, err
	}
	e := &event.Event{
		ID: in.ID(""), Time: when, Account: r.get(r.column.account), Region: r.get(r.column.region),
		Name: r.get(r.column.action), Source: "ec2.amazonaws.com", Type: "VpcFlow", SourceIP: r.get(r.column.source),
		Origin: in.Origin, Log: event.VPCFlow, Raw: line.Object(r.format, r.values), Line: in.Text,
	}
	if e.Name == "REJECT" {
		e.ErrorCode = e.Name
	}
	if e.Name == "" {
		e.Name = "FLOW"
	}
	if e.Account != "" && !principal.IsAccount(e.Account) { // AWS writes unknown for interfaces of some of its services
		if e.Account != "unknown" {
			return nil, fault.New(fault.Invalid, "account-id %.40q is no account", e.Account)
		}
		e.Account = ""
	}
	r.place.Fill(e)
	e.About = r.about(e)
	return e, nil
}

// about is what the flow is one of: the instance, else the interface.
func (r *Reader) about(e *event.Event) *resource.Ref {
	for _, c := range []struct {
		column int
		typ    resource.Type
	}{{r.column.instance, "AWS::EC2::Instance"}, {r.column.iface, "AWS::EC2::NetworkInterface"}, {r.column.resource, "AWS::EC2::NatGateway"}} {
		if id := r.get(c.column); id != "" {
			return &resource.Ref{Type: c.typ, Account: e.Account, Region: e.Region, ID: id}
		}
	}
	return nil
}
