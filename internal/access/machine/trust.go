package machine

import (
	"slices"
	"strings"

	"jobzero/internal/access/estate"
	"jobzero/internal/access/holding"
)

// trusted says who may take a role on, and what kind of role that makes it.
func trusted(e *estate.Estate, r *holding.Role) (Kind, []string) {
	if strings.Contains(r.ARN, ":role/aws-service-role/") {
		return ServiceLinked, names(e, r.ARN)
	}
	h, ok := e.Holder(r.ARN)
	if !ok || h.Trust == nil {
		return Unread, nil
	}
	all := names(e, r.ARN)
	kind, rank := Inside, len(ranks)
	for _, name := range all {
		k := kindOf(name, r.Account)
		if at := slices.Index(ranks, k); at >= 0 && at < rank {
			kind, rank = k, at
		}
	}
	return kind, all
}

// ranks are the kinds in the order in which they count.
var ranks = []Kind{Cross, OIDC, SAML, Service}

func kindOf(name, account string) Kind {
	switch {
	case strings.Contains(name, ":oidc-provider/"), federates[name]:
		return OIDC
	case strings.Contains(name, ":saml-provider/"):
		return SAML
	case strings.HasSuffix(name, ".amazonaws.com"), strings.HasSuffix(name, ".amazonaws.com.cn"):
		return Service
	case name == "*":
		return Cross
	}
	if p := strings.SplitN(name, ":", 6); len(p) == 6 && p[4] != account || len(p) == 1 && name != account {
		return Cross
	}
	return Inside
}

// federates are issuers that STS knows without a provider (docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html).
var federates = map[string]bool{"cognito-identity.amazonaws.com": true, "www.amazon.com": true, "graph.facebook.com": true, "accounts.google.com": true}

// names are those whom the trust policy of a role names. Conditions narrow who of them may; they are not looked at here.
func names(e *estate.Estate, role string) (out []string) {
	h, ok := e.Holder(role)
	if !ok || h.Trust == nil {
		return nil
	}
	for _, s := range h.Trust.Statements {
		if !s.Allow {
			continue
		}
		for _, who := range s.Who {
			if !slices.Contains(out, who.Name) {
				out = append(out, who.Name)
			}
		}
		if len(s.NotWho) > 0 && !slices.Contains(out, "*") {
			out = append(out, "*")
		}
	}
	slices.Sort(out)
	return out
}
