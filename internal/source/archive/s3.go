package archive

import (
	"context"
	"errors"
	"io"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/smithy-go"

	"jobzero/internal/awsorg"
	"jobzero/internal/fault"
	"jobzero/internal/source/file"
)

// API is what is used of the S3 client.
type API interface {
	ListObjectsV2(context.Context, *s3.ListObjectsV2Input, ...func(*s3.Options)) (*s3.ListObjectsV2Output, error)
	GetObject(context.Context, *s3.GetObjectInput, ...func(*s3.Options)) (*s3.GetObjectOutput, error)
}

// Client is S3 itself as the API, with the credentials of the configuration. Objects that were stored without a checksum are
// read in silence: older log files have none, and gzip has its own.
func Client(cfg aws.Config) API {
	return s3.NewFromConfig(cfg, func(o *s3.Options) { o.DisableLogOutputChecksumValidationSkipped = true })
}

// Scheme begins the name of a place in S3.
const Scheme = "s3://"

// Bucket is a bucket, or what is below a prefix of it.
type Bucket struct {
	Name   string
	Prefix string // keys begin with it
}

// ParseBucket reads s3://bucket/prefix. The error is fault.Invalid.
func ParseBucket(text string) (Bucket, error) {
	rest, ok := strings.CutPrefix(text, Scheme)
	name, prefix, _ := strings.Cut(rest, "/")
	if !ok || name == "" || strings.ContainsAny(name, " \t?#") {
		return Bucket{}, fault.New(fault.Invalid, "%q: want s3://BUCKET or s3://BUCKET/PREFIX", text)
	}
	return Bucket{name, prefix}, nil
}

// String is the place as it is written.
func (b Bucket) String() string { return Scheme + b.Name + "/" + b.Prefix }

// Streams lists the objects of the window. Folders of the layout are listed with a delimiter, one question each, and accounts,
// regions and kinds of log outside of the window are not entered. Below a region the list begins with the window's first day and
// ends behind its last one. Errors have the codes of awsorg.Classify.
func (b Bucket) Streams(api API, w Window) file.Streams {
	return func(ctx context.Context, found func(file.Stream) error) error {
		l := &listing{api: api, bucket: b, window: w, found: found}
		return l.folder(ctx, b.Prefix)
	}
}

// listing is one going through a bucket.
type listing struct {
	api    API
	bucket Bucket
	window Window
	found  func(file.Stream) error
	enter  func(prefix string) bool // when it is not nil, it is asked in place of the window, and every folder is listed
}

// folder goes through what is below a prefix.
func (l *listing) folder(ctx context.Context, prefix string) error {
	if p := read(prefix); l.enter == nil && p.days != "" && strings.HasSuffix(prefix, "/") {
		return l.dated(ctx, prefix, p)
	}
	in := &s3.ListObjectsV2Input{Bucket: &l.bucket.Name, Prefix: &prefix, Delimiter: aws.String("/")}
	for {
		out, err := l.api.ListObjectsV2(ctx, in)
		if err != nil {
			return awsorg.Fault(err, "list %s%s/%s", Scheme, l.bucket.Name, prefix)
		}
		for i := range out.Contents {
			if err := l.object(aws.ToString(out.Contents[i].Key), aws.ToInt64(out.Contents[i].Size)); err != nil {
				return err
			}
		}
		for _, c := range out.CommonPrefixes {
			if sub := aws.ToString(c.Prefix); l.enters(sub) {
				if err := l.folder(ctx, sub); err != nil {
					return err
				}
			}
		}
		if !aws.ToBool(out.IsTruncated) {
			return nil
		}
		in.ContinuationToken = out.NextContinuationToken
	}
}

func (l *listing) enters(prefix string) bool {
	if l.enter != nil {
		return l.enter(prefix)
	}
	return l.window.Admits(prefix)
}

// dated lists the objects below where days, or those of a year, a month or a day, stand. S3 gives keys in their order, which is that
// of the days.
func (l *listing) dated(ctx context.Context, prefix string, p found) error {
	in := &s3.ListObjectsV2Input{Bucket: &l.bucket.Name, Prefix: &prefix}
	first, last := l.window.days(p.Kind)
	begin := first
	if p.hive && first != "" {
		begin = "year=" + first[:4] + "/month=" + first[5:7] + "/day=" + first[8:]
	}
	if start := p.days + begin; begin != "" && start > prefix {
		in.StartAfter = &start
	}
	for {
		out, err := l.api.ListObjectsV2(ctx, in)
		if err != nil {
			return awsorg.Fault(err, "list %s%s/%s", Scheme, l.bucket.Name, prefix)
		}
		for i := range out.Contents {
			key := aws.ToString(out.Contents[i].Key)
			if day := Read(key).Day; last != "" && len(day) == len(last) && day > last {
				return nil
			}
			if err := l.object(key, aws.ToInt64(out.Contents[i].Size)); err != nil {
				return err
			}
		}
		if !aws.ToBool(out.IsTruncated) {
			return nil
		}
		in.ContinuationToken, in.StartAfter = out.NextContinuationToken, nil
	}
}

// object gives an object on, unless it is a folder's own or not of the window.
func (l *listing) object(key string, size int64) error {
	if strings.HasSuffix(key, "/") || !l.enters(key) {
		return nil
	}
	place := Scheme + l.bucket.Name + "/" + key
	return l.found(file.Stream{Place: place, Size: size, Open: func(ctx context.Context) (io.ReadCloser, error) {
		out, err := l.api.GetObject(ctx, &s3.GetObjectInput{Bucket: &l.bucket.Name, Key: &key})
		if err != nil {
			return nil, opening(err, place)
		}
		return out.Body, nil
	}})
}

// opening sorts S3's answers: what is gone, or lies in a class of storage that has to be restored first, is that object's; all
// else is the reading's.
func opening(err error, place string) error {
	if api, ok := errors.AsType[smithy.APIError](err); ok {
		switch api.ErrorCode() {
		case "NoSuchKey":
			return fault.Wrap(fault.NotFound, err, "get %s", place)
		case "InvalidObjectState":
			return fault.Wrap(fault.NotFound, err, "get %s: it is in an archive class of S3: restore it first", place)
		}
	}
	return awsorg.Fault(err, "get %s", place)
}
