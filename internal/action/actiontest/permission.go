package actiontest

import "jobzero/internal/policy/names"

// narrowable reports whether a permission is about resources: of one that is not, IAM takes no resource but all.
func narrowable(permission string) bool {
	known, ok := names.Find(permission)
	return !ok || len(known.About) > 0
}
