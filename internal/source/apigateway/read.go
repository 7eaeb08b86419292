package apigateway

import (
	"regexp"
	"strings"
	"time"

	"jobzero/internal/event"
	"jobzero/internal/fault"
	"jobzero/internal/resource"
	"jobzero/internal/source/line"
)

// The names that people give to $context variables, the ones of AWS's own examples first. See
// https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html and
// https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-variables-for-access-logging.html.
var (
	ids      = []string{"extendedRequestId", "requestId"}
	epochs   = []string{"requestTimeEpoch"}
	times    = []string{"requestTime", "timestamp", "time"}
	methods  = []string{"httpMethod", "method", "requestMethod"}
	routes   = []string{"routeKey"}
	statuses = []string{"status", "statusCode"}
	ips      = []string{"ip", "sourceIp", "sourceIP", "identitySourceIp", "identity.sourceIp", "clientIp"}
	agents   = []string{"userAgent", "identityUserAgent", "identity.userAgent"}
	callers  = []string{"userArn", "identity.userArn", "caller", "identity.caller", "user", "identity.user", "principalId", "authorizer.principalId"}
	accounts = []string{"accountId"}
	apis     = []string{"apiId"}
)

// clf are the fields of AWS's example of the common log format, by the same names as in its example of JSON.
const clf = "ip caller user requestTime httpMethod resourcePath protocol status# responseLength# requestId extendedRequestId"

const clock = "02/Jan/2006:15:04:05 -0700"

// Reader reads the entries of one log.
type Reader struct {
	place  line.Place
	fields []line.Field
}

// New begins to read.
func New(p line.Place) *Reader { return &Reader{place: p, fields: line.Fields(clf)} }

// form is a line in the common log format: what follows the request is a status, a length and an ID.
var form = regexp.MustCompile(`^(\S+) (\S+) (\S+) \[([^\]]+)\] ?"(\S+) (\S+) (\S+)" (\d{3}|-) (\d+|-) ([0-9A-Za-z=_-]{8,})(?: (\S+))?$`)

// Looks reports whether a line looks like one in the common log format.
func Looks(text string) bool { return form.MatchString(text) }

// IsJSON reports whether a JSON object is of such a log.
func IsJSON(j line.JSON) bool {
	return said(j, ids) != "" && said(j, statuses) != "" && said(j, methods)+said(j, routes) != "" && (said(j, epochs) != "" || said(j, times) != "")
}

// Read makes an event of an entry; see line.Reader.
func (r *Reader) Read(in line.Entry) (*event.Event, error) {
	raw, isLine := in.Text, len(in.Text) == 0 || in.Text[0] != '{'
	if isLine {
		m := form.FindStringSubmatch(string(in.Text))
		if m == nil {
			return nil, fault.New(fault.Invalid, "neither JSON nor the common log format with a request ID at its end")
		}
		raw = line.Object(r.fields, m[1:])
	}
	j, err := line.Open(raw)
	if err != nil {
		return nil, err
	}
	when, err := moment(j, in.Time)
	if err != nil {
		return nil, err
	}
	account, err := line.Account("accountId", said(j, accounts))
	if err != nil {
		return nil, err
	}
	e := &event.Event{
		// A client may choose the request ID: the text counts too.
		ID: in.ID(said(j, ids)), Time: when, Account: account, Name: said(j, methods), Source: "apigateway.amazonaws.com", Type: "ApiRequest",
		SourceIP: said(j, ips), UserAgent: said(j, agents), ErrorCode: line.Failed(said(j, statuses)), Actor: who(said(j, callers)),
		Origin: in.Origin, Log: event.APIGateway, Raw: raw,
	}
	if e.Name == "" {
		e.Name, _, _ = strings.Cut(said(j, routes), " ") // "GET /pets"
	}
	if isLine {
		e.Line = in.Text
	}
	r.place.Fill(e)
	if id := said(j, apis); id != "" {
		e.About = &resource.Ref{Type: "AWS::ApiGateway::RestApi", Account: e.Account, Region: e.Region, ID: id}
		if said(j, routes) != "" {
			e.About.Type = "AWS::ApiGatewayV2::Api"
		}
	}
	return e, nil
}

// moment is when the request was made. A format without a time has only the one at which the log took it in.
func moment(j line.JSON, taken time.Time) (time.Time, error) {
	if ms := said(j, epochs); ms != "" {
		return line.When("requestTimeEpoch", ms, line.Milliseconds)
	}
	if text := said(j, times); text != "" || taken.IsZero() {
		return line.When("requestTime", text, clock, time.RFC3339Nano, line.Milliseconds)
	}
	return taken, nil
}

// who is the caller: an ARN, or an ID that only the API knows.
func who(caller string) event.Actor {
	a := line.Actor(caller)
	if a.ARN == "" && caller != "" {
		a = event.Actor{Type: "ApiCaller", PrincipalID: caller}
	}
	return a
}

// said is the text of the first of the names that has one. A name may be a path, or be written with its dots.
func said(j line.JSON, names []string) string {
	for _, name := range names {
		if s := j.Text(name); s != "" {
			return s
		}
		if path := strings.Split(name, "."); len(path) > 1 {
			if s := j.Text(path...); s != "" {
				return s
			}
		}
	}
	return ""
}
