// Package sigma reads Sigma rules, correlations and filters (specification 2.1.0, and what is agreed of 2.2.0) and judges
// events by the rules.
//
// It is: a parser from YAML to a small tree, and an evaluator of it for single events.
// It takes: texts of rules, the names and values that a house adds (Options), and records of events.
// It gives: a Set of rules, correlations and filters, a detect.Engine, and for each document that cannot be used an error
// with file, line, column and what to do. A bad document never stops the others.
// Next door: doc reads the YAML, detect is the seam, whatever judges several events together runs the correlations.
//
// The parts of the reading, in one direction: set.go, load.go and collection.go cut texts into documents; rule.go, correlate.go
// with bounds.go, filter.go and aggregation.go read a document each, scope.go the part in which a rule counts; detection.go,
// element.go, path.go, expand.go and mapping.go read the searches, condition.go what joins them; modifier.go, pattern.go,
// matcher.go and encode.go turn the values of a line into matchers. The trees are in ast.go and correlation.go. link.go finds
// what the documents call one another. schema.go and jsonschema.go check the form. The other files judge.
//
// Where the specification leaves room, this is what happens here:
//
//   - A dotted field descends into objects. A key that really contains the dots is preferred.
//   - An array on the way or at the end means "any element". An object is compared as its compact JSON text, keys in the
//     order of the record; so is each object in an array. For |contains the text of a whole array counts too.
//   - field[any], [all], [all_or_empty], [none], [0] and [-1] are those of Sigma enhancement proposal 212, in every rule and not
//     only in such with sigma-version: 3; see Element. A backslash makes a bracket a part of the name.
//   - Numbers and booleans equal their text: 443, '443' and true, 'true' are the same; numbers also equal by value (1 and 1.0).
//   - lineage.root and what else lies below lineage is no part of the record but who is behind it; see Lineage. Without anybody to
//     ask it is absent. A rule that asks had better name an eventName too: each answer costs some microseconds.
//   - null matches a field that is absent or null, also in a list. A lone * matches every value but null, the empty text
//     included.
//   - |neq is the negation of the whole line, so it holds for an absent field. Behind field[all] it is that of each element.
//   - |all with a single value is no error.
//   - |windash holds the five dash characters for equal.
//   - |re is Go's RE2: it finds a match in linear time, and has no look-around and no back-references.
//   - Keywords are looked for in every value and in the compact JSON text of the whole record.
//   - |expand puts the values of placeholders in as literal text, each an alternative. A placeholder without values is an error.
//   - A rule without level is medium, a correlation without level as bad as its worst rule. A rule without id goes by its name,
//     else by an id made of its title.
//   - A rule whose log source is not read, or whose taxonomy has no mapping, is idle. Which log source means which log, and where
//     the fields of Sigma's taxonomy are in it, is in logs.go. A rule never sees a record of a log that it does not mean; one that
//     only says product: aws means all of AWS's.
//   - A filter leaves out what its condition describes, or, when that is made of negations only, what it does not; see Filter.
//     It is for the rules whose log source has all that its own one names, and never for a correlation, but for its rules.
//   - A correlation calls rules by id, name or title, first those of its own text; see Set.Link. Only the rules of its own text
//     fall silent without generate, which may stand in the correlation or above it.
//   - A correlation without group-by counts everything together. Times may also have the units w, M and y.
//   - value_percentile without percentile is about the share of one value; value_median is the percentile 50; value_min and
//     value_max are there because the aggregations of old rules are.
//   - The condition of a temporal correlation may be an expression over its rules, with not for those that must be absent; its
//     rules need not be listed then. It must want at least one rule seen.
//   - An aggregation behind | in a condition becomes a correlation with the id of the rule, and its events a rule with that id and
//     /events behind it. It needs a timeframe, which means nothing elsewhere and is an error there.
//   - action: global, reset and repeat make rules of several documents; see act.
package sigma
