package cli_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"jobzero/internal/check"
	"jobzero/internal/cli"
	"jobzero/internal/role"
	"jobzero/internal/testmoto"
)

// templates are those of an organisation, with what jobzero itself writes into each.
var templates = map[string][]string{
	"account.yaml": {
		"jobzero permissions --role reader --format cloudformation",
		"jobzero permissions --role responder --format cloudformation",
		"jobzero permissions --role organization --format cloudformation",
	},
	"hub.yaml": {"jobzero permissions --role hub --format cloudformation --objects 'arn:${AWS::Partition}:s3:::${TrailBucket}/*'"},
}

// said runs a command of the program and gives what it says.
func said(t *testing.T, args ...string) string {
	t.Helper()
	var out, bad bytes.Buffer
	if code := cli.Main(t.Context(), args, nil, &out, &bad); code != 0 {
		t.Fatalf("%v: exit code %d: %s", args, code, bad.String())
	}
	return out.String()
}

// TestTemplatesAreFresh: the policies in the templates are the ones that the program writes. -update writes them.
func TestTemplatesAreFresh(t *testing.T) {
	for name, commands := range templates {
		path := filepath.Join(deployed, "cloudformation", name)
		have, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		want := string(have)
		for _, command := range commands {
			made := said(t, strings.Fields(strings.ReplaceAll(strings.TrimPrefix(command, "jobzero "), "'", ""))...)
			if want, err = role.Fill(want, command, made); err != nil {
				t.Fatal(err)
			}
		}
		if want == string(have) {
			continue
		}
		if !*update {
			t.Errorf("%s is stale: go test ./internal/cli -run TestTemplatesAreFresh -update", name)
			continue
		}
		if err := os.WriteFile(path, []byte(want), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// params are values for the templates; the roles that change something are asked for.
var params = []string{
	"HubAccount=999900001111", "HubRegion=eu-central-1", "ExternalId=made-up-external-id", "HomeRegion=eu-central-1", "Responder=yes", "Organization=yes",
	"OrganizationId=o-a1b2c3d4e5", "TrailBucket=example-trail", "TrailAccount=444455556666",
}

// TestTemplatesMeetOurExpectations holds what we install against what we expect of everybody.
func TestTemplatesMeetOurExpectations(t *testing.T) {
	args := []string{"check", "--format", "json", "--all", "--account", "111122223333", "--region", "eu-central-1"}
	for _, p := range params {
		args = append(args, "--param", p)
	}
	// A role that repairs policies of others can write one. Each of its sessions is narrowed to one plan, our own roles are denied to it, and
	// where no playbook needs it `jobzero permissions --enabled` leaves it out.
	known, found := map[string]string{"ResponderPolicy1": "iam-no-self-promotion"}, 0
	for name, least := range map[string]int{"account.yaml": 20, "hub.yaml": 20} {
		var out, bad bytes.Buffer
		code := cli.Main(t.Context(), append(args, filepath.Join(deployed, "cloudformation", name)), nil, &out, &bad)
		if code > 1 || strings.Contains(bad.String(), "warning") {
			t.Errorf("%s: exit code %d: %s", name, code, bad.String())
		}
		met := 0
		for line := range strings.Lines(out.String()) {
			var x check.Object
			if err := json.Unmarshal([]byte(line), &x); err != nil {
				t.Fatal(err)
			}
			switch {
			case x.Verdict == check.Pass:
				met++
			case known[x.Resource] == x.Expectation:
				found++
			default:
				t.Errorf("%s: %s", name, line)
			}
		}
		if met < least {
			t.Errorf("%s: %d met: nothing was looked at", name, met)
		}
	}
	if found != len(known) {
		t.Errorf("%d of what is known are found: take the others out", found)
	}
}

// TestTemplatesPassCfnLint asks AWS's own linter, which knows the schemas of all resource types.
func TestTemplatesPassCfnLint(t *testing.T) {
	lint := linter(t)
	for _, name := range []string{"cloudformation/account.yaml", "cloudformation/hub.yaml"} {
		// Names of actions are held against AWS's own table by internal/role: the linter's may be older.
		cmd := exec.Command(lint, "--ignore-checks", "W3037", "--regions", "us-east-1", "eu-central-1", "cn-north-1", "us-gov-west-1", "--", filepath.Join(deployed, name))
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Errorf("%s: %v\n%s", name, err, out)
		}
	}
}

// linter finds cfn-lint, which comes with the emulator.
func linter(t *testing.T) string {
	t.Helper()
	for _, name := range []string{filepath.Join("..", "..", ".venv", "bin", "cfn-lint"), "cfn-lint"} {
		path, err := exec.LookPath(name)
		if err == nil || errors.Is(err, exec.ErrDot) {
			return path
		}
	}
	if os.Getenv(testmoto.EnvRequire) == "1" {
		t.Fatal("cfn-lint is not there: `make emulator` installs it into .venv")
	}
	t.Skip("cfn-lint is not there: `make emulator` installs it into .venv")
	return ""
}
