package s3notify

import (
	"encoding/json"
	"fmt"
	"net/url"
	"strings"

	"jobzero/internal/fault"
	"jobzero/internal/source"
)

// object is where a log file lies.
type object struct {
	bucket, key, version string
}

func (o object) String() string { return "s3://" + o.bucket + "/" + o.key }

// notice is the union of the forms that a notification comes in.
type notice struct {
	Event      string   `json:"Event"` // s3:TestEvent, sent once when notifications are set up
	Records    []record `json:"Records"`
	DetailType string   `json:"detail-type"` // EventBridge
	Source     string   `json:"source"`
	Detail     struct {
		Bucket named `json:"bucket"`
		Object keyed `json:"object"`
	} `json:"detail"`
	Bucket string   `json:"s3Bucket"` // CloudTrail's own topic
	Keys   []string `json:"s3ObjectKey"`
}

type named struct {
	Name string `json:"name"`
}

type keyed struct {
	Key     string `json:"key"`
	Version string `json:"versionId"`  // S3
	Other   string `json:"version-id"` // EventBridge
}

type record struct {
	Source string `json:"eventSource"`
	Name   string `json:"eventName"`
	S3     struct {
		Bucket named `json:"bucket"`
		Object keyed `json:"object"`
	} `json:"s3"`
}

// read tells the new objects that a message names. Errors are *source.Other for messages about anything else and
// fault.Invalid for what cannot be read.
func read(body []byte) ([]object, error) {
	var n notice
	if err := json.Unmarshal(body, &n); err != nil {
		return nil, fault.Wrap(fault.Invalid, err, "not an S3 notification")
	}
	var all []object
	switch {
	case n.Event == "s3:TestEvent":
		return nil, &source.Other{Name: n.Event}
	case n.DetailType != "":
		if n.Source != "aws.s3" || n.DetailType != "Object Created" {
			return nil, &source.Other{Name: n.DetailType}
		}
		all = append(all, object{n.Detail.Bucket.Name, n.Detail.Object.Key, n.Detail.Object.Other}) // its key is not encoded
	case n.Bucket != "":
		for _, k := range n.Keys {
			all = append(all, object{bucket: n.Bucket, key: k})
		}
	case len(n.Records) > 0:
		return n.records()
	default:
		return nil, fault.New(fault.Invalid, "not an S3 notification: neither Records nor detail-type nor s3Bucket is in it")
	}
	return complete(all)
}

// records reads S3's own form. Its keys are encoded as in a query.
func (n *notice) records() ([]object, error) {
	var all []object
	skipped := ""
	for i, r := range n.Records {
		if r.Source != "aws:s3" {
			return nil, fault.New(fault.Invalid, "not an S3 notification: Records[%d].eventSource is %.40q", i, r.Source)
		}
		if !strings.HasPrefix(r.Name, "ObjectCreated:") {
			skipped = r.Name
			continue
		}
		key, err := url.QueryUnescape(r.S3.Object.Key)
		if err != nil {
			return nil, fault.Wrap(fault.Invalid, err, "decode Records[%d].s3.object.key", i)
		}
		all = append(all, object{r.S3.Bucket.Name, key, r.S3.Object.Version})
	}
	if len(all) == 0 {
		return nil, &source.Other{Name: fmt.Sprintf("S3 %s", skipped)}
	}
	return complete(all)
}

// complete gives the objects when there are some and each has its name.
func complete(all []object) ([]object, error) {
	for _, o := range all {
		if o.bucket == "" || o.key == "" {
			return nil, fault.New(fault.Invalid, "an S3 notification without the bucket's name or the object's key")
		}
	}
	if len(all) == 0 {
		return nil, fault.New(fault.Invalid, "an S3 notification that names no object")
	}
	return all, nil
}
