package s3notify

import (
	"context"
	"errors"
	"io"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/smithy-go"
	"jobzero/internal/event"
	"jobzero/internal/fault"
	"jobzero/internal/source"
	"jobzero/internal/source/file"
	"jobzero/internal/source/queue"
)

// The defaults of Options.
const (
	DefaultMaxObject = 1 << 30
	DefaultBatch     = 500
)

// API is what is used of the S3 client.
type API interface {
	GetObject(context.Context, *s3.GetObjectInput, ...func(*s3.Options)) (*s3.GetObjectOutput, error)
}

// Options are a handler's settings; zero values mean the defaults.
type Options struct {
	Buckets   []string // the only buckets that are read; any when empty. A notification is a claim: name them
	Owner     string   // the account that must own the bucket; S3 refuses others. Any when empty
	MaxObject int64    // largest object in bytes, as it is stored; 1 GiB
	Batch     int      // events handed over at once; 500
	// Ours says whether an account is one of the organisation's. AWS writes some records of one account below the key of another,
	// such as flows in a VPC that is shared: between our own that is no contradiction. nil: no account is.
	Ours func(account string) bool
	File file.Options
}

// Handler gives the records of the objects that a message names to out. A refusal by S3 (denied, throttled, a broken
// connection) is an error, and leaves the message with the queue; an object that is gone is a dead letter.
func Handler(api API, o Options, out source.Out) queue.Handler {
	if o.MaxObject <= 0 {
		o.MaxObject = DefaultMaxObject
	}
	if o.Batch <= 0 {
		o.Batch = DefaultBatch
	}
	o.File.Source, o.File.Now, o.File.Progress = "s3", out.Now, nil
	return func(ctx context.Context, m queue.Message) error {
		body := source.Unwrap(m.Body)
		origin := event.Origin{Source: "s3", Place: m.Queue + "#" + m.ID, Offset: -1}
		objects, err := read(body)
		if other, ok := errors.AsType[*source.Other](err); ok {
			out.Skip(other.Name)
			return nil
		}
		if err != nil {
			return out.Bury(ctx, origin, err.Error(), body)
		}
		for _, obj := range objects {
			h := &handling{api: api, o: o, out: out, object: obj, body: body}
			if err := h.run(ctx); err != nil {
				return fault.Wrap(fault.CodeOf(err), err, "read %s", obj)
			}
		}
		return nil
	}
}

// handling is the reading of one object.
type handling struct {
	api    API
	o      Options
	out    source.Out
	object object
	body   []byte // the message, for a dead letter that can be tried again
}

func (h *handling) run(ctx context.Context) error {
	if strings.Contains(h.object.key, "CloudTrail-Digest") {
		h.out.Skip("a CloudTrail digest")
		return nil
	}
	if len(h.o.Buckets) > 0 && !slices.Contains(h.o.Buckets, h.object.bucket) {
		return h.bury(ctx, "provenance: "+h.object.bucket+" is not among the buckets to read from")
	}
	in := &s3.GetObjectInput{Bucket: &h.object.bucket, Key: &h.object.key}
	if h.object.version != "" {
		in.VersionId = &h.object.version
	}
	if h.o.Owner != "" {
		in.ExpectedBucketOwner = &h.o.Owner
	}
	got, err := h.api.GetObject(ctx, in)
	if err != nil {
		return h.refused(ctx, err)
	}
	defer got.Body.Close()
	if n := aws.ToInt64(got.ContentLength); n > h.o.MaxObject {
		return h.bury(ctx, fault.New(fault.Invalid, "the object has %d bytes, more than the limit of %d", n, h.o.MaxObject).Error())
	}
	b := &body{in: got.Body, left: h.o.MaxObject}
	s := &sink{ctx: ctx, h: h, body: b, claim: claimOf(h.object.key)}
	if _, err := file.Read(ctx, b, h.object.String(), h.o.File, s); err != nil {
		return err
	}
	if b.err != nil { // the stream broke between two records
		return b.err
	}
	return s.flush()
}

// refused sorts S3's answers: gone is final, all else may pass.
func (h *handling) refused(ctx context.Context, err error) error {
	api, ok := errors.AsType[smithy.APIError](err)
	if !ok {
		return fault.Wrap(fault.Unavailable, err, "get the object")
	}
	switch api.ErrorCode() {
	case "NoSuchKey", "NoSuchBucket", "NoSuchVersion", "NotFound":
		return h.bury(ctx, "the object is not there: "+api.ErrorCode()+" "+api.ErrorMessage())
	case "AccessDenied", "Forbidden", "InvalidObjectState":
		return fault.Wrap(fault.Denied, err, "get the object")
	}
	return fault.Wrap(fault.Unavailable, err, "get the object")
}

func (h *handling) bury(ctx context.Context, reason string) error {
	return h.out.Bury(ctx, event.Origin{Source: "s3", Place: h.object.String(), Offset: -1}, reason, h.body)
}

// body tells a broken connection from a broken object, and keeps to the size limit where S3 told none.
type body struct {
	in   io.Reader
	left int64
	err  error // the connection's failure
}

func (b *body) Read(p []byte) (int, error) {
	if b.left <= 0 {
		return 0, fault.New(fault.Invalid, "the object is larger than the limit")
	}
	n, err := b.in.Read(p[:min(int64(len(p)), b.left)])
	b.left -= int64(n)
	if err != nil && !errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		b.err = fault.Wrap(fault.Unavailable, err, "the connection to S3 broke")
		return n, b.err
	}
	return n, err
}
