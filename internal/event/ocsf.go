package event

import (
	"net/netip"
	"strings"
)

// OCSFVersion is the version of the Open Cybersecurity Schema Framework that the view follows.
const OCSFVersion = "1.8.0"

// OCSF is an event as OCSF sees it: API Activity (6003), Authentication (3002) or Account Change (3001). What has no place in the
// class stays in the raw record. See https://schema.ocsf.io.
type OCSF struct {
	ActivityID   int            `json:"activity_id"`
	ActivityName string         `json:"activity_name"`
	CategoryUID  int            `json:"category_uid"`
	CategoryName string         `json:"category_name"`
	ClassUID     int            `json:"class_uid"`
	ClassName    string         `json:"class_name"`
	TypeUID      int64          `json:"type_uid"` // class_uid * 100 + activity_id
	TypeName     string         `json:"type_name"`
	Time         int64          `json:"time"` // when it occurred, milliseconds since 1970 UTC
	SeverityID   int            `json:"severity_id"`
	Severity     string         `json:"severity"`
	StatusID     int            `json:"status_id"`
	Status       string         `json:"status"`
	StatusCode   string         `json:"status_code,omitempty"`
	Metadata     OCSFMetadata   `json:"metadata"`
	Cloud        OCSFCloud      `json:"cloud"`
	Actor        OCSFActor      `json:"actor"`
	User         *OCSFUser      `json:"user,omitempty"`    // who signs in, or whose account is changed
	Service      *OCSFName      `json:"service,omitempty"` // where they sign in
	IsMFA        *bool          `json:"is_mfa,omitempty"`
	API          OCSFAPI        `json:"api"`
	SrcEndpoint  OCSFEndpoint   `json:"src_endpoint"`
	HTTPRequest  *OCSFRequest   `json:"http_request,omitempty"`
	Resources    []OCSFResource `json:"resources,omitempty"`
}

// OCSFMetadata says where the record comes from.
type OCSFMetadata struct {
	UID       string      `json:"uid"`
	Version   string      `json:"version"`
	EventCode string      `json:"event_code,omitempty"` // CloudTrail's eventType
	Profiles  []string    `json:"profiles"`
	Product   OCSFProduct `json:"product"`
}

// OCSFProduct is what recorded the event.
type OCSFProduct struct {
	Name       string `json:"name"`
	VendorName string `json:"vendor_name"`
}

// OCSFCloud is where in the cloud it happened.
type OCSFCloud struct {
	Provider string       `json:"provider"`
	Region   string       `json:"region,omitempty"`
	Account  *OCSFAccount `json:"account,omitempty"`
}

// OCSFAccount is an AWS account.
type OCSFAccount struct {
	UID string `json:"uid"`
}

// OCSFActor is who did it.
type OCSFActor struct {
	User      *OCSFUser    `json:"user,omitempty"`
	Session   *OCSFSession `json:"session,omitempty"`
	InvokedBy string       `json:"invoked_by,omitempty"`
}

// OCSFUser is a user, a role or a service.
type OCSFUser struct {
	Type          string       `json:"type,omitempty"` // CloudTrail's userIdentity.type
	TypeID        int          `json:"type_id"`
	Name          string       `json:"name,omitempty"`
	UID           string       `json:"uid,omitempty"`     // the ARN
	UIDAlt        string       `json:"uid_alt,omitempty"` // the principal ID
	CredentialUID string       `json:"credential_uid,omitempty"`
	Account       *OCSFAccount `json:"account,omitempty"`
}

// OCSFSession is the session that a role gave.
type OCSFSession struct {
	Issuer string `json:"issuer"`
}

// OCSFName is a thing known by its name.
type OCSFName struct {
	Name string `json:"name"`
}

// OCSFAPI is the call.
type OCSFAPI struct {
	Operation string        `json:"operation"`
	Service   OCSFName      `json:"service"`
	Response  *OCSFResponse `json:"response,omitempty"`
}

// OCSFResponse is how the call ended.
type OCSFResponse struct {
	Error string `json:"error"`
}

// OCSFEndpoint is where the call came from: an address, or the name of an AWS service.
type OCSFEndpoint struct {
	IP      string `json:"ip,omitempty"`
	SvcName string `json:"svc_name,omitempty"`
}

// OCSFRequest is the HTTP request.
type OCSFRequest struct {
	UserAgent string `json:"user_agent"`
}

// OCSFResource is what was touched.
type OCSFResource struct {
	UID   string    `json:"uid,omitempty"`
	Type  string    `json:"type,omitempty"`
	Owner *OCSFUser `json:"owner,omitempty"`
}

// OCSF is the event in the shape of OCSF.
func (e *Event) OCSF() OCSF {
	o := OCSF{
		Time: e.Time.UnixMilli(), SeverityID: 1, Severity: "Informational", StatusCode: e.ErrorCode,
		Metadata: OCSFMetadata{
			UID: string(e.ID), Version: OCSFVersion, EventCode: e.Type, Profiles: []string{"cloud"},
			Product: OCSFProduct{Name: "CloudTrail", VendorName: "AWS"},
		},
		Cloud:       OCSFCloud{Provider: "AWS", Region: e.Region, Account: account(e.Account)},
		Actor:       e.Actor.ocsf(),
		API:         OCSFAPI{Operation: e.Name, Service: OCSFName{e.Source}},
		SrcEndpoint: endpoint(e.SourceIP),
	}
	o.status(e.ErrorCode != "")
	if e.ErrorCode != "" {
		o.API.Response = &OCSFResponse{e.ErrorCode}
	}
	if e.UserAgent != "" {
		o.HTTPRequest = &OCSFRequest{e.UserAgent}
	}
	for _, r := range e.Resources {
		v := OCSFResource{UID: r.ARN, Type: r.Type}
		if r.Account != "" {
			v.Owner = &OCSFUser{Account: account(r.Account)}
		}
		o.Resources = append(o.Resources, v)
	}
	e.classify(&o)
	o.TypeUID = int64(o.ClassUID)*100 + int64(o.ActivityID)
	o.TypeName = o.ClassName + ": " + o.ActivityName
	return o
}

func (o *OCSF) status(failed bool) {
	o.StatusID, o.Status = 1, "Success"
	if failed {
		o.StatusID, o.Status = 2, "Failure"
	}
}

func account(uid string) *OCSFAccount {
	if uid == "" {
		return nil
	}
	return &OCSFAccount{uid}
}

func endpoint(from string) OCSFEndpoint {
	if _, err := netip.ParseAddr(from); err == nil {
		return OCSFEndpoint{IP: from}
	}
	if from == "" {
		from = "unknown" // OCSF wants one of the two
	}
	return OCSFEndpoint{SvcName: from}
}

func (a Actor) ocsf() OCSFActor {
	o := OCSFActor{InvokedBy: a.InvokedBy}
	u := OCSFUser{Type: a.Type, Name: a.UserName, UID: a.ARN, UIDAlt: a.PrincipalID, CredentialUID: a.AccessKey, Account: account(a.Account)}
	switch {
	case a.Type == "Root":
		u.TypeID = 2
	case a.Type == "AWSService":
		u.TypeID = 4
	case a.Type == "IAMUser", strings.HasSuffix(a.Type, "User"):
		u.TypeID = 1
	case a.Type != "":
		u.TypeID = 99
	}
	if u.Name == "" {
		u.Name = a.Name()
	}
	o.User = &u
	if a.IssuerARN != "" {
		o.Session = &OCSFSession{a.IssuerARN}
	}
	return o
}
