// Package block reads what is to be kept out, and says what must not be.
//
// It is: the limits that every action shares that keeps addresses or names out.
// It takes: a range of addresses, or a name, as somebody typed it or an event had it.
// It gives: the range or name, or why it is refused.
// Next door: action/ec2, wafv2, networkfirewall and route53resolver keep it out.
package block
