package fold

import (
	"regexp"
	"strings"
	"sync"

	"jobzero/internal/access/ledger"
)

// known is which files a ledger knows: a second run over an archive counts nothing twice, however long ago the first one was.
type known struct {
	has  func(name string) bool // by what the ledger knew when the run began
	mu   sync.Mutex
	left map[string]struct{} // files that were not opened
}

func newKnown(l *ledger.Ledger) *known {
	return &known{has: l.FinishedNow(), left: map[string]struct{}{}}
}

// leaves reports whether a path is a file that the ledger knows.
func (k *known) leaves(path string) bool {
	name, ok := delivered(path)
	if !ok || !k.has(name) {
		return false
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	k.left[name] = struct{}{}
	return true
}

// object is the name that CloudTrail gives a log file. No other file ever has it, and the file never changes:
// https://docs.aws.amazon.com/awscloudtrail/latest/userguide/get-and-view-cloudtrail-log-files.html#cloudtrail-log-filename-format.
var object = regexp.MustCompile(`^\d{12}_CloudTrail_[a-z0-9-]+_\d{8}T\d{4}Z_[A-Za-z0-9]+\.json(\.gz)?$`)

// delivered is the name of a file that CloudTrail delivered, wherever it lies; false of any other.
func delivered(place string) (string, bool) {
	name := place[strings.LastIndexAny(place, "/!\\")+1:]
	if !object.MatchString(name) {
		return "", false
	}
	return strings.TrimSuffix(name, ".gz"), true
}
