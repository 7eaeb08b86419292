package access

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"sync"
)

// theirs is a case in the form of the other evaluator, the npm package @cloud-copilot/iam-simulate.
func theirs(c *made) ([]byte, error) {
	request := map[string]any{
		"action": c.Request.Action, "contextVariables": c.Request.Context,
		"resource": map[string]any{"resource": c.Request.Resource.ARN, "accountId": c.Request.Resource.Account},
	}
	if c.Request.Principal.Type == "Anonymous" {
		request["principal"] = map[string]any{"type": "Anonymous"}
	} else {
		request["principal"] = c.Request.Principal.ARN
	}
	identity := c.Identity
	if identity == nil {
		identity = []named{}
	}
	out := map[string]any{
		"request": request, "identityPolicies": identity, "serviceControlPolicies": levels(c.SCPs), "resourceControlPolicies": levels(c.RCPs),
	}
	if c.Resource != nil {
		out["resourcePolicy"] = c.Resource
	}
	if c.Session != nil {
		out["sessionPolicy"] = c.Session
	}
	if c.Boundaries != nil {
		out["permissionBoundaryPolicies"] = namedAll(c.Boundaries)
	}
	if c.Endpoint != nil {
		out["vpcEndpointPolicies"] = namedAll(c.Endpoint)
	}
	return json.Marshal(out)
}

func namedAll(of []map[string]any) []named {
	out := []named{}
	for _, p := range of {
		out = append(out, named{"p", p})
	}
	return out
}

func levels(of [][]any) []any {
	out := []any{}
	for _, level := range of {
		out = append(out, map[string]any{"orgIdentifier": "o", "policies": level})
	}
	return out
}

// processes is how many of the other evaluator run at once.
const processes = 2

// asked gives the other evaluator's decisions over cases, in their order; a script of its is run by node.
func asked(script string, all []made) ([]string, error) {
	out, errs := make([]string, len(all)), make([]error, processes)
	var wait sync.WaitGroup
	for p := range processes {
		from, to := p*len(all)/processes, (p+1)*len(all)/processes
		wait.Go(func() { errs[p] = ask(script, all[from:to], out[from:to]) })
	}
	wait.Wait()
	return out, errors.Join(errs...)
}

func ask(script string, all []made, out []string) error {
	var in, said bytes.Buffer
	for i := range all {
		line, err := theirs(&all[i])
		if err != nil {
			return err
		}
		in.Write(append(line, '\n'))
	}
	cmd := exec.Command("node", script) //nolint:noctx // the script is ours, and the test's own time limit ends it
	cmd.Stdin, cmd.Stderr = &in, &said
	answers, err := cmd.Output()
	if err != nil {
		return fmt.Errorf("the other evaluator: %w: %s", err, said.String())
	}
	r := bufio.NewReader(bytes.NewReader(answers))
	for i := range out {
		line, err := r.ReadBytes('\n')
		if err != nil && !errors.Is(err, io.EOF) {
			return err
		}
		var a struct {
			Result string
			Error  json.RawMessage
		}
		if err := json.Unmarshal(line, &a); err != nil {
			return fmt.Errorf("answer %d of the other evaluator: %w", i+1, err)
		}
		if out[i] = a.Result; a.Error != nil {
			out[i] = "refused: " + string(a.Error)
		}
	}
	return nil
}
