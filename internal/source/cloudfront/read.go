package cloudfront

import (
	"net/url"
	"regexp"
	"slices"
	"strings"

	"jobzero/internal/event"
	"jobzero/internal/fault"
	"jobzero/internal/resource"
	"jobzero/internal/source/line"
)

// names are the fields of lines without a header, by
// https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/standard-logs-reference.html.
const names = "date time x-edge-location sc-bytes c-ip cs-method cs(Host) cs-uri-stem sc-status cs(Referer) cs(User-Agent) cs-uri-query " +
	"cs(Cookie) x-edge-result-type x-edge-request-id x-host-header cs-protocol cs-bytes time-taken x-forwarded-for ssl-protocol " +
	"ssl-cipher x-edge-response-result-type cs-protocol-version fle-status fle-encrypted-fields c-port time-to-first-byte " +
	"x-edge-detailed-result-type sc-content-type sc-content-len sc-range-start sc-range-end"

// numbers are the fields whose values are numbers.
const numbers = "sc-bytes sc-status cs-bytes time-taken fle-encrypted-fields c-port time-to-first-byte sc-content-len sc-range-start sc-range-end"

const header = "#Fields:"

// Reader reads the lines of one log.
type Reader struct {
	place  line.Place
	fields []line.Field
}

// New begins to read.
func New(p line.Place) *Reader { return &Reader{place: p, fields: fieldsOf(names)} }

func fieldsOf(names string) []line.Field {
	out := line.Fields(names)
	for i := range out {
		out[i].Number = slices.Contains(strings.Fields(numbers), out[i].Name)
	}
	return out
}

// Looks reports whether a line looks like the first of a log.
func Looks(text string) bool {
	return strings.HasPrefix(text, "#Version: 1.") || strings.HasPrefix(text, header) && strings.Contains(text, "x-edge-")
}

// IsJSON reports whether a JSON object is of such a log.
func IsJSON(j line.JSON) bool { return j.Has("x-edge-request-id") && j.Has("date") && j.Has("time") }

// Read makes an event of a line; see line.Reader.
func (r *Reader) Read(in line.Entry) (*event.Event, error) {
	said := string(in.Text)
	if strings.HasPrefix(said, "#") {
		if list, ok := strings.CutPrefix(said, header); ok {
			if r.fields = fieldsOf(list); len(r.fields) == 0 {
				return nil, fault.New(fault.Invalid, "the header names no fields")
			}
		}
		return nil, line.ErrHeader
	}
	if strings.HasPrefix(said, "{") {
		j, err := line.Open(in.Text)
		if err != nil {
			return nil, err
		}
		return r.event(in, in.Text, func(name string) string { return j.Text(name) })
	}
	values := strings.Split(said, "\t")
	if len(values) != len(r.fields) {
		return nil, fault.New(fault.Invalid, "the line has %d fields, its header %d", len(values), len(r.fields))
	}
	get := func(name string) string {
		i := slices.IndexFunc(r.fields, func(f line.Field) bool { return f.Name == name })
		if i < 0 || values[i] == "-" {
			return ""
		}
		return values[i]
	}
	e, err := r.event(in, line.Object(r.fields, values), get)
	if err == nil {
		e.Line = in.Text
	}
	return e, err
}

// distribution is the ID at the start of an object's name: <id>.<date>-<hour>.<hash>.gz.
var distribution = regexp.MustCompile(`^([A-Z0-9]{8,20})\.\d{4}-\d{2}-\d{2}-\d{2}\.`)

func (r *Reader) event(in line.Entry, raw []byte, get func(string) string) (*event.Event, error) {
	when, err := line.When("date and time", strings.TrimSpace(get("date")+" "+get("time")), "2006-01-02 15:04:05")
	if err != nil {
		return nil, err
	}
	e := &event.Event{
		ID: in.ID(get("x-edge-request-id")), Time: when, Name: get("cs-method"), Source: "cloudfront.amazonaws.com", Type: "CloudFrontRequest",
		SourceIP: get("c-ip"), UserAgent: plain(get("cs(User-Agent)")), ErrorCode: line.Failed(get("sc-status")),
		Origin: in.Origin, Log: event.CloudFront, Raw: raw,
	}
	r.place.Fill(e)
	e.Region = "" // a distribution is everywhere
	id := get("DistributionId")
	if m := distribution.FindStringSubmatch(r.place.Base); id == "" && m != nil {
		id = m[1]
	}
	if id == "" {
		id = get("cs(Host)") // the distribution's own domain name
	}
	if id != "" {
		e.About = &resource.Ref{Type: "AWS::CloudFront::Distribution", Account: e.Account, ID: id}
	}
	return e, nil
}

// plain takes the encoding off a user agent. CloudFront writes it encoded as in a URL, spaces even twice.
func plain(s string) string {
	for range 2 {
		out, err := url.PathUnescape(s)
		if err != nil {
			return s
		}
		s = out
	}
	return s
}
