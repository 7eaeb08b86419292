// Package cloudlog makes up CloudTrail logs that look like real ones, for benchmarks and tests.
//
// It is: people and machines of a made-up organisation, the calls they make as templates of JSON (catalogue/*.txt), and the
// objects in which AWS delivers them. No record is taken from anywhere; the shapes are those of AWS.
// It takes: a seed and a number of events. The same two give the same bytes.
// It gives: objects with the keys they would have in S3, or a folder of them, and a manifest of what was planted.
// Next door: test/genlogs writes a folder with it, test/bench measures on that; the product must not import it.
//
// What holds for a log of 200,000 events, and about so for smaller ones: a record has 1,200 to 1,300 bytes in the mean; gzip
// makes one byte of about nine; most objects have some dozens or hundreds of records, a few in a hundred 2 to 5 MB of JSON;
// one record in 200 comes a second time, in a later object of the same account and region (Redelivered); one in 2,500 is
// suspicious (Options.Plant), of twelve kinds in turn, each of which a rule in content/rules fires on.
package cloudlog
