package awsorg

import (
	"context"
	"strings"
	"time"

	awsmiddleware "github.com/aws/aws-sdk-go-v2/aws/middleware"
	"github.com/aws/smithy-go/middleware"
)

// Kind says what a call does, for measures.
type Kind string

// The kinds of calls.
const (
	Read  Kind = "read"
	Write Kind = "write"
	Wait  Kind = "wait" // a receive that waits for messages: how long it takes says nothing about AWS
)

// Seen is one attempt of one call that has ended.
type Seen struct {
	Service string // the SDK's name, such as S3 or Security Hub
	Kind    Kind
	Took    time.Duration // on the wire: waits for our own rate limit and between attempts are not in it
}

// kindOf tells the kind of an operation by its name, as AWS has named them since the beginning. What is not known to read
// counts as a write.
func kindOf(operation string) Kind {
	if operation == "ReceiveMessage" {
		return Wait
	}
	for _, verb := range []string{"Get", "List", "Describe", "Head", "Lookup", "Select", "BatchGet", "AssumeRole", "Simulate", "Search"} {
		if strings.HasPrefix(operation, verb) {
			return Read
		}
	}
	return Write
}

// observed tells see of every attempt. It stands right before the wire.
func observed(see func(Seen)) func(*middleware.Stack) error {
	watch := middleware.DeserializeMiddlewareFunc("jobzeroObserve",
		func(ctx context.Context, in middleware.DeserializeInput, next middleware.DeserializeHandler) (middleware.DeserializeOutput, middleware.Metadata, error) {
			began := time.Now()
			out, meta, err := next.HandleDeserialize(ctx, in)
			see(Seen{Service: awsmiddleware.GetServiceID(ctx), Kind: kindOf(awsmiddleware.GetOperationName(ctx)), Took: time.Since(began)})
			return out, meta, err
		})
	return func(s *middleware.Stack) error { return s.Deserialize.Add(watch, middleware.Before) }
}
