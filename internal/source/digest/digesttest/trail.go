package digesttest

import (
	"crypto"
	"crypto/md5"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"sync"
	"time"
)

// Key is an RSA key of 2048 bits, made once.
var Key = sync.OnceValue(NewKey)

// NewKey is another one. It panics when there is no randomness.
func NewKey() *rsa.PrivateKey {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	return key
}

// Trail delivers to a bucket.
type Trail struct {
	Bucket       *Bucket
	Organisation string // o-…, or empty
	Account      string
	Region       string
	Name         string
	Key          *rsa.PrivateKey

	last map[bool]*delivered // by whether it is a backfill
}

type delivered struct{ bucket, object, hash, signature string }

// Delivery is what one digest is about.
type Delivery struct {
	Start, End time.Time
	Logs       []string // content of each log file
	Restart    bool     // a new chain begins with it
	Backfill   bool
	Mend       func(digest map[string]any) // before it is signed
}

// Hour delivers a digest for the hour up to end, and its log files. It gives their keys.
func (t *Trail) Hour(end time.Time, logs ...string) (digest string, files []string) {
	return t.Deliver(Delivery{Start: end.Add(-time.Hour), End: end, Logs: logs})
}

// Deliver delivers a digest and its log files. It gives their keys.
func (t *Trail) Deliver(d Delivery) (key string, files []string) {
	if t.last == nil {
		t.last = map[bool]*delivered{}
	}
	end := d.End.UTC()
	suffix := map[bool]string{true: "_backfill"}[d.Backfill]
	key = t.folder("CloudTrail-Digest", end) + fmt.Sprintf("%s_CloudTrail-Digest_%s_%s_us-east-1_%s%s.json.gz", t.Account, t.Region, t.Name, end.Format("20060102T150405Z"), suffix)
	list := []map[string]any{}
	for i, text := range d.Logs {
		at := d.Start.Add(time.Duration(i) * time.Minute)
		file := t.Log(at, fmt.Sprintf("%x%d", sha256.Sum256([]byte(key+text)), i)[:16], text)
		files = append(files, file)
		list = append(list, map[string]any{
			"s3Bucket": t.Bucket.Name, "s3Object": t.Bucket.Prefix + file, "hashValue": sum([]byte(text)), "hashAlgorithm": "SHA-256",
			"newestEventTime": clock(at), "oldestEventTime": clock(at),
		})
	}
	doc := map[string]any{
		"awsAccountId": t.Account, "digestStartTime": clock(d.Start), "digestEndTime": clock(d.End), "digestS3Bucket": t.Bucket.Name,
		"digestS3Object": t.Bucket.Prefix + key, "digestPublicKeyFingerprint": Fingerprint(t.Key), "digestSignatureAlgorithm": "SHA256withRSA",
		"newestEventTime": nil, "oldestEventTime": nil, "logFiles": list,
		"previousDigestS3Bucket": nil, "previousDigestS3Object": nil, "previousDigestHashValue": nil, "previousDigestHashAlgorithm": nil, "previousDigestSignature": nil,
	}
	previous := "null"
	if last := t.last[d.Backfill]; last != nil && !d.Restart {
		doc["previousDigestS3Bucket"], doc["previousDigestS3Object"], doc["previousDigestHashValue"] = last.bucket, last.object, last.hash
		doc["previousDigestHashAlgorithm"], doc["previousDigestSignature"] = "SHA-256", last.signature
		previous = last.signature
	}
	if d.Mend != nil {
		d.Mend(doc)
	}
	text, err := json.Marshal(doc)
	if err != nil {
		panic(err) // a map of texts
	}
	signature := t.sign(fmt.Sprintf("%s\n%s/%s\n%s\n%s", doc["digestEndTime"], doc["digestS3Bucket"], doc["digestS3Object"], sum(text), previous))
	t.Bucket.Objects[key], t.Bucket.Signatures[key] = Pack(text), signature
	t.last[d.Backfill] = &delivered{t.Bucket.Name, t.Bucket.Prefix + key, sum(text), signature}
	return key, files
}

// Log puts a log file into the bucket that no digest lists yet, and gives its key.
func (t *Trail) Log(at time.Time, id, text string) string {
	file := t.folder("CloudTrail", at.UTC()) + fmt.Sprintf("%s_CloudTrail_%s_%s_%s.json.gz", t.Account, t.Region, at.UTC().Format("20060102T1504Z"), id)
	t.Bucket.Objects[file] = Pack([]byte(text))
	return file
}

func (t *Trail) folder(kind string, day time.Time) string {
	organisation := ""
	if t.Organisation != "" {
		organisation = t.Organisation + "/"
	}
	return "AWSLogs/" + organisation + t.Account + "/" + kind + "/" + t.Region + day.Format("/2006/01/02/")
}

func (t *Trail) sign(text string) string {
	hash := sha256.Sum256([]byte(text))
	raw, err := rsa.SignPKCS1v15(nil, t.Key, crypto.SHA256, hash[:])
	if err != nil {
		panic(err) // a key of 2048 bits signs everything
	}
	return hex.EncodeToString(raw)
}

// Fingerprint is what CloudTrail calls a key: the MD5 of its DER.
func Fingerprint(key *rsa.PrivateKey) string {
	hash := md5.Sum(x509.MarshalPKCS1PublicKey(&key.PublicKey))
	return hex.EncodeToString(hash[:])
}

// Listed is what `aws cloudtrail list-public-keys` prints.
func Listed(keys ...*rsa.PrivateKey) []byte {
	list := []map[string]string{}
	for _, key := range keys {
		list = append(list, map[string]string{
			"Value":             base64.StdEncoding.EncodeToString(x509.MarshalPKCS1PublicKey(&key.PublicKey)),
			"ValidityStartTime": "2026-01-01T00:00:00+00:00", "ValidityEndTime": "2027-01-01T00:00:00+00:00", "Fingerprint": Fingerprint(key),
		})
	}
	text, err := json.MarshalIndent(map[string]any{"PublicKeyList": list}, "", "    ")
	if err != nil {
		panic(err) // a map of texts
	}
	return text
}

// PEM is a public key as openssl writes it.
func PEM(key *rsa.PrivateKey) []byte {
	return pem.EncodeToMemory(&pem.Block{Type: "RSA PUBLIC KEY", Bytes: x509.MarshalPKCS1PublicKey(&key.PublicKey)})
}

func sum(text []byte) string {
	hash := sha256.Sum256(text)
	return hex.EncodeToString(hash[:])
}

func clock(t time.Time) string { return t.UTC().Format(time.RFC3339) }
