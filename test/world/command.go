package world

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os/exec"
	"strings"
)

// Run runs another jobzero command beside the house, on the same store.
func (h *House) Run(ctx context.Context, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, h.Program, args...)
	cmd.Dir, cmd.Env = h.Dir, h.env
	var out, bad bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &bad
	if err := cmd.Run(); err != nil {
		return out.String(), fmt.Errorf("jobzero %s: %w\n%s", strings.Join(args, " "), err, bad.String())
	}
	return out.String(), nil
}

// List runs a listing command and decodes its lines of JSON.
func List[T any](ctx context.Context, h *House, args ...string) ([]T, error) {
	text, err := h.Run(ctx, append(args, "--config", "jobzero.yaml", "--format", "json")...)
	if err != nil {
		return nil, err
	}
	var all []T
	d := json.NewDecoder(strings.NewReader(text))
	for d.More() {
		var v T
		if err := d.Decode(&v); err != nil {
			return nil, fmt.Errorf("jobzero %s printed no JSON: %w", strings.Join(args, " "), err)
		}
		all = append(all, v)
	}
	return all, nil
}
