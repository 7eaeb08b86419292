// Package gather reads live who there is, what they may do and what they hold.
//
// It is: one reading for people at the terminal, who keep it in files, and for the house, which asks again until somebody is gone.
// It takes: the way into the accounts, and who is asked about.
// It gives: the answers of the API, as access/estate and access/holding read them from files; what could not be read is named.
// Next door: inventory has the readers; cli writes the answers into a folder, app judges them.
package gather
