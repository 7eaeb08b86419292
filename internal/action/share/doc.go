// Package share stops sharing things with everybody and with other accounts.
//
// It is: one action, for whatever AWS lets accounts share by naming them or all.
// It takes: how to read with whom a thing is shared, and the calls that add and remove shares.
// It gives: the action, which leaves all shares that were not named.
// Next door: action/ec2 and action/rds make theirs of it.
package share
