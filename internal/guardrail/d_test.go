package guardrail

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"jobzero/content"
	"jobzero/internal/expect"
)

func TestTry(t *testing.T) {
	set, bad := expect.Load(content.FS(), "expectations")
	if len(bad) > 0 {
		t.Fatal(bad)
	}
	n := map[Extent]int{}
	for _, e := range set.All() {
		st, c := Derive(e, time.Now())
		n[c.Extent]++
		if len(st) == 0 {
			continue
		}
		fmt.Println("##", e.ID, c.Extent, c.Leaves, c.Costs)
		for _, s := range st {
			b, _ := json.Marshal(s.written(nil))
			fmt.Println("   ", string(b), s.Freezes)
		}
	}
	fmt.Println(n)
}
