package store

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"strings"
	"time"

	"jobzero/internal/fault"
)

const (
	mostRows  = 10_000 // what a filter without a limit gives
	widest    = 600    // bytes of an indexed text; PostgreSQL refuses index rows beyond 2,700
	errorText = 4_000  // bytes of an error that are kept
)

// stamp is a time as the databases keep it: microseconds since 1970, 0 for never.
func stamp(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMicro()
}

// instant reads a stamp.
func instant(us int64) time.Time {
	if us == 0 {
		return time.Time{}
	}
	return time.UnixMicro(us).UTC()
}

// plain is text that both databases can keep: valid UTF-8 without NUL. Events are written by strangers.
func plain(s string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\x00", "\uFFFD")
}

// column is text as it is looked for: plain, and short enough for an index. What is longer keeps its beginning and the hash
// of the whole, so that equal stays equal and different stays different.
func column(s string) string {
	s = plain(s)
	if len(s) <= widest {
		return s
	}
	sum := sha256.Sum256([]byte(s))
	return strings.ToValidUTF8(s[:widest-65], "") + "#" + hex.EncodeToString(sum[:])
}

// cut is plain text of at most n bytes.
func cut(s string, n int) string {
	if s = plain(s); len(s) > n {
		s = strings.ToValidUTF8(s[:n], "")
	}
	return s
}

// most is a filter's limit.
func most(n int) int32 {
	if n <= 0 || n > mostRows {
		return mostRows
	}
	return int32(n)
}

// words is a list that a query can look into with like: ",a,b,", empty for any.
func words[S ~string](list []S) string {
	var b strings.Builder
	for _, w := range list {
		b.WriteString("," + string(w))
	}
	if b.Len() == 0 {
		return ""
	}
	return b.String() + ","
}

// encode makes the document of a noun.
func encode(what string, v any) (string, error) {
	text, err := json.Marshal(v)
	if err != nil {
		return "", fault.Wrap(fault.Invalid, err, "%s cannot be kept", what)
	}
	// A noun's raw JSON may carry bytes that are no UTF-8 inside its strings; PostgreSQL would refuse them.
	return strings.ToValidUTF8(string(text), "\uFFFD"), nil
}

// decode reads the document of a noun.
func decode[T any](what, doc string) (T, error) {
	var v T
	if err := json.Unmarshal([]byte(doc), &v); err != nil {
		return v, fault.Wrap(fault.Internal, err, "%s: the row is damaged", what)
	}
	return v, nil
}

// decodeAll reads many documents.
func decodeAll[T any](what string, docs []string) ([]T, error) {
	out := make([]T, 0, len(docs))
	for _, d := range docs {
		v, err := decode[T](what, d)
		if err != nil {
			return nil, err
		}
		out = append(out, v)
	}
	return out, nil
}
