package machine_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"jobzero/internal/access/estate"
	"jobzero/internal/access/holding"
	"jobzero/internal/access/machine"
)

// made reads roles of which each trusts somebody.
func made(t *testing.T, trusts map[string]string) machine.Input {
	t.Helper()
	in := machine.Input{World: holding.New(), Estate: estate.New()}
	in.Estate.Tell(in.World)
	for arn, trust := range trusts {
		text := `{"RoleDetailList": [{"Arn": "` + arn + `", "AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": [` + trust + `]}}]}`
		if err := in.Estate.Read("made.json", strings.NewReader(text)); err != nil {
			t.Fatal(err)
		}
	}
	in.World.Done()
	if err := in.Estate.Done(); err != nil {
		t.Fatal(err)
	}
	return in
}

func TestKinds(t *testing.T) {
	const role = "arn:aws:iam::111122223333:role/"
	allow := func(who string) string {
		return `{"Effect": "Allow", "Principal": ` + who + `, "Action": "sts:AssumeRole"}`
	}
	want := map[string]machine.Kind{
		role + "service": machine.Service, role + "outside": machine.Cross, role + "anybody": machine.Cross, role + "inside": machine.Inside,
		role + "token": machine.OIDC, role + "web": machine.OIDC, role + "directory": machine.SAML, role + "both": machine.Cross, role + "denied": machine.Inside,
		role + "but": machine.Cross, role + "aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS": machine.ServiceLinked,
	}
	all, left := machine.All(made(t, map[string]string{
		role + "service":   allow(`{"Service": "ec2.amazonaws.com"}`),
		role + "outside":   allow(`{"AWS": "444455556666"}`),
		role + "anybody":   allow(`"*"`),
		role + "inside":    allow(`{"AWS": "arn:aws:iam::111122223333:root"}`),
		role + "token":     allow(`{"Federated": "arn:aws:iam::111122223333:oidc-provider/token.example.com"}`),
		role + "web":       allow(`{"Federated": "cognito-identity.amazonaws.com"}`),
		role + "directory": allow(`{"Federated": "arn:aws:iam::111122223333:saml-provider/idp"}`),
		role + "both":      allow(`{"Service": "ec2.amazonaws.com", "AWS": "arn:aws:iam::444455556666:role/x"}`),
		role + "denied":    `{"Effect": "Deny", "Principal": {"AWS": "444455556666"}, "Action": "sts:AssumeRole"}`,
		role + "but":       `{"Effect": "Allow", "NotPrincipal": {"AWS": "111122223333"}, "Action": "sts:AssumeRole"}`,
		role + "aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS": allow(`{"Service": "ecs.amazonaws.com"}`),
		role + "aws-reserved/sso.amazonaws.com/AWSReservedSSO_Admin_1":   allow(`{"Federated": "arn:aws:iam::111122223333:saml-provider/AWSSSO"}`),
	}))
	got := map[string]machine.Kind{}
	for _, i := range all {
		got[i.ARN] = i.Kind
	}
	if d := cmp.Diff(want, got); d != "" || left.Roles != 1 {
		t.Error(d, left)
	}
}

// TestIdle: what nobody said is not known, and neither used nor unused.
func TestIdle(t *testing.T) {
	now := time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC)
	ago := func(days int) time.Time { return now.AddDate(0, 0, -days) }
	for name, c := range map[string]struct {
		i           machine.Identity
		idle, known bool
	}{
		"used yesterday":           {machine.Identity{Told: true, Used: ago(1), Created: ago(900)}, false, true},
		"used long ago":            {machine.Identity{Told: true, Used: ago(91)}, true, true},
		"never, old":               {machine.Identity{Told: true, Created: ago(91)}, true, true},
		"never, new":               {machine.Identity{Told: true, Created: ago(9)}, false, true},
		"never, of unknown age":    {machine.Identity{Told: true}, false, false},
		"nobody said":              {machine.Identity{Created: ago(900)}, false, false},
		"a provider is never used": {machine.Identity{Kind: machine.Provider}, false, true},
	} {
		if idle, known := c.i.Idle(90*24*time.Hour, now); idle != c.idle || known != c.known {
			t.Errorf("%s: %v, %v", name, idle, known)
		}
	}
}
