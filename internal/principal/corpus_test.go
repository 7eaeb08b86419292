package principal_test

import (
	"bufio"
	"encoding/json"
	"os"
	"slices"
	"testing"

	"jobzero/internal/principal"
	"jobzero/internal/testcorpus"
)

// TestManagedPolicies reads every policy that AWS publishes and cuts its first and its last statement.
func TestManagedPolicies(t *testing.T) {
	f, err := os.Open(testcorpus.Path(t, "aws-managed-policies", "policies.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	policies, statements := 0, 0
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 4<<20)
	for lines.Scan() {
		var row map[string]json.RawMessage
		if err := json.Unmarshal(lines.Bytes(), &row); err != nil {
			t.Fatal(err)
		}
		text := row["document"]
		p, err := principal.ParsePolicy(text)
		if err != nil {
			t.Errorf("%.80s: %v", lines.Bytes(), err)
			continue
		}
		policies++
		statements += len(p.Statements)
		for _, i := range slices.Compact([]int{0, len(p.Statements) - 1}) {
			cut, err := p.Without(i)
			if err != nil {
				t.Fatal(err)
			}
			if len(p.Statements) == 1 {
				continue
			}
			q, err := principal.ParsePolicy(cut)
			if err != nil || len(q.Statements) != len(p.Statements)-1 {
				t.Errorf("%.80s without %d: %d statements, %v", lines.Bytes(), i, len(q.Statements), err)
			}
		}
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
	t.Logf("%d policies with %d statements", policies, statements)
	if policies < 800 {
		t.Errorf("only %d policies were read", policies)
	}
}
