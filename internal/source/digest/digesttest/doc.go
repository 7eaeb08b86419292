// Package digesttest makes what CloudTrail delivers to a bucket: log files, and digests signed with a key of the test's own.
//
// It is: the other side of source/digest, written from the same pages of the user guide, for tests.
// It takes: times, what the log files hold, and an RSA key.
// It gives: objects in memory, on disk, and as a digest.Objects whose answers a test may spoil.
// Next door: the tests of source/digest, its disk, and cli. The AWS emulator has trails but neither log files nor digests.
package digesttest
