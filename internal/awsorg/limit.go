package awsorg

import (
	"context"
	"sync"

	awsmiddleware "github.com/aws/aws-sdk-go-v2/aws/middleware"
	"github.com/aws/smithy-go/middleware"
	"golang.org/x/time/rate"

	"jobzero/internal/fault"
)

// limits holds one token bucket for each account and service: AWS counts calls like that, and a sweep of ours must not use up
// what the account's owner needs.
type limits struct {
	every rate.Limit
	burst int

	mu      sync.Mutex
	buckets map[string]*rate.Limiter
}

// s3Factor is how many times more S3 gets: its settings are read one call each and it takes thousands of calls a second,
// while EC2 refills 20 tokens a second and IAM about as many.
const s3Factor = 10

// controlShare is the share of the rate that Cloud Control gets: each of its calls makes several calls of another service, which count
// there and which nobody holds back.
const controlShare = 0.25

func newLimits(perSecond float64, burst int) *limits {
	return &limits{every: rate.Limit(perSecond), burst: burst, buckets: map[string]*rate.Limiter{}}
}

func (l *limits) bucket(account, service string) *rate.Limiter {
	key := account + "|" + service
	l.mu.Lock()
	defer l.mu.Unlock()
	b, ok := l.buckets[key]
	if !ok {
		f := 1.0
		switch service {
		case "S3", "S3 Control":
			f = s3Factor
		case "CloudControl":
			f = controlShare
		}
		b = rate.NewLimiter(l.every*rate.Limit(f), max(1, int(float64(l.burst)*f)))
		l.buckets[key] = b
	}
	return b
}

// middleware makes every attempt of every call wait for its token: it stands behind the SDK's retries.
func (l *limits) middleware(account string) func(*middleware.Stack) error {
	wait := middleware.FinalizeMiddlewareFunc("jobzeroRateLimit",
		func(ctx context.Context, in middleware.FinalizeInput, next middleware.FinalizeHandler) (middleware.FinalizeOutput, middleware.Metadata, error) {
			service := awsmiddleware.GetServiceID(ctx)
			if err := l.bucket(account, service).Wait(ctx); err != nil {
				return middleware.FinalizeOutput{}, middleware.Metadata{}, fault.Wrap(fault.Unavailable, err, "our own rate limit for %s in %s", service, account)
			}
			return next.HandleFinalize(ctx, in)
		})
	return func(s *middleware.Stack) error { return s.Finalize.Insert(wait, "Retry", middleware.After) }
}
