package provider

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"
)

var update = flag.Bool("update", false, "write the golden file again")

const golden = "testdata/types.txtar"

// TestTypes translates one resource of many types, with the attributes that people write, and compares with what was read by a
// person.
func TestTypes(t *testing.T) {
	a, err := txtar.ParseFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	read, left := 0, 0
	for i := 0; i+1 < len(a.Files); i += 2 {
		kind := path.Dir(a.Files[i].Name)
		r := &Resource{Address: kind + ".x", Type: kind, New: true, Values: map[string]any{}}
		if err := json.Unmarshal(a.Files[i].Data, &r.Values); err != nil {
			t.Fatal(kind, err)
		}
		exact(r.Values)
		res := Translate([]*Resource{r})[0]
		if res.Fate != Own {
			t.Errorf("%s is %s", kind, res.Fate)
		}
		read, left = read+res.Values.Read, left+res.Values.Left
		got := map[string]any{"Type": res.Type, "Properties": res.Properties}
		if res.Related != nil {
			got["Related"] = res.Related
		}
		var unknown []string
		for _, u := range res.Unknown {
			unknown = append(unknown, u.Path)
		}
		for _, l := range res.Left {
			unknown = append(unknown, l.Attribute+" is left: "+l.Why)
		}
		if unknown != nil {
			got["Unknown"] = unknown
		}
		text, err := json.MarshalIndent(got, "", " ")
		if err != nil {
			t.Fatal(err)
		}
		text = append(text, '\n')
		if *update {
			a.Files[i+1].Data = text
		} else if diff := cmp.Diff(strings.Split(string(a.Files[i+1].Data), "\n"), strings.Split(string(text), "\n")); diff != "" {
			t.Errorf("%s: %s", kind, diff)
		}
	}
	if *update {
		if err := os.WriteFile(golden, bytes.TrimLeft(txtar.Format(a), "\n"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	t.Logf("%d types, %d values read, %d left", len(a.Files)/2, read, left)
	if len(a.Files) < 80 || left*20 > read {
		t.Errorf("too little is read")
	}
}
