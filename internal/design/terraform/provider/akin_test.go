package provider

import (
	"strings"
	"testing"

	"jobzero/internal/resource/schema"
)

// TestMeant holds the guess by names against the table, which knows what each attribute sets: it must find nearly all.
func TestMeant(t *testing.T) {
	all, missed := 0, []string{}
	for tf, e := range open().own {
		typ, _ := schema.Of(e.cfn)
		for at, list := range e.rules {
			for _, r := range list {
				if strings.Contains(at, ".") || len(r.target) == 0 || r.from == '@' {
					continue
				}
				all++
				found, any := false, false
				for _, p := range typ.Properties {
					ok := meant(at, p)
					any, found = any || ok, found || ok && p.Name == strings.TrimRight(r.target[0], "+[]")
				}
				if any && !found { // where none is akin, all are in doubt
					missed = append(missed, tf+"."+at)
				}
			}
		}
	}
	if share := 100 * len(missed) / all; share > 4 {
		t.Errorf("of %d attributes %d are taken for another: %q", all, len(missed), missed)
	}
}

func TestAkin(t *testing.T) {
	for _, c := range []struct {
		attribute, property string
		want                bool
	}{
		{"kms_key_arn", "KmsKeyId", true},
		{"encrypted", "EncryptionConfiguration", true},
		{"server_side_encryption", "SSESpecification", true},
		{"ttl", "TimeToLiveSpecification", true},
		{"name", "StorageEncrypted", false},
		{"name", "DBSubnetGroupName", true},
		{"policy", "PubliclyAccessible", false},
		{"", "Name", false},
		{"_", "Name", false},
	} {
		if got := akin(c.attribute, c.property); got != c.want {
			t.Errorf("%s and %s: %t", c.attribute, c.property, got)
		}
	}
}
