package s3access

import (
	"regexp"
	"strings"

	"jobzero/internal/event"
	"jobzero/internal/fault"
	"jobzero/internal/resource"
	"jobzero/internal/source/line"
)

// names are the fields in their order, by https://docs.aws.amazon.com/AmazonS3/latest/userguide/LogFormat.html, under the names
// that AWS gives them as columns in
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-s3-access-logs-to-identify-requests.html. Those with # are numbers.
const names = "bucketowner bucket_name requestdatetime remoteip requester requestid operation key request_uri httpstatus# errorcode " +
	"bytessent# objectsize# totaltime# turnaroundtime# referrer useragent versionid hostid sigv ciphersuite authtype endpoint tlsversion " +
	"accesspointarn aclrequired sourceregion"

// The fields that become part of the event, by their place.
const (
	bucket    = 1
	at        = 2
	remote    = 3
	requester = 4
	request   = 5
	operation = 6
	status    = 9
	code      = 10
	agent     = 16
	version   = 17
	endpoint  = 22
)

const (
	clock = "02/Jan/2006:15:04:05 -0700"
	least = version + 1 // lines of old times end there
)

// Reader reads the lines of one log.
type Reader struct {
	place  line.Place
	fields []line.Field
}

// New begins to read.
func New(p line.Place) *Reader { return &Reader{place: p, fields: line.Fields(names)} }

// form is how every line begins: the canonical ID of the bucket's owner, the bucket and the time.
var form = regexp.MustCompile(`^[0-9a-f]{64} [a-z0-9A-Z][a-z0-9A-Z._-]{1,254} \[\d{2}/[A-Z][a-z]{2}/\d{4}:\d{2}:\d{2}:\d{2} [+-]\d{4}\] \S+ \S+ \S+ [A-Z]+\.`)

// Looks reports whether a line looks like one of an access log.
func Looks(text string) bool { return form.MatchString(text) }

// region is in the endpoint that was asked; the oldest endpoints have none in them.
var region = regexp.MustCompile(`(?:^|\.)s3[.-](?:dualstack\.|fips\.)?([a-z0-9-]+)\.amazonaws\.com`)

// Read makes an event of a line; see line.Reader.
func (r *Reader) Read(in line.Entry) (*event.Event, error) {
	values, err := line.Split(string(in.Text))
	if err != nil {
		return nil, err
	}
	if len(values) < least {
		return nil, fault.New(fault.Invalid, "the line has %d fields, an access log of S3 at least %d", len(values), least)
	}
	get := func(i int) string {
		if i >= len(values) || values[i] == "-" {
			return ""
		}
		return values[i]
	}
	when, err := line.When("requestdatetime", get(at), clock)
	if err != nil {
		return nil, err
	}
	e := &event.Event{
		// A copy is two lines and the deletion of many objects many, all with one request ID: the text tells them apart.
		ID: in.ID(get(request)), Time: when, Name: get(operation), Source: "s3.amazonaws.com", Type: "S3Access",
		SourceIP: get(remote), UserAgent: get(agent), ErrorCode: get(code), ReadOnly: reads(get(operation)),
		Actor: who(get(requester)), Origin: in.Origin, Log: event.S3Access, Raw: line.Object(r.fields, values), Line: in.Text,
	}
	if e.ErrorCode == "" {
		e.ErrorCode = line.Failed(get(status))
	}
	if e.Region = r.place.Region; e.Region == "" { // the line names no region of the bucket; sourceregion is that of the client
		if m := region.FindStringSubmatch(get(endpoint)); m != nil && line.IsRegion(m[1]) {
			e.Region = m[1]
		}
	}
	r.place.Fill(e)
	if b := get(bucket); b != "" {
		e.About = &resource.Ref{Type: resource.Bucket, Account: e.Account, Region: e.Region, ID: b}
	}
	return e, nil
}

// who is the requester: an ARN, a service (svc:…), or the canonical ID of an account.
func who(requester string) event.Actor {
	if service, ok := strings.CutPrefix(requester, "svc:"); ok {
		return event.Actor{Type: "AWSService", InvokedBy: service}
	}
	if a := line.Actor(requester); a.ARN != "" {
		return a
	}
	if requester == "" {
		return event.Actor{}
	}
	return event.Actor{Type: "AWSAccount", PrincipalID: requester}
}

// reads says whether an operation such as REST.GET.OBJECT only reads.
func reads(operation string) bool {
	_, rest, _ := strings.Cut(operation, ".")
	verb, _, _ := strings.Cut(rest, ".")
	return verb == "GET" || verb == "HEAD" || verb == "OPTIONS"
}
