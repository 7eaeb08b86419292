package access

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"jobzero/internal/fault"
	"jobzero/internal/policy"
)

// KeyGrant is a grant of a KMS key, as ListGrants gives it
// (docs.aws.amazon.com/kms/latest/APIReference/API_GrantListEntry.html).
type KeyGrant struct {
	KeyID             string `json:"KeyId"` // ARN of the key
	GrantID           string `json:"GrantId"`
	GranteePrincipal  string
	RetiringPrincipal string
	Operations        []string
	Constraints       struct {
		EncryptionContextEquals, EncryptionContextSubset map[string]string
	}
}

// constrained are the operations that the constraints of a grant are about: those that take an encryption context
// (docs.aws.amazon.com/kms/latest/APIReference/API_GrantConstraints.html).
var constrained = []string{
	"Decrypt", "Encrypt", "GenerateDataKey", "GenerateDataKeyPair", "GenerateDataKeyPairWithoutPlaintext", "GenerateDataKeyWithoutPlaintext",
	"ReEncryptFrom", "ReEncryptTo",
}

// Document is what a grant allows as statements of the key: it stands beside the key's policy, and a Deny outweighs it as it does there
// (docs.aws.amazon.com/kms/latest/developerguide/grants.html). Unlike that policy it needs nothing of the account of whom it names: the roles of
// services, which have no rights on keys and can be given none, use keys of other accounts by grants alone
// (docs.aws.amazon.com/autoscaling/ec2/userguide/key-policy-requirements-EBS-encryption.html). An error is fault.Invalid: a grant to nobody, or of nothing.
func (g KeyGrant) Document() (*policy.Document, error) {
	if g.GranteePrincipal == "" || len(g.Operations) == 0 {
		return nil, fault.New(fault.Invalid, "grant %s of %s: want GranteePrincipal and Operations", g.GrantID, g.KeyID)
	}
	who := "AWS"
	if strings.HasSuffix(g.GranteePrincipal, ".amazonaws.com") {
		who = "Service"
	}
	var free, bound []string
	for _, op := range g.Operations {
		if slices.Contains(constrained, op) {
			bound = append(bound, "kms:"+op)
		} else {
			free = append(free, "kms:"+op)
		}
	}
	var list []map[string]any
	for _, part := range []struct {
		actions   []string
		condition map[string]any
	}{{free, nil}, {bound, g.condition()}} {
		if len(part.actions) == 0 {
			continue
		}
		s := map[string]any{"Effect": "Allow", "Principal": map[string]string{who: g.GranteePrincipal}, "Action": part.actions, "Resource": "*"}
		if part.condition != nil {
			s["Condition"] = part.condition
		}
		list = append(list, s)
	}
	text, err := json.Marshal(map[string]any{"Version": "2012-10-17", "Statement": list})
	if err != nil {
		return nil, fmt.Errorf("grant %s: %w", g.GrantID, err)
	}
	d, _, err := policy.Parse("grant "+g.GrantID, policy.Resource, text)
	if err == nil {
		d.Kind = policy.Grant
	}
	return d, err
}

// condition is what the constraints ask of the encryption context: that it has these pairs, and with Equals no others.
func (g KeyGrant) condition() map[string]any {
	pairs := map[string]string{}
	for _, part := range []map[string]string{g.Constraints.EncryptionContextSubset, g.Constraints.EncryptionContextEquals} {
		for k, v := range part {
			pairs["kms:EncryptionContext:"+k] = v
		}
	}
	if len(pairs) == 0 {
		return nil
	}
	out := map[string]any{"StringEquals": pairs}
	if only := g.Constraints.EncryptionContextEquals; len(only) > 0 {
		var keys []string
		for k := range only {
			keys = append(keys, k)
		}
		slices.Sort(keys)
		out["ForAllValues:StringEquals"] = map[string]any{"kms:EncryptionContextKeys": keys}
	}
	return out
}
