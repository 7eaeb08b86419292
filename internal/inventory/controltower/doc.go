// Package controltower reads the landing zone that Control Tower keeps, and where it is not as Control Tower laid it down.
//
// It is: one reader of a type of ours, because CloudFormation's knows nothing of the units that are governed.
// It takes: a session that may only read, in the organisation's management account and the landing zone's home region.
// It gives: versions, state and drift, of the landing zone, its units and its controls.
// Next door: organizations reads the accounts; expect judges both.
package controltower
