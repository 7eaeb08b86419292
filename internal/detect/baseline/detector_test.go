package baseline_test

import (
	"fmt"
	"net/netip"
	"strings"
	"testing"
	"time"

	"jobzero/internal/detect/baseline"
	"jobzero/internal/event"
)

// scoreOf is what one kind says of an event.
func scoreOf(l *baseline.Learner, e *event.Event, k baseline.Kind) baseline.Score {
	return l.Explain(baseline.Of(e), e).Scores[k]
}

// fires wants a kind to fire on one event and not on another, and its text to say something.
func fires(t *testing.T, l *baseline.Learner, k baseline.Kind, odd, usual *event.Event, says string) {
	t.Helper()
	if s := scoreOf(l, odd, k); !s.Fires || !strings.Contains(s.Text, says) {
		t.Errorf("%s: fires: %v, score %.1f, size %.1f: %s", k, s.Fires, s.Score, s.Size, s.Text)
	}
	if s := scoreOf(l, usual, k); s.Fires {
		t.Errorf("%s fires on what is usual: %s", k, s.Text)
	}
}

// TestVolume: many calls at an hour in which there are few are a surprise, and as many as always are none.
func TestVolume(t *testing.T) {
	l, _ := routine(t, baseline.Options{}, 28)
	night := morning.AddDate(0, 0, 28).Add(-7 * time.Hour)
	var told []string
	for i := range 600 {
		e := habit(0, i*5, night.Add(time.Duration(i)*time.Second)) // GetObject alone
		s, _ := l.Take(e, baseline.Of(e))
		for _, x := range s {
			told = append(told, x.String())
		}
	}
	all := strings.Join(told, "\n")
	if len(told) == 0 || len(told) > 6 || !strings.Contains(all, "reading calls in the hour from 2026-03-30 02:00; about 0 are normal for it on Mondays at 02:00 UTC") {
		t.Errorf("%d surprises:\n%s", len(told), all)
	}
	usual := habit(1, 0, morning.AddDate(0, 0, 28))
	fires(t, l, baseline.Reads, habit(0, 0, night.Add(time.Hour-time.Second)), usual, "reading calls")
}

// TestErrors: a burst of refusals is a surprise to who is never refused.
func TestErrors(t *testing.T) {
	l, at := routine(t, baseline.Options{}, 28)
	at = at.Add(16 * time.Hour)
	bad := func(i int) *event.Event {
		e := habit(0, i, at.Add(time.Duration(i)*time.Second))
		e.ErrorCode = "AccessDenied"
		return e
	}
	for i := range 20 {
		l.Take(bad(i), baseline.Of(bad(i)))
	}
	fires(t, l, baseline.Errors, bad(21), habit(1, 0, at), "21 errors among 21 calls in an hour, the last one AccessDenied at s3:ListBucket")
	throttled := habit(1, 0, at)
	throttled.ErrorCode = "ThrottlingException"
	if s := scoreOf(l, throttled, baseline.Errors); s.Size != 0 {
		t.Errorf("a throttle counts as an error: %s", s.Text)
	}
}

// TestSpread: many different things in an hour.
func TestSpread(t *testing.T) {
	l, at := routine(t, baseline.Options{}, 28)
	at = at.Add(15*time.Hour + 30*time.Minute)
	for i := range 60 {
		e := habit(0, i, at.Add(time.Duration(i)*time.Second))
		e.Name, e.Region = fmt.Sprint("Describe", i), fmt.Sprint("region-", i%12)
		e.Resources[0].ARN = fmt.Sprint("arn:aws:s3:::b", i)
		l.Take(e, baseline.Of(e))
	}
	odd := habit(0, 0, at.Add(2*time.Minute))
	odd.Name, odd.Region = "DescribeMore", "region-99"
	fires(t, l, baseline.Calls, odd, habit(1, 0, at), "61 different calls in an hour")
	fires(t, l, baseline.Regions, odd, habit(1, 0, at), "13 regions in an hour")
	fires(t, l, baseline.Things, odd, habit(1, 0, at), "different things in an hour")
}

