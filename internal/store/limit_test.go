package store

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// SQLite looks at the value of a parameter that stands alone behind limit when it plans a query, and plans it anew whenever one is bound:
// that took a tenth of the time of a playbook's step. In a cast it does not look.
// Source: sqlite3ExprIsInteger and sqlite3VdbeSetVarmask in https://sqlite.org/src.
func TestLimitsAreCast(t *testing.T) {
	files, err := filepath.Glob("queries/*.sql")
	if err != nil || len(files) == 0 {
		t.Fatalf("no queries: %v", err)
	}
	bare := regexp.MustCompile(`(limit|offset) (sqlc\.|\$)`)
	for _, f := range files {
		text, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		for i, line := range strings.Split(string(text), "\n") {
			if bare.MatchString(line) {
				t.Errorf("%s:%d: write cast(sqlc.arg(most) as integer): %s", f, i+1, line)
			}
		}
	}
}
