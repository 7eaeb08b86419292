package trail

import (
	"encoding/json"
	"strings"

	"jobzero/internal/principal"
)

// identity is what userIdentity says
// (docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html).
type identity struct {
	Type        string `json:"type"`
	PrincipalID string `json:"principalId"`
	ARN         string `json:"arn"`
	Account     string `json:"accountId"`
	UserName    string `json:"userName"`
	InvokedBy   string `json:"invokedBy"`
	Session     *struct {
		Issuer struct {
			Type    string `json:"type"`
			ARN     string `json:"arn"`
			Account string `json:"accountId"`
		} `json:"sessionIssuer"`
		Attributes struct {
			Created string `json:"creationDate"`
			MFA     string `json:"mfaAuthenticated"`
		} `json:"attributes"`
		Federated struct {
			Provider string `json:"federatedProvider"`
		} `json:"webIdFederationData"`
		Delivery       string `json:"ec2RoleDelivery"`
		SourceIdentity string `json:"sourceIdentity"`
		AssumedRoot    string `json:"assumedRoot"`
	} `json:"sessionContext"`
}

// readIdentity gives an empty one where the record's is broken: then nothing is known.
func readIdentity(text []byte) (id identity) {
	if len(text) > 0 && json.Unmarshal(text, &id) != nil {
		return identity{}
	}
	return id
}

// principalARN is aws:PrincipalArn: of a session of a role the role. Empty where the record does not say.
func (id identity) principalARN() string {
	switch id.Type {
	case "AssumedRole":
		if id.Session == nil {
			return ""
		}
		return id.Session.Issuer.ARN
	case "IAMUser", "FederatedUser":
		return id.ARN
	case "Root":
		if id.Account == "" {
			return id.ARN
		}
		partition := "aws"
		if a, err := principal.ParseARN(id.ARN); err == nil {
			partition = a.Partition
		}
		return "arn:" + partition + ":iam::" + id.Account + ":root"
	}
	return ""
}

// account is that of the principal. The record of a session may only have it in the ARN.
func (id identity) account() string {
	if id.Account != "" {
		return id.Account
	}
	for _, arn := range []string{id.ARN, id.principalARN()} {
		if a, err := principal.ParseARN(arn); err == nil && principal.IsAccount(a.Account) {
			return a.Account
		}
	}
	return ""
}

// service is the AWS service that calls for itself, and for nobody; empty for everybody else.
func (id identity) service() string {
	if id.Type == "AWSService" {
		return id.InvokedBy
	}
	return ""
}

// isService reports whether the caller is AWS itself.
func (id identity) isService() bool { return id.Type == "AWSService" }

// linked reports whether the principal is a service-linked role.
func (id identity) linked() bool {
	return strings.Contains(id.principalARN(), ":role/aws-service-role/")
}

// kind is aws:PrincipalType (reference_policies_variables.html); empty when the record does not say.
func (id identity) kind() string {
	return map[string]string{
		"IAMUser": "User", "Root": "Account", "AssumedRole": "AssumedRole", "FederatedUser": "FederatedUser", "WebIdentityUser": "Anonymous",
	}[id.Type]
}
