package digest

import (
	"cmp"
	"io/fs"
	"regexp"
	"slices"
	"strings"
	"time"
)

// The folders of CloudTrail in AWSLogs/ACCOUNT/, or AWSLogs/ORGANISATION/ACCOUNT/ for the trail of an organisation.
const (
	top         = "AWSLogs/"
	digestsHere = "CloudTrail-Digest"
	logsHere    = "CloudTrail"
)

var (
	isOrganisation = regexp.MustCompile(`^o-[a-z0-9]{1,64}$`)
	isAccount      = regexp.MustCompile(`^\d{12}$`)

	// A digest's name says the region it is about, the trail and the trail's home region, and the end of its hour. The suffix
	// _backfill is of digests for log files that the first one came too early for.
	digestForm = regexp.MustCompile(`^(\d{12})_CloudTrail-Digest_([a-z0-9-]{1,64})_([A-Za-z0-9._-]{1,128})_([a-z0-9-]{1,64})_(\d{8}T\d{6}Z)(_backfill)?\.json\.gz$`)
	logForm    = regexp.MustCompile(`^\d{12}_CloudTrail_[a-z0-9-]{1,64}_(\d{8}T\d{4}Z)_[A-Za-z0-9]{1,64}\.json\.gz$`)
)

// area is an account in a region, of an organisation's trail or of its own. Without a region it stands for what lies beside
// the regions' folders.
type area struct {
	organisation, account, region string

	loose []string // keys that lie there
	err   error    // why they could not be listed
}

// folder is where an area's digests or logs are.
func (a area) folder(kind string) string {
	steps := slices.DeleteFunc([]string{a.organisation, a.account, kind, a.region}, func(step string) bool { return step == "" })
	return top + strings.Join(steps, "/") + "/"
}

// name is what a digest's key says.
type name struct {
	key      string
	trail    string // with its home region: the same name may be used in two regions
	backfill bool
	end      time.Time
}

// digestName reads the key of a digest of the area; false when it is none.
func (a area) digestName(key string) (name, bool) {
	m := digestForm.FindStringSubmatch(base(key))
	if m == nil || m[1] != a.account || m[2] != a.region || !strings.HasPrefix(key, a.folder(digestsHere)) {
		return name{}, false
	}
	end, err := time.Parse("20060102T150405Z", m[5])
	if err != nil {
		return name{}, false
	}
	return name{key: key, trail: m[3] + " of " + m[4], backfill: m[6] != "", end: end}, true
}

// logTime is the time in a log file's name: of its newest event, to the minute.
func logTime(key string) (time.Time, bool) {
	m := logForm.FindStringSubmatch(base(key))
	if m == nil {
		return time.Time{}, false
	}
	at, err := time.Parse("20060102T1504Z", m[1])
	return at, err == nil
}

func base(key string) string { return key[strings.LastIndexByte(key, '/')+1:] }

// place is an object's key without the prefix that a trail may have; empty when it is nothing that CloudTrail writes.
func place(object string) string {
	if !strings.HasPrefix(object, top) {
		_, rest, found := strings.Cut(object, "/"+top)
		if !found {
			return ""
		}
		object = top + rest
	}
	if !fs.ValidPath(object) { // no way up, no empty step
		return ""
	}
	return object
}

// byTime sorts names, oldest first.
func byTime(names []name) {
	slices.SortFunc(names, func(a, b name) int { return cmp.Or(a.end.Compare(b.end), strings.Compare(a.key, b.key)) })
}
