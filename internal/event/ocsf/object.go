package ocsf

// Metadata says where the record comes from.
type Metadata struct {
	UID          string   `json:"uid,omitempty"`
	Version      string   `json:"version"`
	EventCode    string   `json:"event_code,omitempty"` // CloudTrail's eventType
	LogName      string   `json:"log_name,omitempty"`
	LogProvider  string   `json:"log_provider,omitempty"`
	LogVersion   string   `json:"log_version,omitempty"`
	OriginalTime string   `json:"original_time,omitempty"` // as it was written
	Profiles     []string `json:"profiles"`
	Product      Product  `json:"product"`
}

// Product is what recorded the event.
type Product struct {
	Name       string `json:"name"`
	VendorName string `json:"vendor_name"`
}

// Cloud is where in the cloud it happened.
type Cloud struct {
	Provider string   `json:"provider"`
	Region   string   `json:"region,omitempty"`
	Zone     string   `json:"zone,omitempty"`
	Account  *Account `json:"account,omitempty"`
}

// Account is an AWS account. Make it with AccountOf.
type Account struct {
	UID    string `json:"uid"`
	Type   string `json:"type"`
	TypeID int    `json:"type_id"`
}

// AccountOf is the account of an ID, nil without one.
func AccountOf(id string) *Account {
	if id == "" {
		return nil
	}
	return &Account{UID: id, Type: "AWS Account", TypeID: 10}
}

// Actor is who did it.
type Actor struct {
	User      *User    `json:"user,omitempty"`
	Session   *Session `json:"session,omitempty"`
	InvokedBy string   `json:"invoked_by,omitempty"`
}

// User is a user, a role or a service.
type User struct {
	Type          string   `json:"type,omitempty"` // the caption of TypeID, or the source's word when that is 99
	TypeID        int      `json:"type_id"`
	Name          string   `json:"name,omitempty"`
	UID           string   `json:"uid,omitempty"`     // the ARN
	UIDAlt        string   `json:"uid_alt,omitempty"` // the principal ID
	CredentialUID string   `json:"credential_uid,omitempty"`
	Groups        []Group  `json:"groups,omitempty"`
	Account       *Account `json:"account,omitempty"`
}

// Group is a group of users.
type Group struct {
	Name string `json:"name"`
}

// Session is the session that a role gave.
type Session struct {
	Issuer  string `json:"issuer,omitempty"`
	Created *int64 `json:"created_time,omitempty"`
	IsMFA   *bool  `json:"is_mfa,omitempty"`
}

// Name is a thing known by its name.
type Name struct {
	Name string `json:"name"`
}

// API is a call.
type API struct {
	Operation string    `json:"operation"`
	Version   string    `json:"version,omitempty"`
	Service   *Name     `json:"service,omitempty"`
	Request   *Request  `json:"request,omitempty"`
	Response  *Response `json:"response,omitempty"`
}

// Request is what was asked for.
type Request struct {
	UID  string `json:"uid"` // the schema wants it: without one there is no request
	Data JSON   `json:"data,omitempty"`
}

// Response is how the call ended.
type Response struct {
	Code         *int64 `json:"code,omitempty"`
	Error        string `json:"error,omitempty"`
	ErrorMessage string `json:"error_message,omitempty"`
	Message      string `json:"message,omitempty"`
	Data         JSON   `json:"data,omitempty"`
}

// Endpoint is one side of a connection: an address, or what AWS calls it.
type Endpoint struct {
	IP              string    `json:"ip,omitempty"`
	Port            *int64    `json:"port,omitempty"`
	IntermediateIPs []string  `json:"intermediate_ips,omitempty"`
	Hostname        string    `json:"hostname,omitempty"`
	Name            string    `json:"name,omitempty"`
	SvcName         string    `json:"svc_name,omitempty"`
	UID             string    `json:"uid,omitempty"`
	InstanceUID     string    `json:"instance_uid,omitempty"`
	InterfaceUID    string    `json:"interface_uid,omitempty"`
	SubnetUID       string    `json:"subnet_uid,omitempty"`
	VPCUID          string    `json:"vpc_uid,omitempty"`
	Location        *Location `json:"location,omitempty"`
}

// Location is where in the world.
type Location struct {
	Country string `json:"country"` // two letters, ISO 3166-1
}

// Resource is what was touched.
type Resource struct {
	UID       string `json:"uid,omitempty"`
	Name      string `json:"name,omitempty"`
	Namespace string `json:"namespace,omitempty"` // of Kubernetes
	Type      string `json:"type,omitempty"`
	Version   string `json:"version,omitempty"`
	Group     *Group `json:"group,omitempty"`
	Owner     *User  `json:"owner,omitempty"`
}
