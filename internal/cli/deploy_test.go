package cli_test

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"jobzero/internal/check"
	"jobzero/internal/cli"
	"jobzero/internal/doc"
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

// step is a part of a composite action.
type step struct {
	Name  string            `yaml:"name"`
	ID    string            `yaml:"id"`
	If    string            `yaml:"if"`
	Uses  string            `yaml:"uses"`
	Shell string            `yaml:"shell"`
	Run   string            `yaml:"run"`
	Env   map[string]string `yaml:"env"`
	With  map[string]string `yaml:"with"`
}

type described struct {
	Description string `yaml:"description"`
	Default     string `yaml:"default"`
	Value       string `yaml:"value"`
}

// actionFile is the form of action.yml, as far as it is used:
// https://docs.github.com/actions/reference/workflows-and-actions/metadata-syntax.
type actionFile struct {
	Name        string               `yaml:"name"`
	Description string               `yaml:"description"`
	Author      string               `yaml:"author"`
	Inputs      map[string]described `yaml:"inputs"`
	Outputs     map[string]described `yaml:"outputs"`
	Runs        struct {
		Using string `yaml:"using"`
		Steps []step `yaml:"steps"`
	} `yaml:"runs"`
}

const openGroup = `{"Resources": {"Open": {"Type": "AWS::EC2::SecurityGroup", "Properties": {"GroupDescription": "x",
"SecurityGroupIngress": [{"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "CidrIp": "0.0.0.0/0"}]}}}}`

func strictly(t *testing.T, file string, into any) {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := doc.Decode(file, text, into); err != nil {
		t.Fatal(err)
	}
}

// TestAction runs the scripts of the action as GitHub would, with the inputs that a workflow gives.
func TestAction(t *testing.T) {
	var a actionFile
	strictly(t, filepath.Join(deployed, "github-action", "action.yml"), &a)
	byName := map[string]step{}
	for _, s := range a.Runs.Steps {
		byName[s.Name] = s
		if s.Run != "" && (s.Shell != "bash" || strings.Contains(s.Run, "${{")) {
			t.Errorf("%s: want bash, and no expression in the script", s.Name)
		}
	}
	if a.Runs.Using != "composite" || !strings.Contains(byName["Build jobzero"].Run, "./cmd/jobzero") || byName["Check"].ID != "check" {
		t.Fatalf("%+v", a)
	}
	if _, err := os.Stat(filepath.Join(deployed, "github-action", "..", "..", "cmd", "jobzero", "main.go")); err != nil {
		t.Error(err)
	}
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		inputs map[string]string
		code   string
		found  bool
	}{
		"open":     {nil, "1", true},
		"mild":     {map[string]string{"fail-on": "critical"}, "0", true},
		"known":    {map[string]string{"paths": "a b.json\n", "baseline": "known.json"}, "0", true},
		"fine":     {map[string]string{"paths": "fine.json"}, "0", false},
		"no file":  {map[string]string{"paths": "a b.json\nnone.json"}, "2", true},
		"a trick":  {map[string]string{"paths": "$(touch tricked)"}, "2", false},
		"a flag":   {map[string]string{"paths": "--help"}, "2", false},
		"no words": {map[string]string{"fail-on": "x; touch tricked"}, "2", false},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			for file, text := range map[string]string{
				"a b.json": openGroup, "fine.json": `{"Resources": {"Topic": {"Type": "AWS::SSM::Parameter", "Properties": {"Name": "a", "Type": "String", "Value": "b"}}}}`,
				"known.json": `[{"expectation": "ec2-no-open-admin-ingress", "file": "a b.json", "resource": "Open"}]`,
			} {
				if err := os.WriteFile(filepath.Join(dir, file), []byte(text), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			temp, output := t.TempDir(), filepath.Join(t.TempDir(), "output")
			if err := os.Symlink(program, filepath.Join(temp, "jobzero")); err != nil {
				t.Fatal(err)
			}
			env := append(os.Environ(), "RUNNER_TEMP="+temp, "GITHUB_OUTPUT="+output, asProgram+"=1")
			for key, expression := range byName["Check"].Env {
				input := strings.TrimSuffix(strings.TrimPrefix(expression, "${{ inputs."), " }}")
				in, there := a.Inputs[input]
				if !there {
					t.Errorf("there is no input %s", input)
				}
				value, given := c.inputs[input]
				if !given {
					value = in.Default
				}
				env = append(env, key+"="+value)
			}
			cmd := exec.Command("bash", "-e", "-o", "pipefail", "-c", byName["Check"].Run)
			cmd.Dir, cmd.Env = dir, env
			if said, err := cmd.CombinedOutput(); err != nil {
				t.Fatalf("%v: %s", err, said)
			}
			said, err := os.ReadFile(output)
			if err != nil || !strings.Contains(string(said), "exit-code="+c.code+"\n") {
				t.Errorf("%s %v, want %s", said, err, c.code)
			}
			result, err := os.ReadFile(filepath.Join(temp, "jobzero.sarif"))
			if shown := strings.Contains(string(said), "sarif="+temp); shown != (len(result) > 0) {
				t.Errorf("%s: shown %t", said, shown)
			}
			if err != nil || c.found != strings.Contains(string(result), "ec2-no-open-admin-ingress") {
				t.Errorf("%s %v", result, err)
			}
			if _, err := os.Stat(filepath.Join(dir, "tricked")); err == nil {
				t.Error("an input was run as a command")
			}
			verdict := exec.Command("bash", "-e", "-c", byName["Verdict"].Run)
			verdict.Env = append(os.Environ(), "CODE="+c.code)
			if err := verdict.Run(); (err == nil) != (c.code == "0") {
				t.Errorf("the job ends with %v", err)
			}
		})
	}
}

