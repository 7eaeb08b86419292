package file

import "jobzero/internal/inflate"

// unpacker takes whole gzip files apart, one after another.
type unpacker struct{ z inflate.Decoder }

// gunzip gives what is in a gzip file of one or more members, in the memory of to where that is enough. More than limit bytes
// are an error.
func (u *unpacker) gunzip(to, from []byte, limit int) ([]byte, error) {
	return u.z.Gzip(to, from, limit)
}
