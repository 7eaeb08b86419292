package internal_test

import (
	"go/ast"
	"go/token"
	"strings"
	"testing"
)

// TestNoPartitionByHand: what changes something names it in the partition where it is. An ARN that begins with arn:aws: is wrong in China and
// in GovCloud, where the call would be denied, or narrowed to nothing.
func TestNoPartitionByHand(t *testing.T) {
	looked := 0
	for _, s := range house(t) {
		if room := s.room(); s.test || room != "action" && room != "awsorg" && room != "playbook" {
			continue
		}
		looked++
		ast.Inspect(s.tree, func(n ast.Node) bool {
			if l, ok := n.(*ast.BasicLit); ok && l.Kind == token.STRING && strings.Contains(l.Value, "arn:aws") {
				t.Errorf("%s: %s: take the partition of the region, or of an ARN that the API has given", s.fset.Position(l.Pos()), l.Value)
			}
			return true
		})
	}
	if looked < 20 {
		t.Fatalf("%d files were looked at", looked)
	}
}
