package lake

// Columns is for the tests, which read what was written.
var Columns = columns
