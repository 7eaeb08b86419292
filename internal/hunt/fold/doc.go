// Package fold makes a ledger of an archive: who did what.
//
// It is: the loop that reads logs for a ledger, on all processors, with bounded memory.
// It takes: inputs of source/file, a window of accounts, regions and time, and a ledger to add to.
// It gives: the ledger with what the logs say, counts, and what could not be read.
// Next door: access/ledger folds, source/archive finds the files; cli asks the ledger.
package fold
