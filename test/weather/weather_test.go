package weather_test

import (
	"errors"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/smithy-go"

	"jobzero/internal/awsorg"
	"jobzero/internal/fault"
	"jobzero/internal/testmoto"
	"jobzero/test/weather"
)

func begin(t *testing.T, s *testmoto.Server, seed uint64, spells ...weather.Spell) *weather.Weather {
	t.Helper()
	w, err := weather.Begin(s, seed, spells...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = w.Close() })
	return w
}

// calm is a client of an account that does not try again by itself.
func calm(w *weather.Weather, account string) aws.Config {
	c := w.Config(account)
	c.Retryer = func() aws.Retryer { return aws.NopRetryer{} }
	return c
}

// reads makes one read of each protocol of AWS.
func reads(t *testing.T, c aws.Config) map[string]error {
	t.Helper()
	_, rest := s3.NewFromConfig(c).ListBuckets(t.Context(), nil)
	_, query := iam.NewFromConfig(c).ListUsers(t.Context(), nil)
	_, machines := ec2.NewFromConfig(c).DescribeVpcs(t.Context(), nil)
	_, json := kms.NewFromConfig(c).ListKeys(t.Context(), nil)
	_, restJSON := lambda.NewFromConfig(c).ListFunctions(t.Context(), nil)
	return map[string]error{"s3": rest, "iam": query, "ec2": machines, "kms": json, "lambda": restJSON}
}

// Every protocol's client has to understand the fault as what it is, or the weather would only be noise.
func TestAClientKnowsWhatStruckIt(t *testing.T) {
	server := testmoto.Shared(t)
	w := begin(t, server, 1)
	c := calm(w, testmoto.Account())
	for kind, want := range map[weather.Kind]fault.Code{weather.Throttled: fault.Unavailable, weather.Broken: fault.Unavailable, weather.Denied: fault.Denied} {
		w.Set(weather.Spell{What: kind, Share: 1})
		for service, err := range reads(t, c) {
			var said smithy.APIError
			if !errors.As(err, &said) {
				t.Errorf("%s, %s: the client made nothing of it: %v", kind, service, err)
				continue
			}
			if got := awsorg.Fault(err, "read"); !fault.Is(got, want) {
				t.Errorf("%s, %s: taken for %v", kind, service, got)
			}
			throttled := retry.ThrottleErrorCode{Codes: retry.DefaultThrottleErrorCodes}.IsErrorThrottle(err) == aws.TrueTernary
			if throttled != (kind == weather.Throttled) {
				t.Errorf("%s, %s: the client slows down: %t (%s)", kind, service, throttled, said.ErrorCode())
			}
		}
	}
	if n := w.Struck(); n[weather.Throttled] != 5 || n[weather.Broken] != 5 || n[weather.Denied] != 5 {
		t.Errorf("struck %v", n)
	}
	w.Set()
	for service, err := range reads(t, c) {
		if err != nil {
			t.Errorf("in good weather, %s: %v", service, err)
		}
	}
}

// A write whose answer is lost was carried out, and a client that tries again makes it twice.
func TestALostAnswerIsACallMade(t *testing.T) {
	server := testmoto.Shared(t)
	account := testmoto.Account()
	w := begin(t, server, 2, weather.Spell{What: weather.Lost, Over: weather.Of("iam", "CreateUser"), Share: 1, Most: 1})
	c := iam.NewFromConfig(calm(w, account))
	if _, err := c.CreateUser(t.Context(), &iam.CreateUserInput{UserName: aws.String("kim")}); err == nil {
		t.Fatal("there was an answer")
	}
	if _, err := c.GetUser(t.Context(), &iam.GetUserInput{UserName: aws.String("kim")}); err != nil {
		t.Errorf("it was not carried out: %v", err)
	}
	if _, err := c.CreateUser(t.Context(), &iam.CreateUserInput{UserName: aws.String("sam")}); err != nil {
		t.Errorf("the spell goes on: %v", err)
	}
}

// A read after a change gives what was before it, for a while, and never in another account.
func TestAStaleReadIsTheOneBefore(t *testing.T) {
	server := testmoto.Shared(t)
	w := begin(t, server, 3, weather.Spell{What: weather.Stale, Share: 1, For: 400 * time.Millisecond})
	c := iam.NewFromConfig(calm(w, testmoto.Account()))
	users := func() int {
		out, err := c.ListUsers(t.Context(), nil)
		if err != nil {
			t.Fatal(err)
		}
		return len(out.Users)
	}
	if n := users(); n != 0 {
		t.Fatalf("%d users", n)
	}
	if _, err := c.CreateUser(t.Context(), &iam.CreateUserInput{UserName: aws.String("kim")}); err != nil {
		t.Fatal(err)
	}
	for range 3 {
		if n := users(); n != 0 {
			t.Errorf("%d users at once", n)
		}
	}
	<-time.After(450 * time.Millisecond)
	if n := users(); n != 1 {
		t.Errorf("%d users in the end", n)
	}
	if n := w.Struck()[weather.Stale]; n != 3 {
		t.Errorf("struck %d times", n)
	}
}

// A story may make few calls. What lies over them comes all the same, or the story would tell of a good day at times.
func TestEvenAShortDayHasItsWeather(t *testing.T) {
	server := testmoto.Shared(t)
	for seed := range uint64(5) {
		w := begin(t, server, seed, weather.Spell{What: weather.Throttled, Share: 0.25})
		c := calm(w, testmoto.Account())
		for range 5 {
			_, _ = kms.NewFromConfig(c).ListKeys(t.Context(), nil) // refused or not
		}
		if w.Struck()[weather.Throttled] == 0 {
			t.Errorf("seed %d: five calls, of which a quarter should be throttled, and none was", seed)
		}
	}
}
