package estate

import (
	"maps"
	"slices"

	"jobzero/internal/policy"
	"jobzero/internal/resource"
)

// restricting is the setting of a bucket or an account by which S3 ignores what a public policy gives to anybody outside of the account
// (docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html).
const restricting = "RestrictPublicBuckets"

// restricts says whether a resource, a bucket or the settings of an account, has it.
func restricts(r resource.Resource, path string) policy.Truth {
	if _, open := opened(r, path); open {
		return policy.Maybe
	}
	if on, _ := at(r, path).(bool); on {
		return policy.Yes
	}
	return policy.No
}

// attributed says whether a bucket's tags count for access. Few readers ask: where nothing says so, it is not known.
func attributed(r resource.Resource) policy.Truth {
	switch at(r, "properties.AbacStatus") {
	case "Enabled":
		return policy.Yes
	case "Disabled":
		return policy.No
	}
	return policy.Maybe
}

// block notes what an account does with all its buckets.
func (e *Estate) block(r resource.Resource) {
	e.blocks[r.Account] = restricts(r, "properties."+restricting)
}

// Blocked says whether a bucket lets nobody from outside of its account in while its policy is public, be it by its own settings or by those of its
// account. What was not read is Maybe; of anything but a bucket it is No.
func (e *Estate) Blocked(a *Asset) policy.Truth {
	if a.Type != resource.Bucket {
		return policy.No
	}
	whole, read := e.blocks[a.Account]
	if !read {
		whole = policy.Maybe
	}
	return max(a.blocks, whole)
}

// Members are the accounts of the organisations that were read, sorted.
func (e *Estate) Members() []string { return slices.Sorted(maps.Keys(e.seats)) }
