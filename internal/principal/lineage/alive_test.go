package lineage_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"jobzero/internal/event"
	"jobzero/internal/principal/lineage"
)

func alive(g *lineage.Graph, minute int) []lineage.Session {
	return slices.Collect(g.Alive(at(minute), nil))
}

// TestAlive: a session is alive from its issue to its end, and is whose it was issued to.
func TestAlive(t *testing.T) {
	g := lineage.New(lineage.Options{})
	g.Learn(took(t, 10, user("mia", "AKIAMIA"), ours, "deploy", "ci", "ASIA1"))
	g.Learn(took(t, 20, session(ours, "", "deploy", "ci", "ASIA1"), theirs, "admin", "x", "ASIA2"))
	g.Learn(took(t, 30, object{"type": "AWSAccount", "accountId": theirs, "principalId": "AROAother:y"}, ours, "deploy", "other", "ASIA3"))
	mia := lineage.Root{Kind: lineage.Person, ID: "arn:aws:iam::" + ours + ":user/mia", Name: "mia", Account: ours}
	first := lineage.Session{
		ARN: sessionOf(ours, "deploy", "ci"), Account: ours, Role: "deploy", Name: "ci", ID: "AROAdeploy:ci", How: "AssumeRole", Key: "ASIA1",
		Issued: morning.Add(10 * time.Minute), Until: morning.Add(70 * time.Minute), Root: mia, Strength: lineage.Proved,
	}
	if d := cmp.Diff([]lineage.Session{first}, alive(g, 15)); d != "" {
		t.Error(d)
	}
	if all := alive(g, 69); len(all) != 3 || all[1].Root != mia || all[1].Strength != lineage.Proved || all[2].Strength != lineage.Untraced || all[2].Why == "" {
		t.Errorf("got %+v", all)
	}
	if all := alive(g, 70); len(all) != 2 || all[0].Key != "ASIA2" {
		t.Errorf("its time has run out: %+v", all)
	}
	if all := alive(g, 5); len(all) != 0 {
		t.Errorf("nothing was issued yet: %+v", all)
	}
	if some := slices.Collect(g.Alive(at(40), func(arn string) bool { return arn == sessionOf(ours, "deploy", "other") })); len(some) != 1 || some[0].Key != "ASIA3" {
		t.Errorf("only of one name: %+v", some)
	}
	for range g.Alive(at(40), nil) {
		break // whoever has seen enough may stop
	}
}

// A change of roles in the console gives a session of which no record names the credential: AWS wrote who changed.
func TestAliveInTheConsole(t *testing.T) {
	g := lineage.New(lineage.Options{})
	g.Learn(record(t, 5, "signin.amazonaws.com", "SwitchRole", session(ours, "", "admin", "mia", ""), object{
		"additionalEventData": object{"SwitchFrom": "arn:aws:iam::" + ours + ":user/mia"}, "responseElements": object{"SwitchRole": "Success"},
	}))
	if all := alive(g, 6); len(all) != 1 || all[0].Root.Name != "mia" || all[0].Strength != lineage.Proved || all[0].Role != "admin" || all[0].Key != "" {
		t.Errorf("got %+v", all)
	}
}

// TestAliveIsWhatResolveSays: of each credential that is alive Alive says what Resolve says of a call that was signed with it, in any order
// of learning, and it leaves out none.
func TestAliveIsWhatResolveSays(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		issued, _ := world(t, rt)
		g, h := lineage.New(lineage.Options{}), lineage.New(lineage.Options{})
		for _, r := range issued {
			g.Learn(r)
		}
		for _, r := range rapid.Permutation(issued).Draw(rt, "order") {
			h.Learn(r)
		}
		minute := rapid.IntRange(0, 150).Draw(rt, "asked")
		got := alive(g, minute)
		if d := cmp.Diff(got, alive(h, minute)); d != "" {
			rt.Fatalf("another order (-want +got):\n%s", d)
		}
		for _, s := range got {
			r := call(t, minute, object{"type": "AssumedRole", "arn": s.ARN, "accountId": s.Account, "accessKeyId": s.Key})
			l, ok := g.Resolve(r)
			if !ok || l.Root != s.Root || l.Strength != s.Strength || l.Why != s.Why {
				rt.Fatalf("%+v is alive, and a call with it is resolved to %+v", s, l)
			}
			if same := g.Called(s.ARN, at(minute)); !slices.Contains(same, s) {
				rt.Fatalf("%+v is not among those of its name: %+v", s, same)
			}
		}
		want, told := map[string]bool{}, map[string]int{}
		for _, r := range issued {
			n := lineage.Read(r)
			told[n.Key]++
			want[n.Key] = told[n.Key] == 1 && n.At <= at(minute).Unix() && n.Until > at(minute).Unix() // of several records one has the time
		}
		for _, s := range got {
			want[s.Key] = false
		}
		for key, missing := range want {
			if missing {
				rt.Fatalf("%s is missing among %+v", key, got)
			}
		}
	})
}

func at(minute int) time.Time { return morning.Add(time.Duration(minute) * time.Minute) }

// BenchmarkAlive asks for a hundred thousand sessions, each with a way of two steps to its root.
func BenchmarkAlive(b *testing.B) {
	const sessions = 100_000
	g := lineage.New(lineage.Options{MaxGrants: sessions})
	for i := range sessions / 2 {
		for _, r := range []*event.Record{
			took(b, 1, user(fmt.Sprintf("p%d", i%500), "AKIA1"), ours, "a", fmt.Sprintf("s%d", i), fmt.Sprintf("ASIA%d", i)),
			took(b, 2, session(ours, "", "a", fmt.Sprintf("s%d", i), fmt.Sprintf("ASIA%d", i)), theirs, "b", "t", fmt.Sprintf("ASIB%d", i)),
		} {
			g.Learn(r)
		}
	}
	b.ReportAllocs()
	for b.Loop() {
		n := 0
		for range g.Alive(at(30), nil) {
			n++
		}
		if n != sessions {
			b.Fatal(n)
		}
	}
}
