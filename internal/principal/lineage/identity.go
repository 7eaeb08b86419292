package lineage

import (
	"strings"
	"time"

	"jobzero/internal/event"
	"jobzero/internal/rawjson"
)

// Identity is what a record says of who made the call: the userIdentity of CloudTrail, as far as it tells of a root.
type Identity struct {
	Type        string `json:"type,omitempty"` // AssumedRole, IAMUser, AWSService …
	ARN         string `json:"arn,omitempty"`
	Account     string `json:"account,omitempty"`
	PrincipalID string `json:"principal,omitempty"`
	UserName    string `json:"user,omitempty"`
	Key         string `json:"key,omitempty"`        // access key ID
	InvokedBy   string `json:"invoked_by,omitempty"` // a service, such as lambda.amazonaws.com
	IssuerType  string `json:"issuer_type,omitempty"`
	IssuerARN   string `json:"issuer,omitempty"`      // the role or user behind a session
	Source      string `json:"source,omitempty"`      // sourceIdentity
	Provider    string `json:"provider,omitempty"`    // of a federated identity
	IssuedTo    string `json:"issued_to,omitempty"`   // ARN of the resource that AWS gave the credential to
	IssuedType  string `json:"issued_type,omitempty"` // its type, such as AWS::Lambda::Function
	OnBehalfOf  string `json:"on_behalf_of,omitempty"`
	Created     int64  `json:"created,omitempty"` // of the session, seconds since 1970; 0 when it is not said
	EC2         bool   `json:"ec2,omitempty"`     // delivered by the metadata service of an instance
	Console     bool   `json:"console,omitempty"`
	AssumedRoot bool   `json:"assumed_root,omitempty"`
}

// maxText is the longest text that is kept of a record: the longest ARN has 2048 letters, everything here is far shorter. A
// longer one is treated as absent, because half a name is another name.
const maxText = 512

// text is the content of a string; empty for anything else.
func text(v rawjson.Value) string {
	s, ok := v.Text()
	if !ok || len(s) > maxText {
		return ""
	}
	return s
}

// truth reads what CloudTrail writes as true, "true" or "1.0".
func truth(v rawjson.Value) bool {
	s := strings.Trim(string(v), `"`)
	return s != "" && s != "false" && s != "null"
}

// member is the value of a name in an object; of several the last, as in every decoder.
func member(v rawjson.Value, name string) rawjson.Value {
	var out rawjson.Value
	if len(v) == 0 || v[0] != '{' {
		return nil
	}
	for it := rawjson.Over(v); it.Next(); {
		if string(it.Name) == name {
			out = it.Value
		}
	}
	return out
}

// readIdentity reads who made the call; false when the record does not say.
func readIdentity(r *event.Record) (Identity, bool) {
	if r.Log != event.CloudTrail || !r.Scanned() && rawjson.Object(r.Raw, nil) != nil {
		return Identity{}, false
	}
	u := r.Part(event.UserIdentity)
	if u.IsNull() || u[0] != '{' {
		return Identity{}, false
	}
	var id Identity
	var session rawjson.Value
	for it := rawjson.Over(u); it.Next(); {
		switch string(it.Name) {
		case "type":
			id.Type = text(it.Value)
		case "arn":
			id.ARN = text(it.Value)
		case "accountId":
			id.Account = text(it.Value)
		case "principalId":
			id.PrincipalID = text(it.Value)
		case "userName":
			id.UserName = text(it.Value)
		case "accessKeyId":
			id.Key = text(it.Value)
		case "invokedBy":
			id.InvokedBy = text(it.Value)
		case "identityProvider":
			id.Provider = text(it.Value)
		case "sessionContext":
			session = it.Value
		case "inScopeOf":
			id.IssuedTo, id.IssuedType = text(member(it.Value, "credentialsIssuedTo")), text(member(it.Value, "issuerType"))
		case "onBehalfOf":
			id.OnBehalfOf = text(member(it.Value, "userId"))
		}
	}
	id.context(session)
	id.Console = truth(r.Part(event.SessionCredentialFromConsole))
	return id, id != Identity{}
}

// context reads where the session came from.
func (id *Identity) context(session rawjson.Value) {
	for it := rawjson.Over(session); it.Next(); {
		switch string(it.Name) {
		case "sessionIssuer":
			id.IssuerType, id.IssuerARN = text(member(it.Value, "type")), text(member(it.Value, "arn"))
		case "sourceIdentity":
			id.Source = text(it.Value)
		case "ec2RoleDelivery":
			id.EC2 = truth(it.Value)
		case "assumedRoot":
			id.AssumedRoot = truth(it.Value)
		case "webIdFederationData":
			if p := text(member(it.Value, "federatedProvider")); p != "" {
				id.Provider = p
			}
		case "attributes":
			if t, err := time.Parse(time.RFC3339, text(member(it.Value, "creationDate"))); err == nil {
				id.Created = t.Unix()
			}
		}
	}
}

// session is the name that the caller of AssumeRole gave the session; empty when the identity is none.
func (id *Identity) session() string {
	if _, rest, ok := strings.Cut(id.ARN, ":assumed-role/"); ok {
		if _, name, ok := strings.Cut(rest, "/"); ok {
			return name
		}
	}
	return ""
}