// TestTravel: without places only coming and going between two networks within an hour tells; private addresses never do.
func TestTravel(t *testing.T) {
	l, at := routine(t, baseline.Options{}, 28)
	at = at.Add(16 * time.Hour)
	from := func(ip string, after time.Duration) *event.Event {
		e := habit(0, 0, at.Add(after))
		e.SourceIP = ip
		return e
	}
	take := func(e *event.Event) { l.Take(e, baseline.Of(e)) }
	take(from("198.51.100.0", 0))
	if s := scoreOf(l, from("203.0.113.9", time.Minute), baseline.Travel); s.Size != 0 || !strings.HasPrefix(s.Text, "unknown: where the networks are") {
		t.Errorf("one change of networks: %s", s.Text)
	}
	take(from("203.0.113.9", time.Minute))
	fires(t, l, baseline.Travel, from("198.51.100.0", 2*time.Minute), from("198.51.100.0", 2*time.Hour), "it is in two networks at once")
	for _, ip := range []string{"10.0.0.9", "100.64.3.4", "ec2.amazonaws.com", "AWS Internal", "fd00::1", "225.178.039.250"} {
		if s := scoreOf(l, from(ip, 2*time.Minute), baseline.Travel); s.Size != 0 || !strings.HasPrefix(s.Text, "unknown: ") {
			t.Errorf("%s: %s", ip, s.Text)
		}
	}
}

// atlas is a made-up map.
type atlas map[string]baseline.Place

func (a atlas) Locate(ip netip.Addr) (baseline.Place, bool) {
	p, ok := a[ip.String()]
	return p, ok
}

// TestTravelBetweenPlaces: faster than anybody travels is a surprise, and within the error of places nothing is.
func TestTravelBetweenPlaces(t *testing.T) {
	l, at := routine(t, baseline.Options{Locator: atlas{
		"198.51.100.0": {Network: "AS64500 Office", Name: "Berlin, DE", Lat: 52.5, Lon: 13.4, Radius: 20, Coordinates: true},
		"203.0.113.9":  {Network: "AS64501 Elsewhere", Name: "Sydney, AU", Lat: -33.9, Lon: 151.2, Radius: 50, Coordinates: true},
		"203.0.113.77": {Network: "AS64502 Mobile", Name: "Potsdam, DE", Lat: 52.4, Lon: 13.06, Radius: 50, Coordinates: true},
		"203.0.113.5":  {Network: "AS64503 Nowhere"},
	}}, 28)
	odd := habit(0, 0, at.Add(time.Hour))
	odd.SourceIP = "203.0.113.9"
	near := habit(0, 0, at.Add(time.Hour))
	near.SourceIP = "203.0.113.77"
	fires(t, l, baseline.Travel, odd, near, "from AS64501 Elsewhere in Sydney, AU 1h5m0s after a call from AS64500 Office in Berlin, DE")
	odd.Time = at.Add(48 * time.Hour)
	nowhere := habit(0, 0, at.Add(time.Hour))
	nowhere.SourceIP = "203.0.113.5"
	for _, e := range []*event.Event{odd, nowhere} {
		if s := scoreOf(l, e, baseline.Travel); s.Size != 0 {
			t.Errorf("%s: %s", e.SourceIP, s.Text)
		}
	}
}

// TestDormant: a key that was out of use for long.
func TestDormant(t *testing.T) {
	l, at := routine(t, baseline.Options{}, 28)
	for day := range 40 {
		e := habit(1, day, at.AddDate(0, 0, day))
		l.Take(e, baseline.Of(e))
	}
	later := at.AddDate(0, 0, 40)
	fires(t, l, baseline.Dormant, habit(0, 0, later), habit(1, 0, later), "access key AKIA0000000000000000 is used again after 40 days")
}

// box is a call with an instance's credential.
func box(i int, id, ip string, at time.Time) *event.Event {
	e := habit(9, i, at)
	e.SourceIP, e.UserAgent = ip, "aws-sdk-go/1.44"
	e.Actor = event.Actor{
		Type: "AssumedRole", ARN: "arn:aws:sts::111122223333:assumed-role/web/" + id, Account: "111122223333",
		AccessKey: "ASIA0000000000000000", IssuerARN: "arn:aws:iam::111122223333:role/web", IssuerName: "web",
	}
	return e
}

// TestInstance: an instance's credential away from the addresses of its account's instances; private addresses tell nothing.
func TestInstance(t *testing.T) {
	l, at := routine(t, baseline.Options{}, 28)
	first, second := "i-0123456789abcdef0", "i-0123456789abcdef1"
	for i := range 200 {
		for id, ip := range map[string]string{first: "198.51.100.10", second: "198.51.100.11"} {
			e := box(i, id, ip, at.Add(time.Duration(i)*time.Hour))
			l.Take(e, baseline.Of(e))
		}
	}
	at = at.Add(200 * time.Hour)
	fires(t, l, baseline.Instance, box(0, first, "203.0.113.9", at), box(0, first, "198.51.100.11", at),
		"the credential of instance i-0123456789abcdef0 is used from 203.0.113.9, where neither it nor another instance of the account ever was")
	if s := scoreOf(l, box(0, first, "203.0.113.9", at.Add(-30*time.Minute)), baseline.Instance); s.Size != 2 || !strings.Contains(s.Text, "while the instance itself calls") {
		t.Errorf("at the same time: %.0f: %s", s.Size, s.Text)
	}
	for _, e := range []*event.Event{box(0, first, "10.0.0.4", at), box(0, "i-0123456789abcdef9", "203.0.113.9", at)} {
		if s := scoreOf(l, e, baseline.Instance); s.Size != 0 || !strings.HasPrefix(s.Text, "unknown: ") {
			t.Errorf("cannot be known: %s", s.Text)
		}
	}
}

