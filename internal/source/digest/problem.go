package digest

// Class says what follows from a problem.
type Class string

// The classes, worst first.
const (
	Wrong   Class = "wrong"   // something does not hold
	Unknown Class = "unknown" // it may hold, nothing here proves it: never a pass
	Note    Class = "note"    // worth knowing, nothing is wrong with it
)

// Kind names a problem.
type Kind string

// The kinds. The table below says what class each is of and what to do about it.
const (
	DigestMissing   Kind = "digest-missing"   // the chain names it
	DigestChanged   Kind = "digest-changed"   // not the content that the digest after it saw
	DigestMoved     Kind = "digest-moved"     // it says itself that it belongs elsewhere
	DigestBroken    Kind = "digest-broken"    // no gzip, no JSON, no digest
	DigestUnlinked  Kind = "digest-unlinked"  // the chain goes past it
	DigestStray     Kind = "digest-stray"     // among the digests, but by its name none of this account and region
	SignatureWrong  Kind = "signature-wrong"  // does not fit the digest
	MetadataWrong   Kind = "metadata-wrong"   // the digest is proven, what is kept beside it is not of it
	LinkWrong       Kind = "link-wrong"       // the one before is proven, and is not what this digest says
	Gap             Kind = "gap"              // an hour or more between two digests
	Overlap         Kind = "overlap"          // two digests for the same time
	Silent          Kind = "silent"           // the last digest is too old
	LogMissing      Kind = "log-missing"      // listed, not there
	LogChanged      Kind = "log-changed"      // not the content that was delivered
	LogUnlisted     Kind = "log-unlisted"     // there, in no digest
	SignatureAbsent Kind = "signature-absent" // nothing here holds it
	KeyUnknown      Kind = "key-unknown"      // no key of that fingerprint was given
	AlgorithmNew    Kind = "algorithm-new"    // an algorithm that is not known here
	Unread          Kind = "unread"           // denied, a broken disk
	TooLarge        Kind = "too-large"        // a bomb, or larger than CloudTrail's
	Restart         Kind = "restart"          // a new chain begins behind another one
	ShortGap        Kind = "short-gap"        // less than an hour between two digests
	LateStart       Kind = "late-start"       // the chain begins after the time that was asked for
	NoDigest        Kind = "no-digest"        // none of the trail for the time that was asked for
	LogUnproven     Kind = "log-unproven"     // listed by digests that are not proven
	LogUncovered    Kind = "log-uncovered"    // of a time that no digest is about
	Start           Kind = "start"            // the trail's first digest
)

// Problem is one thing that a person should look at.
type Problem struct {
	Class Class  `json:"class"`
	Kind  Kind   `json:"kind"`
	File  string `json:"file"`         // the key, or the first of them
	Count int    `json:"count"`        // how many objects it is about
	Text  string `json:"text"`         // what is the matter
	Do    string `json:"do,omitempty"` // what to do
}

// advice is what a kind means and what to do about it.
type advice struct {
	class Class
	do    string
}

const restore = "Get it from a copy of the bucket or an older version of the object, and look in the bucket's data events for who did it (DeleteObject, PutObject)."

// advices is the table of kinds.
var advices = map[Kind]advice{
	DigestMissing:  {Wrong, restore + " Where older digests were never copied, verify from a later time on."},
	DigestChanged:  {Wrong, restore},
	DigestMoved:    {Wrong, "Put each digest back to where it says it belongs, and copy buckets with all their folders."},
	DigestBroken:   {Wrong, restore},
	DigestUnlinked: {Wrong, "CloudTrail's chain does not know it: treat it, and the log files only it lists, as put there by somebody else."},
	DigestStray:    {Wrong, "CloudTrail writes no such name here: find out who put it there, and remove it from the copy."},
	SignatureWrong: {Wrong, "The digest, or the signature kept of it, was changed after it was signed. " + restore},
	MetadataWrong:  {Wrong, "Fetch the object's metadata again (aws s3api head-object); when it stays like this, find out who wrote the object again."},
	LinkWrong:      {Wrong, "This digest was changed or replaced. " + restore},
	Gap:            {Wrong, "Look for StopLogging, UpdateTrail and DeleteTrail of that time in the event history, and for digests deleted from the bucket."},
	Overlap:        {Wrong, "One of the two is no digest of this chain: compare both with another copy of the bucket."},
	Silent:         {Wrong, "See whether the trail still logs (aws cloudtrail get-trail-status), whether the copy is complete, and whether digests were deleted."},
	LogMissing:     {Wrong, restore},
	LogChanged:     {Wrong, restore},
	LogUnlisted:    {Wrong, "Do not take it for CloudTrail's. Other explanations: a second trail without validation writes here, or a backfill digest is still to come."},

	SignatureAbsent: {Unknown, "Keep what S3 holds as the object's x-amz-meta-signature beside it, or verify again when the digest after it is there."},
	KeyUnknown:      {Unknown, "Fetch the keys of that time in that region: aws cloudtrail list-public-keys --region REGION --start-time … --end-time …"},
	AlgorithmNew:    {Unknown, "Only " + signatureAlgorithm + " and " + hashAlgorithm + " are known here: verify it with the AWS CLI, and report this."},
	Unread:          {Unknown, "See to it that it can be read, and verify again."},
	TooLarge:        {Unknown, "CloudTrail writes no files of that size: look at it with care."},
	Restart:         {Unknown, "Logging or validation was stopped and started again: look for StopLogging and UpdateTrail. What was deleted from the end of the older chain does not show."},
	ShortGap:        {Unknown, "Nothing says what was delivered in that time: look for StopLogging and UpdateTrail."},
	LateStart:       {Unknown, "Nothing can be proven of the time before validation was turned on."},
	NoDigest:        {Unknown, "Copy the digests of that time too, or see since when the trail validates."},
	LogUnproven:     {Unknown, "See what is said of the digests that list them."},
	LogUncovered:    {Unknown, "Verify again when the digests of that time are there; without digests nothing can be proven."},

	Start: {Note, ""},
}
