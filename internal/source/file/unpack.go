package file

import (
	"bytes"
	"io"

	"github.com/klauspost/compress/gzip"

	"jobzero/internal/fault"
)

// unpacker takes whole gzip files apart, one after another.
type unpacker struct{ z gzip.Reader }

// gunzip gives what is in a gzip file of one or more members, in the memory of to where that is enough. More than limit bytes
// are an error.
func (u *unpacker) gunzip(to, from []byte, limit int) ([]byte, error) {
	if err := u.z.Reset(bytes.NewReader(from)); err != nil {
		return to, err
	}
	out := bytes.NewBuffer(to[:0])
	n, err := io.Copy(out, io.LimitReader(&u.z, int64(limit)+1))
	if err == nil && n > int64(limit) {
		err = fault.New(fault.Invalid, "more than %d bytes come out of it", limit)
	}
	return out.Bytes(), err
}
