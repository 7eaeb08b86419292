package story

import (
	"context"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"jobzero/internal/store"
	"jobzero/test/world"
)

// archived writes log-ins of so many days and accounts where a trail would have put them, and gives how many parts that is.
func archived(t *testing.T, h *world.House, r *rand.Rand, days, accounts int) {
	t.Helper()
	now := time.Now().UTC()
	for a := range accounts {
		account := fmt.Sprintf("11112222%04d", a)
		for day := range days {
			at := now.AddDate(0, 0, -day-1)
			var some []map[string]any
			for i := range 1 + r.IntN(12) {
				record := signIn(fmt.Sprintf("%d-%d-%d", a, day, i), address(r.IntN(3)), at.Add(time.Duration(r.IntN(40))*time.Minute), r.IntN(3) > 0)
				record["recipientAccountId"] = account
				some = append(some, record)
			}
			file(t, h, filepath.Join("archive/AWSLogs", account, "CloudTrail", world.Region, at.Format("2006/01/02"), fmt.Sprintf("%d.json", day)), written(t, some))
		}
	}
}

// left is how many parts of the archive are not searched yet.
func left(t *testing.T, h *world.House) (n int) {
	t.Helper()
	st, err := store.Open(t.Context(), "sqlite://"+filepath.Join(h.Dir, "data", "jobzero.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	err = st.View(t.Context(), func(tx *store.Tx) (err error) {
		n, err = tx.BackrunLeft(t.Context())
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// Rules are added, and while they are run over the archive the house is killed again and again. Every part ends, and is counted
// once, and what is found, and how often, is what hunt finds with the same rules.
func TestKilledWhileTheArchiveIsSearched(t *testing.T) {
	const days, accounts = 30, 6
	h := begin(t, world.Options{
		Queue: queue(t), More: "lateness: 1s\ncontent: {rules: [rules]}\narchive: {places: [archive], look_back: 720h}\n",
	})
	archived(t, h, rand.New(rand.NewPCG(5, 5)), days, accounts)
	file(t, h, "rules/old.yml", strings.ReplaceAll(signIns[:strings.Index(signIns, "---")], "story-failed", "old"))
	start(t, h)
	file(t, h, "rules/sign-ins.yml", signIns)
	if err := h.Reload(); err != nil {
		t.Fatal(err)
	}
	until(t, "there are parts to search", func(context.Context) (bool, error) {
		return strings.Contains(h.Log(), "a part of the archive was searched"), nil
	})
	hit := 0
	for range kills() {
		wait(t, rand.N(200*time.Millisecond))
		h.Kill()
		if left(t, h) > 0 {
			hit++
		}
		start(t, h)
	}
	until(t, "the archive is searched", func(context.Context) (bool, error) { return left(t, h) == 0, nil })
	want := replayed(t, h, "story-", "hunt", "--rules", "rules", "archive")
	same(t, "killed", h, "story-", want)
	ends := map[string]int{}
	for _, m := range regexp.MustCompile(`"a part of the archive was searched","run":"[^"]+","part":"(read\|[^"]+)"`).FindAllStringSubmatch(h.Log(), -1) {
		if ends[m[1]]++; ends[m[1]] > 1 {
			t.Errorf("%s ended %d times", m[1], ends[m[1]])
		}
	}
	parts := regexp.MustCompile(`"the archive was searched","run":"[^"]+","parts":(\d+),"given_up":(\d+)`).FindAllStringSubmatch(h.Log(), -1)
	if len(parts) > 1 || len(parts) == 1 && parts[0][2] != "0" { // none when it was killed before it could say so
		t.Errorf("the run ended as %q", parts)
	}
	if len(ends) < days*accounts/2 {
		t.Errorf("only %d parts were seen to end: the log is no witness", len(ends))
	}
	t.Logf("%d kills, %d of them while there was something left; %d parts, %d findings", kills(), hit, len(ends), len(want))
}
