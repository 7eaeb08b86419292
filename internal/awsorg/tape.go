package awsorg

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"sync"
	"time"

	awsmiddleware "github.com/aws/aws-sdk-go-v2/aws/middleware"
	"github.com/aws/smithy-go"
	"github.com/aws/smithy-go/middleware"
	smithyhttp "github.com/aws/smithy-go/transport/http"
)

// Attempt is one attempt of one call that may change something, as the wire saw it.
type Attempt struct {
	API     string // service:Operation, such as s3:PutBucketPolicy
	Region  string
	Request string // AWS's own ID of it, which CloudTrail shows too; empty when no answer came
	Error   string // AWS's code of the error, or why there is no answer; empty: it was accepted
	At      time.Time
	Took    time.Duration
}

// Tape collects the calls that are made under a context. It is safe for concurrent use.
type Tape struct {
	mu       sync.Mutex
	reads    int
	attempts []Attempt
}

type tapeKey struct{}

// Under gives a context whose calls are on the tape.
func (t *Tape) Under(ctx context.Context) context.Context {
	return context.WithValue(ctx, tapeKey{}, t)
}

// Attempts are those that may have changed something, in the order in which they ended; also those that failed, and those that nobody has
// waited for any more.
func (t *Tape) Attempts() []Attempt {
	t.mu.Lock()
	defer t.mu.Unlock()
	return append([]Attempt(nil), t.attempts...)
}

// Reads is how many attempts only read.
func (t *Tape) Reads() int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.reads
}

func (t *Tape) add(kind Kind, a Attempt) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if kind != Write {
		t.reads++
		return
	}
	t.attempts = append(t.attempts, a)
}

// taped puts every attempt under a context with a tape on it. It stands right before the wire: the SDK's own repetitions are attempts too.
func taped(s *middleware.Stack) error {
	return s.Deserialize.Add(middleware.DeserializeMiddlewareFunc("jobzeroTape",
		func(ctx context.Context, in middleware.DeserializeInput, next middleware.DeserializeHandler) (middleware.DeserializeOutput, middleware.Metadata, error) {
			tape, ok := ctx.Value(tapeKey{}).(*Tape)
			if !ok {
				return next.HandleDeserialize(ctx, in)
			}
			began := time.Now()
			out, meta, err := next.HandleDeserialize(ctx, in)
			operation := awsmiddleware.GetOperationName(ctx)
			tape.add(kindOf(operation), Attempt{
				API: serviceOf(ctx, in.Request) + ":" + operation, Region: awsmiddleware.GetRegion(ctx), Request: requestOf(out.RawResponse),
				Error: codeOf(out.RawResponse, err), At: began, Took: time.Since(began),
			})
			return out, meta, err
		}), middleware.Before)
}

// serviceOf is the service as IAM and CloudTrail name it, which is the name that a call is signed for: the fourth part of the credential in its
// header (docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-signing-elements.html). Of a call that is not signed it is the SDK's name.
func serviceOf(ctx context.Context, request any) string {
	if r, ok := request.(*smithyhttp.Request); ok {
		_, scope, _ := strings.Cut(r.Header.Get("Authorization"), "Credential=")
		scope, _, _ = strings.Cut(scope, ",")
		if part := strings.Split(scope, "/"); len(part) >= 5 {
			return part[len(part)-2]
		}
	}
	return strings.ToLower(strings.ReplaceAll(awsmiddleware.GetServiceID(ctx), " ", ""))
}

// requestOf reads the request's ID from the answer's header. S3 and CloudFront have a name of their own for it
// (docs.aws.amazon.com/AmazonS3/latest/API/RESTCommonResponseHeaders.html).
func requestOf(raw any) string {
	r, ok := raw.(*smithyhttp.Response)
	if !ok || r == nil || r.Response == nil {
		return ""
	}
	for _, name := range []string{"X-Amzn-Requestid", "X-Amz-Request-Id"} {
		if id := r.Header.Get(name); id != "" {
			return id
		}
	}
	return ""
}

// codeOf is what went wrong with an attempt.
func codeOf(raw any, err error) string {
	if api, ok := errors.AsType[smithy.APIError](err); ok && api.ErrorCode() != "" {
		return api.ErrorCode()
	}
	r, ok := raw.(*smithyhttp.Response)
	switch {
	case err == nil:
		return ""
	case !ok || r == nil || r.Response == nil || r.StatusCode == 0:
		return NoAnswer
	case r.StatusCode >= http.StatusMultipleChoices:
		return http.StatusText(r.StatusCode)
	default:
		return "the answer could not be read"
	}
}

// NoAnswer is the error of an attempt that AWS did not answer: it may have been carried out.
const NoAnswer = "no answer"