// TestPreCommit runs the hook as pre-commit would: the entry with its arguments, or those of the example, in a repository.
func TestPreCommit(t *testing.T) {
	type hookFile struct {
		ID          string   `yaml:"id"`
		Name        string   `yaml:"name"`
		Description string   `yaml:"description"`
		Entry       string   `yaml:"entry"`
		Args        []string `yaml:"args"`
		Language    string   `yaml:"language"`
		Files       string   `yaml:"files"`
		Pass        bool     `yaml:"pass_filenames"`
		Serial      bool     `yaml:"require_serial"`
	}
	var hooks []hookFile
	strictly(t, filepath.Join(deployed, "..", ".pre-commit-hooks.yaml"), &hooks)
	var example struct {
		Repos []struct {
			Repo  string `yaml:"repo"`
			Rev   string `yaml:"rev"`
			Hooks []struct {
				ID   string   `yaml:"id"`
				Args []string `yaml:"args"`
			} `yaml:"hooks"`
		} `yaml:"repos"`
	}
	strictly(t, filepath.Join(deployed, "pre-commit", "pre-commit-config.yaml"), &example)
	if len(hooks) != 1 || hooks[0].Pass || hooks[0].Language != "golang" || example.Repos[0].Hooks[0].ID != hooks[0].ID {
		t.Fatalf("%+v %+v", hooks, example)
	}
	files := regexp.MustCompile(hooks[0].Files)
	for name, want := range map[string]bool{"infra/a.yaml": true, "a.yml": true, "plan.json": true, "x.template": true, "main.go": false} {
		if files.MatchString(name) != want {
			t.Errorf("%s: %t", name, !want)
		}
	}
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	bin := t.TempDir()
	if err := os.Symlink(program, filepath.Join(bin, "jobzero")); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		args     []string
		baseline string
		code     int
	}{
		"as it is": {hooks[0].Args, "[]", 1}, "new": {example.Repos[0].Hooks[0].Args, "[]", 1},
		"known": {example.Repos[0].Hooks[0].Args, `[{"expectation": "ec2-no-open-admin-ingress", "file": "infra/a.json", "resource": "Open"}]`, 0},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			if err := os.Mkdir(filepath.Join(dir, "infra"), 0o750); err != nil {
				t.Fatal(err)
			}
			for file, text := range map[string]string{"infra/a.json": openGroup, "infra/values.yaml": "a: 1\n", "baseline.json": c.baseline} {
				if err := os.WriteFile(filepath.Join(dir, file), []byte(text), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			entry := strings.Fields(hooks[0].Entry)
			cmd := exec.Command(filepath.Join(bin, entry[0]), append(entry[1:], c.args...)...)
			cmd.Dir, cmd.Env = dir, append(os.Environ(), asProgram+"=1")
			said, _ := cmd.CombinedOutput() // the exit code says what came of it
			if cmd.ProcessState.ExitCode() != c.code {
				t.Errorf("exit code %d, want %d: %s", cmd.ProcessState.ExitCode(), c.code, said)
			}
		})
	}
}
