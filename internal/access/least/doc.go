// Package least is least privilege: what is granted and not needed, and the smaller policy.
//
// It is: granted held against used and declared, a policy that allows no more than before and no less than was used, and grants that are a risk.
// It takes: an estate, the use of a principal, and a declared list; what CloudTrail does not log stands in tables here.
// It gives: a verdict on each granted action, policies written out within AWS's limits, a replay, and findings; no file, clock or network.
// Next door: estate knows who has which policies; policy matches and compares patterns; access decides.
//
// Each statement that is written is a part of one that was there, under the same conditions, and every Deny stays. So nothing is allowed
// that was not. What cannot be seen in a log is kept as it was, and said.
package least
