package schema

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"jobzero/internal/resource"
	"jobzero/internal/testcorpus"
)

// TestHandlers reads the table of every type.
func TestHandlers(t *testing.T) {
	read, list, never := 0, 0, 0
	for _, name := range Names() {
		h := HandlersOf(name)
		never += len(h.WriteOnly)
		if h.CanRead {
			read++
		}
		if h.CanList {
			list++
		}
		if len(h.Of) > 0 && !h.CanList {
			t.Errorf("%s is listed of %v and cannot be listed", name, h.Of)
		}
	}
	if read < 1000 || list < 1000 || never < 1000 {
		t.Errorf("%d types can be read, %d listed, %d properties are write-only", read, list, never)
	}
	if h := HandlersOf("AWS::S3::Buckets"); h.CanRead || h.WriteOnly != nil {
		t.Errorf("there is a type that there is not: %+v", h)
	}
	if h := HandlersOf("AWS::ApiGateway::Stage"); !h.CanRead || !h.CanList || !slices.Equal(h.Of, []string{"RestApiId"}) {
		t.Errorf("got %+v", h)
	}
	if !slices.Contains(WriteOnly("AWS::RDS::DBInstance"), "MasterUserPassword") {
		t.Error("a database gives its password back")
	}
}

// TestHandlersOfOthers holds the table against the schemas of another publisher, read by other means than the generator's.
func TestHandlersOfOthers(t *testing.T) {
	paths, err := filepath.Glob(filepath.Join(testcorpus.Path(t, "cfn-resource-schemas"), "*.json"))
	if err != nil || len(paths) < 60 {
		t.Fatalf("%d schemas, %v", len(paths), err)
	}
	for _, p := range paths {
		raw, err := os.ReadFile(p)
		if err != nil {
			t.Fatal(err)
		}
		var s map[string]any
		if err := json.Unmarshal(raw, &s); err != nil {
			t.Fatal(err)
		}
		name, _ := s["typeName"].(string)
		got := HandlersOf(resource.Type(name))
		var want []string
		never, _ := s["writeOnlyProperties"].([]any)
		for _, w := range never {
			text, _ := w.(string)
			want = append(want, strings.ReplaceAll(strings.TrimPrefix(text, "/properties/"), "/", "."))
		}
		for _, w := range want { // the table may be newer and know more
			if !slices.Contains(got.WriteOnly, w) {
				t.Errorf("%s: %s is write-only, the table has %v", name, w, got.WriteOnly)
			}
		}
		handlers, _ := s["handlers"].(map[string]any)
		if _, read := handlers["read"]; read != got.CanRead {
			t.Errorf("%s: can be read: %t, the table has %t", name, read, got.CanRead)
		}
		if _, list := handlers["list"]; list != got.CanList {
			t.Errorf("%s: can be listed: %t, the table has %t", name, list, got.CanList)
		}
	}
}
