package ocsf

import (
	"net/url"
	"strconv"
	"strings"

	"jobzero/internal/event"
)

// asked begins the view of a request over HTTP.
func asked(e *event.Event, profiles ...string) *HTTPActivity {
	return &HTTPActivity{Base: base(e, HTTPActivityUID, profiles...)}
}

// request sets what was asked for. The method gives the activity; one that IANA does not know has no place in the class and
// stays in the record.
func (v *HTTPActivity) request(method string, q HTTPRequest) {
	id, known := methods(method)
	v.ActivityID, v.ActivityName = 99, "Other"
	switch {
	case known != "":
		v.ActivityID, v.ActivityName, q.Method = id, known, strings.ToUpper(method)
	case method == "":
		v.ActivityID, v.ActivityName = 0, "Unknown"
	default:
		v.ActivityName = method
	}
	v.HTTPRequest = &q
}

// response sets how it ended, by the status code of the answer: nothing is known without one.
func (v *HTTPActivity) response(code *int64, a HTTPResponse) {
	if code == nil {
		return
	}
	a.Code = *code
	v.HTTPResponse = &a
	v.StatusCode = strconv.FormatInt(*code, 10)
	if *code >= 100 && *code < 600 {
		v.status(*code >= 400)
	}
}

// ends sets the two sides; OCSF wants one of them at least.
func (v *HTTPActivity) ends(src, dst Endpoint) {
	v.SrcEndpoint, v.DstEndpoint = orNil(src), orNil(dst)
	if v.SrcEndpoint == nil && v.DstEndpoint == nil {
		v.SrcEndpoint = &Endpoint{Name: nameless}
	}
}

// methods gives the activity of a method. OCSF counts the common ones from 1 by name; of the others only those of WebDAV that
// AWS passes on are known here.
func methods(word string) (int, string) {
	switch strings.ToUpper(word) {
	case "CONNECT":
		return 1, "Connect"
	case "DELETE":
		return 2, "Delete"
	case "GET":
		return 3, "Get"
	case "HEAD":
		return 4, "Head"
	case "OPTIONS":
		return 5, "Options"
	case "POST":
		return 6, "Post"
	case "PUT":
		return 7, "Put"
	case "TRACE":
		return 8, "Trace"
	case "PATCH":
		return 9, "Patch"
	}
	return 0, ""
}

// line takes a request line such as "GET https://example.com:443/a?b HTTP/1.1" apart. It is what a stranger sent.
func line(text string) (method, version string, u *URL) {
	first, rest, ok := strings.Cut(text, " ")
	if !ok {
		return "", "", nil
	}
	target := rest
	if at := strings.LastIndexByte(rest, ' '); at >= 0 {
		target, version = rest[:at], rest[at+1:]
	}
	return first, version, locate(strings.TrimSpace(target))
}

// locate reads a URL or a path with its query. What is no URL is kept as a path.
func locate(target string) *URL {
	if target == "" {
		return nil
	}
	if !strings.Contains(target, "://") {
		path, query, _ := strings.Cut(target, "?")
		return &URL{Path: path, QueryString: query}
	}
	p, err := url.Parse(target)
	if err != nil {
		return &URL{URLString: target, Path: "/"}
	}
	out := &URL{URLString: target, Scheme: p.Scheme, Hostname: p.Hostname(), Path: p.EscapedPath(), QueryString: p.RawQuery}
	if n, err := strconv.ParseInt(p.Port(), 10, 64); err == nil && n >= 0 && n <= 65535 {
		out.Port = &n
	}
	if out.Path == "" {
		out.Path = "/"
	}
	return out
}

// endpoint reads "address:port", or an address alone.
func endpoint(text string) Endpoint {
	if isAddress(text) {
		return Endpoint{IP: text}
	}
	at := strings.LastIndexByte(text, ':')
	if at < 0 {
		return Endpoint{}
	}
	host := strings.Trim(text[:at], "[]")
	n, err := strconv.ParseInt(text[at+1:], 10, 64)
	if err != nil || n < 0 || n > 65535 || !isAddress(host) {
		return Endpoint{}
	}
	return Endpoint{IP: host, Port: &n}
}

// forwarded reads X-Forwarded-For; a client may write anything in it, and only a list of addresses has a place.
func forwarded(text string) (out []string) {
	for part := range strings.SplitSeq(text, ",") {
		part = strings.TrimSpace(part)
		if !isAddress(part) {
			return nil
		}
		out = append(out, part)
	}
	return out
}

// seconds takes a time in seconds with a fraction, as milliseconds; -1 says that there was none.
func seconds(r *rest, key string) (float64, bool) {
	m := r.find(key)
	if m == nil {
		return 0, false
	}
	s, ok := m.value.Text()
	if !ok {
		s = string(m.value)
	}
	f, err := strconv.ParseFloat(s, 64)
	const day = 86_400
	if err != nil || f < 0 || f > day {
		return 0, false
	}
	return f * 1000, true
}

// enciphered is the TLS of a connection, nil when it had none.
func enciphered(version, cipher, sni string) *TLS {
	if version == "" {
		return nil
	}
	return &TLS{Version: version, Cipher: cipher, SNI: sni}
}
