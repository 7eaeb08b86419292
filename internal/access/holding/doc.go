// Package holding is what people and machines hold in AWS: logins, keys, devices, memberships, assignments and sessions.
//
// It is: IAM users with their credentials, roles, users of Identity Center with their groups and assignments, and what of it was not read.
// It takes: what the AWS CLI answers, one file after another, and resources as inventory reads them.
// It gives: a world to join people to. What no file said is unknown, and not absent.
// Next door: access/tie says whose it is; access/estate has the policies of the same files.
package holding
