// Package tie is whose the principals are: people beside the users, seats, roles and sessions of AWS.
//
// It is: joins of people to principals, each with its reason and how sure it is; what a leaver leaves behind and whether it is proved gone;
// what a mover has that his new team has not; what nobody uses or owns.
// It takes: people, a world of holdings and an estate of policies; nothing here reads or calls anything.
// It gives: lists for people and the names of the actions that end each thing; unknown is never gone.
// Next door: access/holding and access/estate are what is read; cli shows it.
package tie
