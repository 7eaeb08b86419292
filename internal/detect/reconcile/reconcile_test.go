package reconcile_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"jobzero/internal/detect/reconcile"
	"jobzero/internal/event"
	"jobzero/internal/source/cloudtrail"
)

var noon = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

func parsed(t testing.TB, more string) *event.Event {
	t.Helper()
	e, err := cloudtrail.Parse(fmt.Appendf(nil, `{"eventID":"1","eventName":"a","eventTime":"2026-11-22T12:00:00Z","awsRegion":"eu-central-1","recipientAccountId":"111122223333"%s}`, more), event.Origin{})
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// Each form of a record is a kind of its own where EventBridge or a trail can leave it out as a whole.
func TestKindOf(t *testing.T) {
	for more, want := range map[string]reconcile.Kind{
		`,"eventSource":"s3.amazonaws.com"`:                                                          reconcile.Write,
		`,"eventSource":"signin.amazonaws.com","eventType":"AwsConsoleSignIn","readOnly":false`:      reconcile.Write,
		`,"eventSource":"s3.amazonaws.com","readOnly":true`:                                          reconcile.Read,
		`,"eventSource":"kms.amazonaws.com","readOnly":false`:                                        reconcile.Noisy,
		`,"eventSource":"kms.amazonaws.com","readOnly":true`:                                         reconcile.Read,
		`,"eventSource":"kms.amazonaws.com","eventType":"AwsServiceEvent"`:                           reconcile.Noisy,
		`,"eventSource":"health.amazonaws.com","eventType":"AwsServiceEvent"`:                        reconcile.Service,
		`,"eventSource":"s3.amazonaws.com","eventCategory":"Data"`:                                   reconcile.Other,
		`,"eventSource":"s3.amazonaws.com","managementEvent":false`:                                  reconcile.Other,
		`,"eventSource":"s3.amazonaws.com","eventCategory":"Insight"`:                                reconcile.Other,
		`,"eventSource":"s3.amazonaws.com","eventCategory":"NetworkActivity"`:                        reconcile.Other,
		`,"eventSource":"s3.amazonaws.com","eventCategory":"Management","managementEvent":true`:      reconcile.Write,
		`,"eventSource":"rdsdata.amazonaws.com","eventCategory":"Management","managementEvent":true`: reconcile.Noisy,
	} {
		if got, ok := reconcile.KindOf(parsed(t, more)); got != want || ok != (want != reconcile.Other) {
			t.Errorf("%s is %s, want %s", more, got, want)
		}
	}
}

func TestJudge(t *testing.T) {
	const after = 6 * time.Hour
	voice := func(k reconcile.Kind, way reconcile.Ways, since, last time.Duration) reconcile.Voice {
		return reconcile.Voice{Place: reconcile.Place{Account: "111122223333", Region: "eu-central-1", Kind: k}, Way: way, Since: noon.Add(since), Last: noon.Add(last)}
	}
	const write, read = `,"eventSource":"s3.amazonaws.com"`, `,"eventSource":"s3.amazonaws.com","readOnly":true`
	for name, c := range map[string]struct {
		record string
		voices []reconcile.Voice
		now    time.Duration
		want   reconcile.Fate
	}{
		"never heard live":     {write, []reconcile.Voice{voice(reconcile.Write, reconcile.Stored, -time.Hour, 0)}, time.Minute, reconcile.Foreign},
		"heard live":           {write, []reconcile.Voice{voice(reconcile.Write, reconcile.Live, -time.Hour, 0)}, time.Minute, reconcile.Counted},
		"only another kind":    {read, []reconcile.Voice{voice(reconcile.Write, reconcile.Live, -time.Hour, 0)}, time.Minute, reconcile.Foreign},
		"reads live alone":     {read, []reconcile.Voice{voice(reconcile.Read, reconcile.Live, -time.Hour, 0)}, time.Minute, reconcile.Foreign},
		"reads both ways":      {read, []reconcile.Voice{voice(reconcile.Read, reconcile.Live, -time.Hour, 0), voice(reconcile.Read, reconcile.Stored, -time.Hour, 0)}, time.Minute, reconcile.Counted},
		"S3's reads are new":   {read, []reconcile.Voice{voice(reconcile.Read, reconcile.Live, -time.Hour, 0), voice(reconcile.Read, reconcile.Stored, -time.Minute, 0)}, time.Minute, reconcile.Passed},
		"just heard":           {write, []reconcile.Voice{voice(reconcile.Write, reconcile.Live, -time.Minute, 0)}, time.Minute, reconcile.Passed},
		"before it was heard":  {write, []reconcile.Voice{voice(reconcile.Write, reconcile.Live, time.Minute, time.Minute)}, time.Minute, reconcile.Passed},
		"as late as may be":    {write, []reconcile.Voice{voice(reconcile.Write, reconcile.Live, -time.Hour, 0)}, after, reconcile.Counted},
		"later than may be":    {write, []reconcile.Voice{voice(reconcile.Write, reconcile.Live, -time.Hour, 0)}, after + time.Second, reconcile.Passed},
		"not heard for a week": {write, []reconcile.Voice{voice(reconcile.Write, reconcile.Live, -900*time.Hour, -200*time.Hour)}, time.Minute, reconcile.Passed},
		"too large": {
			write + `,"requestParameters":{"a":"` + strings.Repeat("x", 201<<10) + `"}`,
			[]reconcile.Voice{voice(reconcile.Write, reconcile.Live, -time.Hour, 0)},
			time.Minute, reconcile.Passed,
		},
	} {
		v := reconcile.Voices{}
		for _, x := range c.voices {
			v.Add(x)
		}
		e := parsed(t, c.record)
		k, _ := reconcile.KindOf(e)
		if got := v.Judge(e, k, noon.Add(c.now), after); got != c.want {
			t.Errorf("%s: %d, want %d", name, got, c.want)
		}
	}
}

// A voice that was silent for long begins anew; in between it is written down now and then.
func TestHear(t *testing.T) {
	v := reconcile.Voices{}
	p := reconcile.Place{Account: "111122223333", Kind: reconcile.Write}
	for _, c := range []struct {
		after, since time.Duration
		due          bool
	}{{0, 0, true}, {time.Minute, 0, false}, {time.Hour, 0, true}, {12*time.Hour - time.Minute, 0, true}, {12 * time.Hour, 0, true}, {reconcile.Fresh, 0, true}, {3 * reconcile.Fresh, 3 * reconcile.Fresh, true}} {
		x, due := v.Hear(p, reconcile.Live, noon.Add(c.after), 10*time.Minute)
		if due != c.due || !x.Since.Equal(noon.Add(c.since)) {
			t.Errorf("after %s: since %s, due %t", c.after, x.Since, due)
		}
	}
}

// Going back by a time passes over all outages, whatever they are, as counting minute by minute does.
func TestBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		const minutes = 300
		first := noon.Add(-minutes * time.Minute)
		a := reconcile.Awake{First: first, Last: noon}
		listened := make([]bool, minutes)
		for i := range listened {
			listened[i] = true
		}
		for range rapid.IntRange(0, 5).Draw(t, "outages") {
			from := rapid.IntRange(0, minutes-1).Draw(t, "from")
			to := rapid.IntRange(from+1, minutes).Draw(t, "to")
			a.Outages = append(a.Outages, reconcile.Span{From: first.Add(time.Duration(from) * time.Minute), To: first.Add(time.Duration(to) * time.Minute)})
			for i := from; i < to; i++ {
				listened[i] = false
			}
		}
		if rapid.Bool().Draw(t, "down now") {
			last := rapid.IntRange(1, minutes-6).Draw(t, "last")
			a.Last = first.Add(time.Duration(last) * time.Minute)
			for i := last; i < minutes; i++ {
				listened[i] = false
			}
		}
		want := rapid.IntRange(1, minutes).Draw(t, "minutes")
		at, ran := time.Time{}, 0
		for i := minutes - 1; i >= 0; i-- {
			if listened[i] {
				if ran++; ran == want {
					at = first.Add(time.Duration(i) * time.Minute)
					break
				}
			}
		}
		if got := a.Back(noon, time.Duration(want)*time.Minute); !got.Equal(at) {
			t.Errorf("%d minutes back is %s, want %s; %+v", want, got, at, a)
		}
	})
	if got := (reconcile.Awake{}).Back(noon, time.Minute); !got.IsZero() {
		t.Errorf("nobody ever listened, and a minute back is %s", got)
	}
}

// BenchmarkJudge is what it costs to see whether an event is compared, before anything is written.
func BenchmarkJudge(b *testing.B) {
	e := parsed(b, `,"eventSource":"s3.amazonaws.com","eventCategory":"Management","managementEvent":true`)
	v := reconcile.Voices{}
	p := reconcile.Place{Account: e.Account, Region: e.Region, Kind: reconcile.Write}
	v.Hear(p, reconcile.Live, noon.Add(-time.Hour), time.Minute)
	b.ReportAllocs()
	for b.Loop() {
		k, _ := reconcile.KindOf(e)
		v.Hear(p, reconcile.Live, noon, 24*time.Hour)
		if v.Judge(e, k, noon, time.Hour) != reconcile.Counted {
			b.Fatal("it is not compared")
		}
	}
}
