// Package claim is what the readers of other tools' findings share.
//
// It is: a reader of JSON that names what is wrong by its path, the shape of every imported finding, and what an ARN names.
// It takes: bytes of a vendor's, not trusted; a finding of somebody else is a claim.
// It gives: claims with a fingerprint of the vendor's own ID, so that an update of a finding is another sighting of it.
// Next door: source/guardduty and the other formats read with it; source/eventbridge checks who brought the claim.
package claim
