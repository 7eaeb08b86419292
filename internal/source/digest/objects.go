package digest

import (
	"context"
	"io"
)

// Objects is a bucket that CloudTrail delivers to, or a copy of one. Keys begin with AWSLogs/: a prefix that the trail has
// before it belongs to the implementation.
type Objects interface {
	// Folder names what lies directly in a folder, whose key ends with a slash. A folder that does not exist is empty.
	Folder(ctx context.Context, key string) (folders, objects []string, err error)
	// Below calls found for every object of a folder, at any depth.
	Below(ctx context.Context, key string, found func(Object) error) error
	// Open gives an object. One that does not exist is fs.ErrNotExist.
	Open(ctx context.Context, key string) (*Content, error)
}

// Object is an entry of a listing.
type Object struct {
	Key  string
	Size int64 // bytes as they are stored
}

// Content is an opened object.
type Content struct {
	io.ReadCloser
	Metadata Metadata
}

// Metadata is what S3 keeps beside a digest; all of it may be unknown.
type Metadata struct {
	Signature string // x-amz-meta-signature, in hexadecimal
	Error     string // why what is kept there cannot be used, empty when it can
}
