package line

import (
	"strings"

	"jobzero/internal/event"
	"jobzero/internal/fault"
	"jobzero/internal/principal"
)

// Account checks what a log says is an account; empty and "unknown" are no account. Errors are fault.Invalid.
func Account(name, value string) (string, error) {
	if value == "" || value == "unknown" {
		return "", nil
	}
	if !principal.IsAccount(value) {
		return "", fault.New(fault.Invalid, "%s %.40q is no twelve-digit account", name, value)
	}
	return value, nil
}

// Owner is the account and region of an ARN; empty where the text is none or does not say.
func Owner(arn string) (account, region string) {
	a, err := principal.ParseARN(arn)
	if err != nil {
		return "", ""
	}
	if principal.IsAccount(a.Account) {
		account = a.Account
	}
	if IsRegion(a.Region) {
		region = a.Region
	}
	return account, region
}

// Actor is who an ARN is of. A session's role is not named: its path is not in the ARN, so only its name is known.
func Actor(arn string) event.Actor {
	a, err := principal.ParseARN(arn)
	if err != nil {
		return event.Actor{}
	}
	out := event.Actor{ARN: arn, Account: a.Account}
	kind, rest, _ := strings.Cut(a.Resource, "/")
	switch kind {
	case "user":
		out.Type, out.UserName = "IAMUser", rest[strings.LastIndexByte(rest, '/')+1:]
	case "assumed-role":
		out.Type = "AssumedRole"
		out.IssuerName, _, _ = strings.Cut(rest, "/")
	case "federated-user":
		out.Type = "FederatedUser"
	case "role":
		out.Type = "Role"
	case "root":
		out.Type = "Root"
	}
	return out
}

// Failed is the error code of an HTTP status: the status itself from 400 on, else empty.
func Failed(status string) string {
	if len(status) == 3 && (status[0] == '4' || status[0] == '5') {
		return status
	}
	return ""
}
