package expect_test

import (
	"testing"

	"jobzero/internal/expect"
	"jobzero/internal/resource"
)

// TestKept: what AWS never gives back is unknown, never a pass, and told from what nobody managed to read.
func TestKept(t *testing.T) {
	_, set := content(t)
	key := func(unknown ...resource.Unknown) resource.Resource {
		return resource.Resource{
			Ref:        resource.Ref{Type: "AWS::KMS::Key", Account: "111122223333", Region: "eu-central-1", ID: "1"},
			Properties: map[string]any{"Enabled": true}, Unknown: unknown,
		}
	}
	const path = "properties.PendingWindowInDays"
	for name, c := range map[string]struct {
		unknown resource.Unknown
		kept    bool
	}{
		"kept":   {resource.Unknown{Path: path, Cause: resource.NeverGivenBack}, true},
		"denied": {resource.Unknown{Path: path, Cause: "denied", Code: "denied"}, false},
	} {
		found := false
		for _, v := range set.Check(key(c.unknown), expect.Facts{}) {
			if v.Expectation.ID == "kms-key-deletion-waits" {
				found = true
				if v.Result != expect.Unknown || v.Kept != c.kept || !v.Wrong() {
					t.Errorf("%s: got %+v", name, v)
				}
			}
		}
		if !found {
			t.Error("nobody judged it")
		}
	}
}