// TestSilence: a log that stops is told once, when it is longer than ever; one that speaks is not.
func TestSilence(t *testing.T) {
	l, at := routine(t, baseline.Options{}, 28)
	for i := range 28 * 24 * 6 { // another region never rests
		e := habit(0, i, morning.Add(time.Duration(i)*10*time.Minute))
		e.Region = "us-east-1"
		l.Take(e, baseline.Of(e))
	}
	if s := l.Tick(at.Add(15 * time.Hour)); len(s) != 0 {
		t.Fatalf("silent overnight: %s", s[0].Why())
	}
	var told []string
	for h := 16; h < 100; h++ {
		for _, s := range l.Tick(at.Add(time.Duration(h) * time.Hour)) {
			told = append(told, s.Why())
			if f := s.Finding(at); f.By != baseline.BySilence || f.Region == "" || f.Fingerprint == "" {
				t.Errorf("finding %+v", f)
			}
		}
	}
	if len(told) != 2 || !strings.Contains(strings.Join(told, "\n"), "Aws/cloudtrail of 111122223333 in us-east-1: normal since 2026-03-02 is that 99 of 100 gaps are shorter than") {
		t.Errorf("told %q", told)
	}
}

// TestAgents: clients without versions and what is made up.
func TestAgents(t *testing.T) {
	for text, want := range map[string]string{
		"aws-cli/2.15.1 Python/3.11.6 Linux/6.5.0-kali3-amd64 exe/x86_64":                                  "aws-cli Python exe on linux kali",
		"Boto3/1.26.165 md/Botocore#1.29 ua/2.0 os/linux#5.19 lang/python#3.10":                            "Boto3 on linux",
		"[Boto3/1.26.165 Python/3.10.6 Linux/5.19.0]":                                                      "Boto3 Python on linux",
		"APN/1.0 HashiCorp/1.0 Terraform/1.1.2 (+https://www.terraform.io)":                                "APN HashiCorp Terraform",
		"stratus-red-team_6a7ec681-49a5-4403-99a2-6bb6b9cfd24b":                                            "stratus-red-team",
		"Mozilla/5.0 (X11; Ubuntu; Linux x86_64; rv:109.0) Gecko/20100101 Firefox/114.0":                   "Firefox on linux",
		"Mozilla/5.0 (Macintosh; Intel Mac OS X) AppleWebKit/537 (KHTML, like Gecko) Chrome/120 Safari/53": "Chrome on macintosh",
		"AWS Internal":                 "",
		"secretsmanager.amazonaws.com": "",
		"":                             "",
		"TruffleHog":                   "TruffleHog",
	} {
		if got := baseline.Family(text); got != want {
			t.Errorf("%s: got %q, want %q", text, got, want)
		}
	}
}

// TestWho: peers, as far as an event tells.
func TestWho(t *testing.T) {
	web := box(0, "i-0123456789abcdef0", "198.51.100.10", morning)
	service := habit(0, 0, morning)
	service.Actor = event.Actor{Type: "AWSService", InvokedBy: "ec2.amazonaws.com"}
	sso := habit(0, 0, morning)
	sso.Actor = event.Actor{
		Type: "AssumedRole", ARN: "arn:aws:sts::111122223333:assumed-role/AWSReservedSSO_Admin_0a1b/kim@example.com", Account: "111122223333",
		IssuerARN: "arn:aws:iam::111122223333:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_Admin_0a1b", IssuerName: "AWSReservedSSO_Admin_0a1b",
	}
	for want, e := range map[string]*event.Event{
		"Roles of instances of 111122223333": web,
		"":                                   service,
		"IAM users of 111122223333":          habit(0, 0, morning),
		"People with the permission set Admin of 111122223333": sso,
	} {
		if got := baseline.Of(e); got.Group != want || (want == "") != (got.Principal == "") {
			t.Errorf("got %+v, want %q", got, want)
		}
	}
}
