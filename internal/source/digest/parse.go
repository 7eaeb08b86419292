package digest

import (
	"strings"
	"time"

	"jobzero/internal/fault"
	"jobzero/internal/rawjson"
)

// The only algorithms that CloudTrail has used so far, as it writes them.
const (
	signatureAlgorithm = "SHA256withRSA"
	hashAlgorithm      = "SHA-256"
)

// Digest is what a digest file says.
type Digest struct {
	Start, End  time.Time // log files delivered between them are listed
	Bucket      string
	Object      string // its own key, with the trail's prefix
	Fingerprint string // of the key that it is signed with
	Algorithm   string
	Previous    *Link // nil in a starting digest: before it there was no validation
	Logs        []Log // none in an hour without a call

	end string // End as it is written: that is what is signed
}

// Link is what a digest says of the one before it.
type Link struct {
	Bucket, Object string
	Hash           string // of the decompressed content, in hexadecimal; empty when it is not said
	Signature      string // in hexadecimal
}

// Log is one log file that was delivered.
type Log struct {
	Bucket, Object string
	Algorithm      string
	Hash           string // of the decompressed content, in hexadecimal
}

// Parse reads the decompressed content of a digest file. Members that are not known are left alone: the format may grow.
func Parse(text []byte) (*Digest, error) {
	m := object{all: map[string]rawjson.Value{}}
	if err := rawjson.Object(text, m.add); err != nil {
		return nil, fault.Wrap(fault.Invalid, err, "no digest")
	}
	d := &Digest{
		Bucket: m.must("digestS3Bucket"), Object: m.must("digestS3Object"),
		Fingerprint: strings.ToLower(m.must("digestPublicKeyFingerprint")), Algorithm: m.must("digestSignatureAlgorithm"),
		Start: m.time("digestStartTime"), End: m.time("digestEndTime"), end: m.must("digestEndTime"),
		Previous: m.link(), Logs: m.logs(),
	}
	if m.err == nil && d.End.Before(d.Start) {
		m.fail("digestEndTime lies before digestStartTime")
	}
	if m.err != nil {
		return nil, m.err
	}
	return d, nil
}

// object is a JSON object that is taken apart, with the first thing that is wrong about it.
type object struct {
	all map[string]rawjson.Value
	err error
}

// add takes a member. Two of one name leave open which of them was meant.
func (o *object) add(name []byte, v rawjson.Value) error {
	if _, twice := o.all[string(name)]; twice {
		return fault.New(fault.Invalid, "%q is there twice", name)
	}
	o.all[string(name)] = v
	return nil
}

func (o *object) fail(format string, args ...any) {
	if o.err == nil {
		o.err = fault.Wrap(fault.Invalid, fault.New(fault.Invalid, format, args...), "no digest")
	}
}

// text is a member that is a string, or null or not there: then it is empty.
func (o *object) text(name string) string {
	v := o.all[name]
	if v.IsNull() {
		return ""
	}
	text, ok := v.Text()
	if !ok {
		o.fail("%s is a %s, want a string", name, v.Kind())
	}
	return text
}

// must is a text that has to be there. None of them has more than one line: the lines of what is signed must stay apart.
func (o *object) must(name string) string {
	text := o.text(name)
	if text == "" || strings.ContainsAny(text, "\r\n\x00") {
		o.fail("%s is missing, empty or has more than one line", name)
	}
	return text
}

func (o *object) time(name string) time.Time {
	at, err := time.Parse(time.RFC3339, o.must(name))
	if err != nil {
		o.fail("%s: %s", name, err)
	}
	return at
}

// link is what is said of the digest before: all of it, or nothing in a starting digest.
func (o *object) link() *Link {
	if o.text("previousDigestS3Object") == "" {
		if o.text("previousDigestS3Bucket")+o.text("previousDigestSignature") != "" {
			o.fail("previousDigestS3Object is missing, other things are said of that digest")
		}
		return nil
	}
	l := &Link{Bucket: o.must("previousDigestS3Bucket"), Object: o.must("previousDigestS3Object"), Signature: o.must("previousDigestSignature")}
	if o.text("previousDigestHashAlgorithm") == hashAlgorithm {
		l.Hash = strings.ToLower(o.must("previousDigestHashValue"))
	}
	return l
}

func (o *object) logs() (all []Log) {
	v := o.all["logFiles"]
	if v.Kind() != "array" {
		o.fail("logFiles is a %s, want an array", v.Kind())
		return nil
	}
	for it := rawjson.Over(v); it.Next() && o.err == nil; {
		if it.Value.Kind() != "object" {
			o.fail("logFiles holds a %s, want objects", it.Value.Kind())
			return nil
		}
		m := object{all: map[string]rawjson.Value{}}
		for in := rawjson.Over(it.Value); in.Next() && m.err == nil; {
			m.err = m.add(in.Name, in.Value)
		}
		log := Log{Bucket: m.must("s3Bucket"), Object: m.must("s3Object"), Algorithm: m.must("hashAlgorithm"), Hash: strings.ToLower(m.must("hashValue"))}
		if place(log.Object) == "" {
			m.fail("logFiles names %q, which is not below %s", log.Object, top)
		}
		o.err, all = m.err, append(all, log)
	}
	return all
}
