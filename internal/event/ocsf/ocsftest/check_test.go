package ocsftest_test

import (
	"strings"
	"testing"

	"jobzero/internal/event"
	"jobzero/internal/event/ocsf"
	"jobzero/internal/event/ocsf/ocsftest"
)

// TestCatches breaks a view in every way the schema forbids: a check that cannot fail proves nothing.
func TestCatches(t *testing.T) {
	s := ocsftest.Load(t)
	e := &event.Event{
		ID: "e-1", Account: "111122223333", Log: event.WAF,
		Raw: []byte(`{"httpRequest":{"clientIp":"198.51.100.7","uri":"/a","httpMethod":"GET"},"action":"BLOCK","responseCodeSent":403}`),
	}
	good := func() map[string]any { return s.Decode(ocsf.Of(e)) }
	if wrong := s.Wrong(good()); len(wrong) > 0 {
		t.Fatalf("the view is wrong before it is broken: %v", wrong)
	}
	for want, change := range map[string]func(map[string]any){
		"$.metadata is required":                         func(v map[string]any) { delete(v, "metadata") },
		"$.colour is no attribute of http_activity":      func(v map[string]any) { v["colour"] = "red" },
		"$.action_id is no attribute":                    func(v map[string]any) { v["metadata"].(map[string]any)["profiles"] = []any{"cloud"} },
		"$.cloud is no attribute":                        func(v map[string]any) { v["metadata"].(map[string]any)["profiles"] = []any{"security_control"} },
		"$.time: now is no timestamp_t":                  func(v map[string]any) { v["time"] = "now" },
		"$.time: 1.5 is no timestamp_t":                  func(v map[string]any) { v["time"] = 1.5 },
		"$.severity_id: 7 is not in the enum":            func(v map[string]any) { v["severity_id"] = 7.0 },
		"$.severity: \"High\", but 1 is":                 func(v map[string]any) { v["severity"] = "High" },
		"$.type_uid: 400201 is not class and activity":   func(v map[string]any) { v["type_uid"] = 400201.0 },
		"$.type_uid: 9 is not in the enum":               func(v map[string]any) { v["type_uid"] = 9.0 },
		"there is no class 9":                            func(v map[string]any) { v["class_uid"] = 9.0 },
		"has none of [http_request http_response]":       func(v map[string]any) { delete(v, "http_request"); delete(v, "http_response") },
		"$.src_endpoint.ip: here is no ip_t":             func(v map[string]any) { v["src_endpoint"] = map[string]any{"ip": "here"} },
		"$.src_endpoint has none of":                     func(v map[string]any) { v["src_endpoint"] = map[string]any{"port": 1.0} },
		"$.src_endpoint.port: 65536 is no port_t":        func(v map[string]any) { v["src_endpoint"] = map[string]any{"ip": "::1", "port": 65536.0} },
		"$.src_endpoint must be an object":               func(v map[string]any) { v["src_endpoint"] = "198.51.100.7" },
		"$.metadata.profiles must be a list":             func(v map[string]any) { v["metadata"].(map[string]any)["profiles"] = "cloud" },
		"$.http_request.http_method: \"BREW\" is not in": func(v map[string]any) { v["http_request"].(map[string]any)["http_method"] = "BREW" },
		"$.http_response.code is required":               func(v map[string]any) { delete(v["http_response"].(map[string]any), "code") },
	} {
		v := good()
		change(v)
		if got := strings.Join(s.Wrong(v), "\n"); !strings.Contains(got, want) {
			t.Errorf("want %q, got %q", want, got)
		}
	}
}
