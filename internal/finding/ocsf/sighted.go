package ocsf

import (
	"encoding/json"

	"jobzero/internal/event"
	"jobzero/internal/event/ocsf"
	"jobzero/internal/finding"
	"jobzero/internal/rawjson"
)

// evidence is what was seen: an event with the two sides and the call, or a resource as it was read.
type evidence struct {
	API          *ocsf.API          `json:"api,omitempty"`
	Actor        *ocsf.Actor        `json:"actor,omitempty"`
	Src          *ocsf.Endpoint     `json:"src_endpoint,omitempty"`
	Dst          *ocsf.Endpoint     `json:"dst_endpoint,omitempty"`
	Connection   *ocsf.Connection   `json:"connection_info,omitempty"`
	Query        *ocsf.Query        `json:"query,omitempty"`
	HTTPRequest  *ocsf.HTTPRequest  `json:"http_request,omitempty"`
	HTTPResponse *ocsf.HTTPResponse `json:"http_response,omitempty"`
	TLS          *ocsf.TLS          `json:"tls,omitempty"`
	Data         json.RawMessage    `json:"data,omitempty"` // the record, or the resource
}

// evidenceOf is an event as evidence. What the record says besides stands in the data.
func evidenceOf(e *event.Event) (out evidence) {
	if json.Valid(e.Raw) {
		out.Data = json.RawMessage(e.Raw)
	}
	switch v := ocsf.Of(e).(type) {
	case *ocsf.APIActivity:
		out.called(v.API, v.Actor, v.SrcEndpoint, v.HTTPRequest)
	case *ocsf.Authentication:
		out.called(v.API, v.Actor, v.SrcEndpoint, v.HTTPRequest)
	case *ocsf.AccountChange:
		out.called(v.API, v.Actor, v.SrcEndpoint, v.HTTPRequest)
	case *ocsf.NetworkActivity:
		out.Src, out.Dst, out.Connection = v.SrcEndpoint, v.DstEndpoint, v.Connection
	case *ocsf.DNSActivity:
		out.Src, out.Dst, out.Connection, out.Query = v.SrcEndpoint, v.DstEndpoint, v.Connection, v.Query
	case *ocsf.HTTPActivity:
		out.Src, out.Dst, out.HTTPRequest, out.HTTPResponse, out.TLS = v.SrcEndpoint, v.DstEndpoint, v.HTTPRequest, v.HTTPResponse, v.TLS
	}
	return out
}

// called is a call as evidence, without what was asked and answered: that is in the data.
func (e *evidence) called(api ocsf.API, who ocsf.Actor, from ocsf.Endpoint, q *ocsf.HTTPRequest) {
	api.Request = nil
	if r := api.Response; r != nil {
		if api.Response = nil; r.Error != "" {
			api.Response = &ocsf.Response{Error: r.Error}
		}
	}
	if api.Service != nil && api.Service.Name == "" {
		api.Service = nil
	}
	e.API, e.Actor, e.Src, e.HTTPRequest = &api, &who, &from, q
}

// evidences are what a finding of ours keeps: the records of events and the resources.
func evidences(f finding.Finding) (out []evidence) {
	for _, e := range f.Evidence {
		if !json.Valid(e.Data) {
			continue
		}
		switch e.Kind {
		case "event":
			out = append(out, evidenceOf(recorded(e)))
		case "resource":
			out = append(out, evidence{Data: e.Data})
		}
	}
	return out
}

// recorded makes an event of a record that was kept: enough of it for a view. A record that is none of CloudTrail has no call.
func recorded(kept finding.Evidence) *event.Event {
	e := &event.Event{Time: kept.At, Raw: kept.Data}
	texts(kept.Data, map[string]*string{
		"eventName": &e.Name, "eventSource": &e.Source, "awsRegion": &e.Region, "errorCode": &e.ErrorCode,
		"sourceIPAddress": &e.SourceIP, "userAgent": &e.UserAgent, "recipientAccountId": &e.Account,
	})
	who := inner(kept.Data, "userIdentity")
	a := &e.Actor
	texts(who, map[string]*string{
		"type": &a.Type, "arn": &a.ARN, "accountId": &a.Account, "principalId": &a.PrincipalID, "userName": &a.UserName,
		"accessKeyId": &a.AccessKey, "invokedBy": &a.InvokedBy,
	})
	texts(inner(inner(who, "sessionContext"), "sessionIssuer"), map[string]*string{"arn": &a.IssuerARN, "userName": &a.IssuerName})
	return e
}

// inner is a member of an object, nothing when there is none.
func inner(object []byte, name string) (out []byte) {
	for it := rawjson.Over(object); it.Next(); {
		if string(it.Name) == name {
			out = it.Value
		}
	}
	return out
}

// texts reads the members of an object that are texts.
func texts(object []byte, into map[string]*string) {
	for it := rawjson.Over(object); it.Next(); {
		if to, ok := into[string(it.Name)]; ok {
			if s, is := it.Value.Text(); is {
				*to = s
			}
		}
	}
}
