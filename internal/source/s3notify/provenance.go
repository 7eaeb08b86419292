package s3notify

import (
	"fmt"
	"strings"

	"jobzero/internal/event"
	"jobzero/internal/source/archive"
	"jobzero/internal/source/line"
)

// claim is what a key in AWS's own layout says of the records in the object: below it AWS writes an account's own records only.
// What is empty is not said.
type claim struct {
	account, region string
	trail           bool // CloudTrail's: only the account counts, because records of global services say another region
}

const trail = "cloudtrail" // how its folders begin

// claimOf reads a key. Keys below AWSLogs that name no log of AWS's are somebody's own, and claim nothing.
func claimOf(key string) claim {
	p := line.PlaceOf(key)
	switch {
	case p.Account == "", p.Kind != "" && !strings.HasPrefix(p.Kind, trail) && !archive.Knows(p.Kind):
		return claim{}
	case strings.HasPrefix(p.Kind, trail):
		return claim{account: p.Account, trail: true}
	}
	return claim{account: p.Account, region: p.Region}
}

// against says how a record contradicts the claim; empty when it does not. What a record does not say was filled in from the key.
func (c claim) against(e *event.Event, ours func(string) bool) string {
	switch {
	case c.account != "" && e.Account != "" && e.Account != c.account && (c.trail || ours == nil || !ours(e.Account)):
		return fmt.Sprintf("provenance: the object's key says account %s, the record says %s", c.account, e.Account)
	case !c.trail && c.region != "" && e.Region != "" && e.Region != c.region:
		return fmt.Sprintf("provenance: the object's key says region %s, the record says %s", c.region, e.Region)
	}
	return ""
}
