package lineage

import (
	"strings"

	"jobzero/internal/principal"
)

// Kind is what stands at the root.
type Kind string

// The kinds.
const (
	Unknown     Kind = "unknown" // who it was, or what kind of thing, is not known
	Person      Kind = "person"
	Workload    Kind = "workload" // an instance, a function, a task, a pipeline
	Service     Kind = "service"  // AWS itself
	AccountRoot Kind = "account-root"
)

// Root is who or what acted in the end.
type Root struct {
	Kind    Kind
	ID      string // the same whatever roles and sessions lie between; what one groups by
	Name    string // for people
	Account string // twelve digits; empty for who is in no account, such as somebody of an identity provider
}

// own is the root that an identity names by itself. AWS wrote it, so it is proved.
func (id *Identity) own() (Root, bool) {
	switch id.Type {
	case "IAMUser":
		return id.user(id.ARN)
	case "Root":
		return accountRoot(id.Account, id.ARN), !id.AssumedRoot
	case "AWSService":
		return Root{Service, id.InvokedBy, id.InvokedBy, id.Account}, id.InvokedBy != ""
	case "SAMLUser":
		return Root{Person, "saml:" + id.Provider + ":" + id.UserName, id.UserName, ""}, id.UserName != ""
	case "WebIdentityUser":
		p := providerName(id.Provider)
		return Root{webKind(p, id.UserName), "oidc:" + p + ":" + id.UserName, id.UserName, ""}, id.UserName != ""
	case "IdentityCenterUser":
		return id.directory()
	case "FederatedUser":
		return id.issuedBy()
	case "AssumedRole":
		return id.place()
	case "Unknown": // as Identity Center writes for those who sign in to it
		if id.OnBehalfOf != "" {
			return id.directory()
		}
	}
	return Root{}, false
}

func (id *Identity) user(arn string) (Root, bool) {
	a, err := principal.ParseARN(arn)
	if err != nil || !strings.HasPrefix(a.Resource, "user/") {
		return Root{}, false
	}
	return Root{Person, arn, a.Resource[strings.LastIndexByte(a.Resource, '/')+1:], a.Account}, true
}

func accountRoot(account, arn string) Root {
	if account == "" {
		if a, err := principal.ParseARN(arn); err == nil {
			account = a.Account
		}
	}
	return Root{AccountRoot, rootARN(account), "root", account}
}

// directory is a user of Identity Center, by the name that is said or else by the user's number.
func (id *Identity) directory() (Root, bool) {
	name := id.UserName
	if name == "" {
		name = id.OnBehalfOf
	}
	return Root{Person, name, name, ""}, name != ""
}

// issuedBy is the IAM user or root behind GetFederationToken. The name of the session is whatever the caller wrote.
func (id *Identity) issuedBy() (Root, bool) {
	switch id.IssuerType {
	case "IAMUser":
		return id.user(id.IssuerARN)
	case "Root":
		return accountRoot("", id.IssuerARN), id.IssuerARN != ""
	}
	return Root{}, false
}

// place is the root of a role's session of which AWS says where its credential is.
func (id *Identity) place() (Root, bool) {
	issuer, _ := principal.ParseARN(id.IssuerARN)
	session := id.session()
	switch {
	case id.IssuedTo != "":
		return issuedTo(id.IssuedTo), true
	case strings.HasPrefix(issuer.Resource, "role/aws-reserved/sso.amazonaws.com/") && session != "":
		return Root{Person, session, session, ""}, true // a role of Identity Center: the session's name is the user's
	case strings.HasPrefix(issuer.Resource, "role/aws-service-role/"):
		service, _, _ := strings.Cut(strings.TrimPrefix(issuer.Resource, "role/aws-service-role/"), "/")
		return Root{Service, service, service, id.Account}, service != ""
	case id.EC2 && strings.HasPrefix(session, "i-"):
		return workload("ec2", id.Account, session), true
	}
	return Root{}, false
}

// workload is named by service, account and name, because not every record has the region for an ARN.
func workload(service, account, name string) Root {
	return Root{Workload, service + ":" + account + ":" + name, name, account}
}

// issuedTo is a resource that AWS gave a credential to.
func issuedTo(arn string) Root {
	a, err := principal.ParseARN(arn)
	if err != nil {
		return Root{Workload, arn, arn, ""}
	}
	name := a.Resource
	switch {
	case a.Service == "lambda" && strings.HasPrefix(name, "function:"):
		name, _, _ = strings.Cut(strings.TrimPrefix(name, "function:"), ":") // without the version
	case a.Service == "ec2" && strings.HasPrefix(name, "instance/"), a.Service == "ecs" && strings.HasPrefix(name, "task/"):
		name = name[strings.LastIndexByte(name, '/')+1:]
	default:
		return Root{Workload, arn, name, a.Account}
	}
	return workload(a.Service, a.Account, name)
}

// served is the root of a session that a service of AWS asked for. Some services name the session after what they run.
func served(service, account, session string) Root {
	switch {
	case service == "lambda.amazonaws.com" && session != "":
		return workload("lambda", account, session)
	case service == "ec2.amazonaws.com" && strings.HasPrefix(session, "i-"):
		return workload("ec2", account, session)
	case service == "ecs-tasks.amazonaws.com" && session != "":
		return workload("ecs", account, session)
	}
	return Root{Service, service, service, account}
}

// providerName is an OIDC provider without the account in which it was registered.
func providerName(p string) string {
	if _, name, ok := strings.Cut(p, ":oidc-provider/"); ok {
		return name
	}
	return strings.TrimPrefix(p, "https://")
}

// pipelines are providers whose subjects are never people.
var pipelines = []string{
	"token.actions.githubusercontent.com", "gitlab.com", "app.terraform.io", "agent.buildkite.com", "oidc.circleci.com", "vstoken.dev.azure.com",
	"api.bitbucket.org",
}

// webKind says what the subject of a token is, where that is certain.
func webKind(provider, subject string) Kind {
	host, _, _ := strings.Cut(provider, "/")
	if strings.HasPrefix(subject, "system:serviceaccount:") {
		return Workload
	}
	for _, p := range pipelines {
		if host == p {
			return Workload
		}
	}
	switch host {
	case "accounts.google.com", "www.amazon.com", "graph.facebook.com", "appleid.apple.com":
		return Person
	}
	return Unknown
}

// claimed is the root that a source identity names. It is a person where it looks like an address of one.
func claimed(source string) Root {
	if name, domain, ok := strings.Cut(source, "@"); ok && name != "" && strings.Contains(domain, ".") {
		return Root{Person, source, source, ""}
	}
	return Root{Unknown, source, source, ""}
}
