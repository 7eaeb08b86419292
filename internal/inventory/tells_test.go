package inventory_test

import (
	"slices"
	"testing"

	"jobzero/internal/inventory"
	"jobzero/internal/resource"
)

// TestUntold: that a reader does not look for something is not the same as that there is none.
func TestUntold(t *testing.T) {
	r := resource.Resource{Ref: resource.Ref{Type: resource.Bucket}, Properties: map[string]any{"WebsiteConfiguration": map[string]any{}}, Related: map[string]any{}}
	inventory.Untold(&r)
	var paths []string
	for _, u := range r.Unknown {
		paths = append(paths, u.Path)
	}
	for _, path := range []string{"properties.LifecycleConfiguration", "properties.AccessControl", "properties.WebsiteConfiguration.RoutingRules"} {
		if !slices.Contains(paths, path) {
			t.Errorf("%s is not unknown", path)
		}
	}
	for _, path := range []string{"properties.VersioningConfiguration", "properties.LoggingConfiguration.TargetObjectKeyFormat", "properties"} {
		if slices.Contains(paths, path) {
			t.Errorf("%s is unknown", path)
		}
	}
	other := resource.Resource{Ref: resource.Ref{Type: "AWS::SNS::Topic"}, Properties: map[string]any{}}
	if inventory.Untold(&other); slices.ContainsFunc(other.Unknown, func(u resource.Unknown) bool { return u.Cause == resource.NotRead && u.Path == "properties.TopicName" }) {
		t.Error("what Cloud Control leaves out is not there")
	}
}
