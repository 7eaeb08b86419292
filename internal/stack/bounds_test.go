package stack_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"

	"jobzero/internal/inventory/cloudformation"
	"jobzero/internal/resource"
	"jobzero/internal/stack"
)

// counting is a catalogue that counts what is asked of it.
type counting struct {
	mu          sync.Mutex
	reads       map[string]int
	now, atOnce int
	rules       []any
}

func (*counting) Reads(t resource.Type) bool { return t == resource.SecurityGroup }

func (c *counting) Read(_ context.Context, ref resource.Ref) (resource.Resource, error) {
	c.mu.Lock()
	c.reads[ref.Key()]++
	c.now++
	c.atOnce = max(c.atOnce, c.now)
	c.mu.Unlock()
	r := resource.Resource{Ref: ref, Properties: map[string]any{"GroupDescription": "web", "SecurityGroupIngress": c.rules}}
	c.mu.Lock()
	c.now--
	c.mu.Unlock()
	return r, nil
}

// large is a stack as large as CloudFormation takes them: groups with rules, and rules that stand alone.
func large(groups, rules int) (cloudformation.Stack, []any) {
	s := cloudformation.Stack{Account: "111122223333", Region: region, Name: "large", State: "CREATE_COMPLETE"}
	var b strings.Builder
	var live []any
	b.WriteString("Resources:\n")
	for i := range groups {
		fmt.Fprintf(&b, "  G%d:\n    Type: AWS::EC2::SecurityGroup\n    Properties:\n      GroupDescription: web\n      SecurityGroupIngress:\n", i)
		s.Members = append(s.Members, cloudformation.Member{Name: fmt.Sprintf("G%d", i), ID: fmt.Sprintf("sg-%d", i), Type: resource.SecurityGroup})
		for n := range rules {
			fmt.Fprintf(&b, "        - {IpProtocol: tcp, FromPort: %d, ToPort: %d, CidrIp: 10.0.0.0/8}\n", n, n)
		}
		fmt.Fprintf(&b, "  R%d:\n    Type: AWS::EC2::SecurityGroupIngress\n    Properties: {GroupId: !GetAtt G%d.GroupId, IpProtocol: tcp, FromPort: 9999, ToPort: 9999, CidrIp: 10.0.0.0/8}\n", i, i)
		s.Members = append(s.Members, cloudformation.Member{Name: fmt.Sprintf("R%d", i), ID: fmt.Sprintf("sgr-%d", i), Type: "AWS::EC2::SecurityGroupIngress"})
	}
	for n := rules - 1; n >= 0; n-- {
		live = append(live, map[string]any{"IpProtocol": "tcp", "FromPort": int64(n), "ToPort": int64(n), "CidrIp": "10.0.0.0/8"})
	}
	live = append(live, map[string]any{"IpProtocol": "tcp", "FromPort": int64(9999), "ToPort": int64(9999), "CidrIp": "10.0.0.0/8"})
	s.Template = []byte(b.String())
	return s, live
}

// TestEachIsReadOnce: what several resources of a stack belong to is read once, a few at a time.
func TestEachIsReadOnce(t *testing.T) {
	s, live := large(250, 10)
	c := &counting{reads: map[string]int{}, rules: live}
	h, err := stack.Hold(t.Context(), c, s, stack.Source{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if differences, open := told(h); len(differences)+len(open) > 0 {
		t.Errorf("%d differ, %d open: %.300q %.300q", len(differences), len(open), differences, open)
	}
	for key, n := range c.reads {
		if n != 1 {
			t.Errorf("%s was read %d times", key, n)
		}
	}
	if len(c.reads) != 250 || c.atOnce > 4 {
		t.Errorf("%d were read, %d at once", len(c.reads), c.atOnce)
	}
}

// TestMuchIsShownInPart: a finding of a stack in which everything differs has a size that can be kept, and says how many there are.
func TestMuchIsShownInPart(t *testing.T) {
	s, _ := large(250, 2)
	h, err := stack.Hold(t.Context(), &counting{reads: map[string]int{}}, s, stack.Source{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	got := h.Resource().Properties
	if list, _ := got["Differences"].([]any); len(list) != 100 || got["Different"] != int64(750) {
		t.Errorf("%d of %v differences", len(list), got["Different"])
	}
}

func BenchmarkHold(b *testing.B) {
	s, live := large(250, 20)
	c := &counting{reads: map[string]int{}, rules: live}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := stack.Hold(b.Context(), c, s, stack.Source{}, nil); err != nil {
			b.Fatal(err)
		}
	}
}
