package cli_test

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"jobzero/internal/check"
	"jobzero/internal/cli"
)

// deployed is the folder of what is installed.
const deployed = "../../deploy"

// TestHookTemplate holds our own template against our own expectations, and wants it to stop nothing by default.
func TestHookTemplate(t *testing.T) {
	var out, said bytes.Buffer
	code := cli.Main(t.Context(), []string{"check", "--format", "json", "--all", "--account", "111122223333", "--region", "eu-central-1", filepath.Join(deployed, "hook")}, nil, &out, &said)
	if code != 0 || strings.Contains(said.String(), "warning") {
		t.Errorf("exit code %d: %s\n%s", code, said.String(), out.String())
	}
	met := 0
	for line := range strings.Lines(out.String()) {
		var x check.Object
		if err := json.Unmarshal([]byte(line), &x); err != nil {
			t.Fatal(err)
		}
		if x.Verdict == check.Pass {
			met++
		}
	}
	if met < 5 {
		t.Errorf("%d met: nothing was looked at", met)
	}
	text, err := os.ReadFile(filepath.Join(deployed, "hook", "template.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"Default: plan", "Default: WARN", "provided.al2023", "[arm64]", "AWS::CloudFormation::LambdaHook"} {
		if !strings.Contains(string(text), want) {
			t.Errorf("no %s in the template", want)
		}
	}
	start, err := os.Stat(filepath.Join(deployed, "hook", "bootstrap"))
	if err != nil || start.Mode()&0o111 == 0 {
		t.Errorf("bootstrap cannot be started: %v", err)
	}
}
