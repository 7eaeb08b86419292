// Package person is the people whom a directory knows.
//
// It is: a person with his names, team and days, a group of people, and what changed of them when.
// It takes: what a directory or a file says; nothing here reads or calls anything.
// It gives: whether somebody is here or has left, and the change from one state to the next in words that can be kept.
// Next door: api/scim and principal/roster tell of people, access/tie says what is theirs, store keeps them.
package person
