package story

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/google/go-cmp/cmp"

	"jobzero/internal/finding"
	"jobzero/test/world"
)

// kills is how often a story of two houses, one of which is left in peace, kills the other in each of its acts.
func kills() int {
	if n, err := strconv.Atoi(os.Getenv("JOBZERO_CRASHES")); err == nil && n > 0 {
		return n
	}
	return 5
}

// harried kills a running house at a random moment and starts it again.
func harried(t *testing.T, h *world.House, within time.Duration) {
	t.Helper()
	wait(t, rand.N(within))
	h.Kill()
	start(t, h)
}

// again starts a house anew with other settings.
func again(t *testing.T, h *world.House, old, now string) {
	t.Helper()
	if err := h.Stop(); err != nil {
		t.Fatal(err)
	}
	if err := h.Change(old, now); err != nil {
		t.Fatal(err)
	}
}

// queue makes one of a house's own.
func queue(t *testing.T) string {
	t.Helper()
	if absent != "" {
		t.Skip(absent)
	}
	of := name("events")
	q, err := sqs.NewFromConfig(shared.AWS.Config(world.Hub)).CreateQueue(t.Context(), &sqs.CreateQueueInput{QueueName: &of})
	if err != nil {
		t.Fatal(err)
	}
	return *q.QueueUrl
}

// drained waits until nothing is left in queues.
func drained(t *testing.T, queues ...string) {
	t.Helper()
	until(t, "the queues are empty", func(ctx context.Context) (bool, error) {
		left := 0
		for _, q := range queues {
			n, err := shared.Left(ctx, q)
			if err != nil {
				return false, err
			}
			left += n
		}
		return left == 0, nil
	})
}

// file writes a text beside a house's settings.
func file(t *testing.T, h *world.House, path, text string) {
	t.Helper()
	path = filepath.Join(h.Dir, path)
	if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// counted are the findings of rules and baselines whose name begins so, with how often each was seen.
func counted(ctx context.Context, h *world.House, prefix string) (map[string]int, error) {
	all, err := world.List[finding.Finding](ctx, h, "finding", "list", "--limit", "10000")
	out := map[string]int{}
	for _, f := range all {
		if strings.HasPrefix(f.By, prefix) {
			out[f.By+" "+string(f.Fingerprint)] = f.Count
		}
	}
	return out, err
}

// replayed is the same of a command that reads logs, such as replay: each sighting counts once.
func replayed(t *testing.T, h *world.House, prefix string, command ...string) map[string]int {
	t.Helper()
	text, err := h.Run(t.Context(), append(command, "--format", "ocsf")...)
	if err != nil {
		t.Fatal(err)
	}
	seen, out := map[string]bool{}, map[string]int{}
	lines := bufio.NewScanner(strings.NewReader(text))
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var v struct {
			Info struct {
				UID      string `json:"uid"`
				Analytic struct {
					UID string `json:"uid"`
				} `json:"analytic"`
			} `json:"finding_info"`
		}
		if err := json.Unmarshal(lines.Bytes(), &v); err != nil {
			t.Fatal(err)
		}
		by, uid := v.Info.Analytic.UID, v.Info.UID
		if seen[by+uid] || !strings.HasPrefix(by, prefix) {
			continue
		}
		seen[by+uid] = true
		fingerprint, _, _ := strings.Cut(uid, "/")
		out[by+" "+fingerprint]++
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
	return out
}

// same waits until a house has found what is wanted, and wants that it stays so.
func same(t *testing.T, who string, h *world.House, prefix string, want map[string]int) {
	t.Helper()
	var got map[string]int
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	err := world.Until(ctx, func() (ok bool, err error) {
		got, err = counted(ctx, h, prefix)
		return maps.Equal(got, want), err
	})
	if err == nil {
		wait(t, time.Second)
		got, err = counted(t.Context(), h, prefix)
	}
	if d := cmp.Diff(want, got); d != "" || err != nil || len(want) == 0 {
		t.Fatalf("the house that was %s, of %d findings (-want +got), %v:\n%s", who, len(want), err, d)
	}
}

// signIn is the record of somebody who signs in from an address.
func signIn(id, address string, at time.Time, failed bool) map[string]any {
	r := world.Call{Account: world.Sandbox, Service: "signin", Name: "ConsoleLogin", User: "kim", Source: address, At: at}.Record()
	r["eventID"] = id
	if failed {
		r["errorMessage"] = "Failed authentication"
	}
	return r
}

// written are records as a file of CloudTrail.
func written(t *testing.T, records []map[string]any) string {
	t.Helper()
	text, err := json.Marshal(map[string]any{"Records": records})
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func address(i int) string { return fmt.Sprintf("203.0.113.%d", i) }
