package baseline_test

import (
	"fmt"
	"testing"
	"time"

	"jobzero/internal/detect/baseline"
	"jobzero/internal/event"
)

var morning = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC) // a Monday

// habit is an event of a user who does what it always does.
func habit(user, i int, at time.Time) *event.Event {
	calls := [...]string{"GetObject", "ListBucket", "PutObject", "HeadObject", "GetBucketLocation"}
	return &event.Event{
		ID: event.ID(fmt.Sprint("e-", i)), Time: at, Account: "111122223333", Region: "eu-central-1", Name: calls[i%len(calls)],
		Source: "s3.amazonaws.com", Type: "AwsApiCall", ReadOnly: i%len(calls) != 2, SourceIP: fmt.Sprintf("198.51.100.%d", user%200),
		UserAgent: "Boto3/1.26.165 Python/3.10.6 Linux/5.19.0-46-generic Botocore/1.29.165",
		Actor: event.Actor{
			Type: "IAMUser", ARN: fmt.Sprintf("arn:aws:iam::111122223333:user/user-%04d", user), Account: "111122223333",
			AccessKey: fmt.Sprintf("AKIA%016d", user),
		},
		Resources: []event.Resource{{ARN: fmt.Sprintf("arn:aws:s3:::orders-%d", i%7), Account: "111122223333", Type: "AWS::S3::Bucket"}},
	}
}

// BenchmarkTake takes what 1,000 users always do, six calls of each in an hour.
func BenchmarkTake(b *testing.B) {
	for name, users := range map[string]int{"users=10": 10, "users=1000": 1000} {
		b.Run(name, func(b *testing.B) {
			l := baseline.New(baseline.Options{})
			const calls = 20 // of each in an hour
			day := make([]*event.Event, 0, 24*calls*users)
			for i := range cap(day) {
				day = append(day, habit(i%users, i/users, morning))
			}
			step := time.Duration(int64(24*time.Hour) / int64(len(day)))
			take := func(i int) {
				e := day[i%len(day)]
				e.Time = morning.Add(time.Duration(i) * step)
				l.Take(e, baseline.Who{Principal: e.Actor.ARN, Group: "IAM users of 111122223333", Account: "111122223333"})
			}
			for i := range 8 * len(day) {
				take(i)
			}
			b.ReportAllocs()
			b.ResetTimer()
			for i := 8 * len(day); b.Loop(); i++ {
				take(i)
			}
			_, bytes := l.Size()
			b.ReportMetric(float64(bytes)/float64(users), "B/principal")
		})
	}
}
