package line

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"strconv"
	"strings"
	"time"

	"jobzero/internal/event"
)

// MaxBytes is how long an entry may be. AWS's own stay far below it.
const MaxBytes = 1 << 20

// ErrHeader says that a line only names the fields of those behind it. There is nothing to keep and nothing to repair.
var ErrHeader = errors.New("a line that names fields")

// Entry is one line without its end, or one JSON object, as it was delivered.
type Entry struct {
	Text   []byte // kept by what becomes of it, not copied
	Origin event.Origin
	Time   time.Time // when AWS took it in, for entries that say no time themselves; zero when nobody knows
}

// Reader reads the entries of one log: those of one file, object or stream, in their order, because a line may name the fields of
// those behind it. It is used by one goroutine at a time.
type Reader interface {
	// Read makes an event of one entry. Errors are ErrHeader, *source.Other for entries that tell of nothing that happened, and
	// fault.Invalid for what cannot be read.
	Read(Entry) (*event.Event, error)
}

// ID is an identity that the same entry has whenever and however often it is delivered. own is the log's own word for it, such
// as a request ID, and may be empty: then the entry's place counts, because two flows may well have the same text. Beside own
// the text counts too: many request IDs may be chosen by whoever sends the request, and an event with a known ID is left out.
func (e Entry) ID(own string) event.ID {
	h := sha256.New()
	if own == "" {
		h.Write([]byte(e.Origin.Place + "\x00" + strconv.FormatInt(e.Origin.Offset, 10) + "\x00"))
	}
	h.Write(e.Text)
	sum := hex.EncodeToString(h.Sum(nil)[:16])
	if own == "" {
		return event.ID(sum)
	}
	if len(own) > maxOwn {
		own = own[:maxOwn]
	}
	return event.ID(strings.ToValidUTF8(own, "�") + "-" + sum[:16])
}

// maxOwn is how much of a log's own ID becomes part of an event's.
const maxOwn = 200
