package api

import (
	"net/http"
	"testing"
)

// TestAnotherSitesForm: no page of another site reports anything for whoever looks at it, also where anybody may report.
func TestAnotherSitesForm(t *testing.T) {
	w := settleWith(t, outside(true))
	for _, who := range []string{"nobody", "rex"} {
		for path, fields := range map[string]map[string]string{"/report": {"title": "x"}, "/report/follow": {"code": "x"}} {
			for name, value := range map[string]string{"Sec-Fetch-Site": "cross-site", "Origin": "https://elsewhere.example"} {
				if got := w.say(nil, who, http.MethodPost, path, fields, name, value); got.status != http.StatusForbidden {
					t.Errorf("%s as %s with %s %s: %d %.200s", path, who, name, value, got.status, got.body)
				}
			}
		}
	}
}
