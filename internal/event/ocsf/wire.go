package ocsf

// Connection is how two endpoints speak.
type Connection struct {
	DirectionID   int    `json:"direction_id"`
	Direction     string `json:"direction"`
	ProtocolNum   *int64 `json:"protocol_num,omitempty"`
	ProtocolName  string `json:"protocol_name,omitempty"`
	ProtocolVerID *int   `json:"protocol_ver_id,omitempty"` // 4 or 6
	TCPFlags      *int64 `json:"tcp_flags,omitempty"`
	BoundaryID    *int   `json:"boundary_id,omitempty"`
	Boundary      string `json:"boundary,omitempty"`
}

// Traffic is how much was sent.
type Traffic struct {
	Bytes    *int64 `json:"bytes,omitempty"`
	BytesIn  *int64 `json:"bytes_in,omitempty"`  // from the client
	BytesOut *int64 `json:"bytes_out,omitempty"` // to the client
	Packets  *int64 `json:"packets,omitempty"`
}

// Query is a question to a resolver.
type Query struct {
	Hostname string `json:"hostname"`
	Type     string `json:"type,omitempty"`
	Class    string `json:"class,omitempty"`
}

// Answer is a record that the resolver gave.
type Answer struct {
	RData string `json:"rdata"`
	Type  string `json:"type,omitempty"`
	Class string `json:"class,omitempty"`
}

// HTTPRequest is a request over HTTP.
type HTTPRequest struct {
	UID           string   `json:"uid,omitempty"`
	Method        string   `json:"http_method,omitempty"` // one that IANA knows
	Version       string   `json:"version,omitempty"`
	Args          string   `json:"args,omitempty"`
	URL           *URL     `json:"url,omitempty"`
	UserAgent     string   `json:"user_agent,omitempty"`
	Referrer      string   `json:"referrer,omitempty"`
	XForwardedFor []string `json:"x_forwarded_for,omitempty"`
	Headers       []Header `json:"http_headers,omitempty"`
	Length        *int64   `json:"length,omitempty"` // bytes
}

// Header is a header line.
type Header struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// URL is what was asked for, with the path always set: the schema wants that or the whole.
type URL struct {
	URLString   string `json:"url_string,omitempty"`
	Scheme      string `json:"scheme,omitempty"`
	Hostname    string `json:"hostname,omitempty"`
	Port        *int64 `json:"port,omitempty"`
	Path        string `json:"path"`
	QueryString string `json:"query_string,omitempty"`
}

// HTTPResponse is the answer.
type HTTPResponse struct {
	Code        int64  `json:"code"` // the schema wants it: without one there is no answer
	Length      *int64 `json:"length,omitempty"`
	Latency     *int64 `json:"latency,omitempty"` // milliseconds
	ContentType string `json:"content_type,omitempty"`
	Status      string `json:"status,omitempty"`
}

// LoadBalancer is what stood in between, by the profile load_balancer.
type LoadBalancer struct {
	Name           string    `json:"name,omitempty"`
	UID            string    `json:"uid,omitempty"`
	Code           *int64    `json:"code,omitempty"` // what the target answered
	DstEndpoint    *Endpoint `json:"dst_endpoint,omitempty"`
	Classification string    `json:"classification,omitempty"`
	StatusDetail   string    `json:"status_detail,omitempty"`
	ErrorMessage   string    `json:"error_message,omitempty"`
}

// TLS is how the connection was enciphered.
type TLS struct {
	Version string       `json:"version"` // the schema wants it
	Cipher  string       `json:"cipher,omitempty"`
	SNI     string       `json:"sni,omitempty"`
	JA3     *Fingerprint `json:"ja3_hash,omitempty"`
}

// Fingerprint is a hash.
type Fingerprint struct {
	Algorithm   string `json:"algorithm"`
	AlgorithmID int    `json:"algorithm_id"`
	Value       string `json:"value"`
}

// FirewallRule is the rule that decided.
type FirewallRule struct {
	UID  string `json:"uid,omitempty"`
	Name string `json:"name,omitempty"`
	Type string `json:"type,omitempty"`
}
