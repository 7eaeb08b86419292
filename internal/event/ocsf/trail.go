package ocsf

import (
	"net/netip"
	"time"

	"jobzero/internal/event"
	"jobzero/internal/rawjson"
)

// called is what the three classes of CloudTrail records share.
type called struct {
	base      Base
	actor     Actor
	api       API
	from      Endpoint
	request   *HTTPRequest
	resources []Resource
}

// trail is a record of CloudTrail. Its fields:
// https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html.
func trail(e *event.Event, r *rest) View {
	c := called{base: base(e, APIActivityUID), from: calledFrom(e.SourceIP)}
	c.base.Metadata.EventCode, c.base.Metadata.LogVersion = e.Type, r.text("eventversion")
	c.base.stamp(r, "eventtime")
	c.base.StatusCode = e.ErrorCode
	c.base.status(e.ErrorCode != "")
	c.base.StatusDetail = r.text("errormessage")
	c.call(e, r)
	c.actor = ActorOf(e.Actor)
	c.session(e, r)
	if e.UserAgent != "" {
		c.request = &HTTPRequest{UserAgent: e.UserAgent}
	}
	// Their values are members of the event, which were read from them.
	r.parsed("eventID", "eventName", "eventSource", "eventType", "awsRegion", "sourceIPAddress", "userAgent", "errorCode", "recipientAccountId")
	return classify(e, r, c)
}

// call says what was called, with what and with which answer. OCSF wants a request to have an ID: CloudTrail's.
func (c *called) call(e *event.Event, r *rest) {
	c.api = API{Operation: e.Name, Version: r.text("apiversion"), Service: &Name{e.Source}}
	if id := r.text("requestid"); id != "" {
		c.api.Request = &Request{UID: id, Data: r.any("requestparameters")}
	}
	a := Response{Error: e.ErrorCode, ErrorMessage: c.base.StatusDetail, Data: r.peek("responseelements")}
	if a != (Response{}) {
		c.api.Response = &a
		r.drop("responseelements")
	}
}

// session takes userIdentity apart. The event has most of it; what it has not and the class neither stays in the record.
func (c *called) session(e *event.Event, r *rest) {
	id := r.object("useridentity")
	if id.prefix == "userIdentity." {
		id.parsed("arn", "accountId", "principalId", "userName", "accessKeyId", "invokedBy")
	}
	if c.actor.User.Type == e.Actor.Type {
		id.parsed("type")
	}
	in := id.object("sessioncontext")
	issuer, attributes := in.object("sessionissuer"), in.object("attributes")
	s := Session{Issuer: e.Actor.IssuerARN}
	if s.Issuer != "" {
		issuer.parsed("arn")
	}
	s.IsMFA = attributes.flag("mfaauthenticated")
	if m := attributes.find("creationdate"); m != nil {
		text, _ := m.value.Text()
		if at, err := time.Parse(time.RFC3339, text); err == nil {
			ms := at.UnixMilli()
			s.Created, m.taken = &ms, true
		}
	}
	if s != (Session{}) {
		c.actor.Session = &s
	}
}

// touched names the resources. A list that says more than the class can hold stays in the record as well.
func (c *called) touched(e *event.Event, r *rest) {
	for _, one := range e.Resources {
		if one.ARN == "" {
			continue // OCSF wants a name
		}
		v := Resource{UID: one.ARN, Type: one.Type}
		if one.Account != "" {
			v.Owner = &User{Type: "Unknown", Account: AccountOf(one.Account)}
		}
		c.resources = append(c.resources, v)
	}
	m := r.find("resources")
	if m == nil || m.value.Kind() != "array" {
		return
	}
	n, known := 0, true
	for it := rawjson.Over(m.value); it.Next(); n++ {
		for member := rawjson.Over(it.Value); member.Next(); {
			switch string(member.Name) {
			case "ARN", "accountId", "type":
			default:
				known = false
			}
		}
	}
	m.taken = known && n == len(c.resources)
}

// calledFrom is where a call came from: CloudTrail writes an address, or the name of the service that called.
func calledFrom(from string) Endpoint {
	if a, err := netip.ParseAddr(from); err == nil && a.Zone() == "" {
		return Endpoint{IP: from}
	}
	if from == "" {
		from = "unknown" // OCSF wants one of the two
	}
	return Endpoint{SvcName: from}
}

// ActorOf is who did it.
func ActorOf(a event.Actor) Actor {
	return Actor{User: UserOf(a), InvokedBy: a.InvokedBy}
}

// UserOf is the user, role or service that the actor is.
func UserOf(a event.Actor) *User {
	u := &User{Type: a.Type, Name: a.UserName, UID: a.ARN, UIDAlt: a.PrincipalID, CredentialUID: a.AccessKey, Account: AccountOf(a.Account)}
	switch a.Type {
	case "IAMUser", "AssumedRole", "FederatedUser", "IdentityCenterUser", "SAMLUser", "WebIdentityUser":
		u.Type, u.TypeID = "User", 1
	case "Root":
		u.Type, u.TypeID = "Admin", 2
	case "AWSService":
		u.Type, u.TypeID = "Service", 4
	case "":
		u.Type, u.TypeID = "Unknown", 0
	default:
		u.TypeID = 99 // Other: the type is the source's own word
	}
	if u.Name == "" {
		u.Name = a.Name()
	}
	return u
}
