package ocsf

import "jobzero/internal/event"

// Version is the version of the schema that views are written in. It is the newest release; every attribute used is in the
// development version behind it too, and none of them is new there.
const Version = "1.8.0"

// View is an event in the shape of its class.
type View interface {
	// Head gives what all classes have.
	Head() *Base
}

// The classes by class_uid.
const (
	AccountChangeUID   = 3001
	AuthenticationUID  = 3002
	NetworkActivityUID = 4001
	HTTPActivityUID    = 4002
	DNSActivityUID     = 4003
	APIActivityUID     = 6003
)

// other is the number that all enums have for what they do not list.
const other = 99

// Base is what all classes have. Times are milliseconds since 1970 UTC.
type Base struct {
	ActivityID   int             `json:"activity_id"`
	ActivityName string          `json:"activity_name"`
	CategoryUID  int             `json:"category_uid"`
	CategoryName string          `json:"category_name"`
	ClassUID     int             `json:"class_uid"`
	ClassName    string          `json:"class_name"`
	TypeUID      int64           `json:"type_uid"` // class_uid * 100 + activity_id
	TypeName     string          `json:"type_name"`
	Time         int64           `json:"time"` // when it occurred
	StartTime    *int64          `json:"start_time,omitempty"`
	EndTime      *int64          `json:"end_time,omitempty"`
	Duration     *int64          `json:"duration,omitempty"` // milliseconds
	SeverityID   int             `json:"severity_id"`
	Severity     string          `json:"severity"`
	StatusID     int             `json:"status_id"`
	Status       string          `json:"status"`
	StatusCode   string          `json:"status_code,omitempty"`
	StatusDetail string          `json:"status_detail,omitempty"`
	Metadata     Metadata        `json:"metadata"`
	Cloud        Cloud           `json:"cloud"`
	RawData      string          `json:"raw_data,omitempty"` // set by Keep
	Unmapped     map[string]JSON `json:"unmapped,omitempty"` // members of the record by their dotted path
}

// Head gives what all classes have.
func (b *Base) Head() *Base { return b }

// Control is what the profile security_control adds: what a firewall did about it. It is empty where none stood.
type Control struct {
	ActionID      *int          `json:"action_id,omitempty"`
	Action        string        `json:"action,omitempty"`
	DispositionID *int          `json:"disposition_id,omitempty"`
	Disposition   string        `json:"disposition,omitempty"`
	FirewallRule  *FirewallRule `json:"firewall_rule,omitempty"`
}

// APIActivity is a call of an API (6003).
type APIActivity struct {
	Base
	Actor       Actor        `json:"actor"`
	API         API          `json:"api"`
	SrcEndpoint Endpoint     `json:"src_endpoint"`
	HTTPRequest *HTTPRequest `json:"http_request,omitempty"`
	Resources   []Resource   `json:"resources,omitempty"`
}

// Authentication is a sign-in (3002).
type Authentication struct {
	Base
	Actor       Actor        `json:"actor"`
	User        *User        `json:"user"`    // who signs in
	Service     *Name        `json:"service"` // where they sign in
	IsMFA       *bool        `json:"is_mfa,omitempty"`
	API         API          `json:"api"`
	SrcEndpoint Endpoint     `json:"src_endpoint"`
	HTTPRequest *HTTPRequest `json:"http_request,omitempty"`
}

// AccountChange is what IAM does to a user or role itself (3001).
type AccountChange struct {
	Base
	Actor       Actor        `json:"actor"`
	User        *User        `json:"user"` // whose account is changed
	API         API          `json:"api"`
	SrcEndpoint Endpoint     `json:"src_endpoint"`
	HTTPRequest *HTTPRequest `json:"http_request,omitempty"`
}

// NetworkActivity is traffic between two endpoints (4001).
type NetworkActivity struct {
	Base
	Control
	SrcEndpoint *Endpoint   `json:"src_endpoint,omitempty"`
	DstEndpoint *Endpoint   `json:"dst_endpoint,omitempty"`
	Connection  *Connection `json:"connection_info,omitempty"`
	Traffic     *Traffic    `json:"traffic,omitempty"`
}

// DNSActivity is a question to a resolver with its answers (4003).
type DNSActivity struct {
	Base
	Control
	SrcEndpoint *Endpoint   `json:"src_endpoint,omitempty"`
	DstEndpoint *Endpoint   `json:"dst_endpoint,omitempty"`
	Connection  *Connection `json:"connection_info,omitempty"`
	Query       *Query      `json:"query,omitempty"`
	QueryTime   *int64      `json:"query_time,omitempty"`
	Answers     []Answer    `json:"answers,omitempty"`
	RCodeID     *int        `json:"rcode_id,omitempty"`
	RCode       string      `json:"rcode,omitempty"`
}

// HTTPActivity is a request over HTTP with its answer (4002).
type HTTPActivity struct {
	Base
	Control
	SrcEndpoint  *Endpoint     `json:"src_endpoint,omitempty"`
	DstEndpoint  *Endpoint     `json:"dst_endpoint,omitempty"`
	HTTPRequest  *HTTPRequest  `json:"http_request,omitempty"`
	HTTPResponse *HTTPResponse `json:"http_response,omitempty"`
	LoadBalancer *LoadBalancer `json:"load_balancer,omitempty"`
	Traffic      *Traffic      `json:"traffic,omitempty"`
	TLS          *TLS          `json:"tls,omitempty"`
}

// New makes an empty view of a class, to decode one that was written into; false when there is no such class here.
func New(class int) (View, bool) {
	switch class {
	case AccountChangeUID:
		return &AccountChange{}, true
	case AuthenticationUID:
		return &Authentication{}, true
	case NetworkActivityUID:
		return &NetworkActivity{}, true
	case HTTPActivityUID:
		return &HTTPActivity{}, true
	case DNSActivityUID:
		return &DNSActivity{}, true
	case APIActivityUID:
		return &APIActivity{}, true
	}
	return nil, false
}

// Of is the event in the class that its log is of. It never fails: what cannot be read of the record is left out of the class
// and stands in unmapped, or in raw_data when the record is no JSON object.
func Of(e *event.Event) View {
	r, ok := open(e.Raw)
	v := view(e, r)
	h := v.Head()
	if h.Unmapped = r.left(); !ok {
		h.RawData = string(e.Raw)
	}
	h.TypeUID = int64(h.ClassUID)*100 + int64(h.ActivityID)
	h.TypeName = h.ClassName + ": " + h.ActivityName
	if h.ActivityID == other {
		h.TypeName = h.ClassName + ": Other" // the name is the source's own word
	}
	return v
}

func view(e *event.Event, r *rest) View {
	switch e.Log {
	case event.VPCFlow:
		return flow(e, r)
	case event.Resolver:
		return resolver(e, r)
	case event.LoadBalancer:
		return loadBalancer(e, r)
	case event.CloudFront:
		return cloudFront(e, r)
	case event.S3Access:
		return s3Access(e, r)
	case event.APIGateway:
		return apiGateway(e, r)
	case event.WAF:
		return waf(e, r)
	case event.EKSAudit:
		return eks(e, r)
	case event.CloudTrail:
	}
	return trail(e, r)
}

// Keep puts the record as it was delivered into the view.
func Keep(v View, e *event.Event) {
	raw := e.Line
	if raw == nil {
		raw = e.Raw
	}
	v.Head().RawData = string(raw)
}
