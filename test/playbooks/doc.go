// Package playbooks runs every playbook of the content once against the emulator.
//
// It is: the real director with the real actions and readers on made-up accounts, people who say yes to everything, and a clock that runs ahead.
// It takes: content/playbooks, and for each playbook the scenes that its trigger fits.
// It gives: failures: a step that cannot work, a call that nobody planned, an effect that does not hold.
// Next door: internal/playbook/booktest plays the same playbooks on a stage of paper; test/story runs the whole house.
package playbooks
