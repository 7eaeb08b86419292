package booktest

import (
	"context"
	"fmt"

	"jobzero/internal/finding"
	"jobzero/internal/playbook"
	"jobzero/internal/playbook/verdict"
	"jobzero/internal/ticket"
)

func inquiryKey(id ticket.ID, opening int, fp finding.Fingerprint) string {
	return fmt.Sprintf("%s|%d|%s", id, opening, fp)
}

// Inquiry gives what was read about a finding.
func (m *memory) Inquiry(_ context.Context, id ticket.ID, opening int, fp finding.Fingerprint) (playbook.Inquiry, bool, error) {
	return get[playbook.Inquiry](m.inquiries, inquiryKey(id, opening, fp))
}

// SaveInquiry keeps it.
func (m *memory) SaveInquiry(_ context.Context, q playbook.Inquiry) error {
	return put(m.inquiries, inquiryKey(q.Ticket, q.Opening, q.Finding), q)
}

// Memory gives a verdict that is remembered.
func (m *memory) Memory(_ context.Context, key string) (verdict.Memory, bool, error) {
	return get[verdict.Memory](m.memories, key)
}

// SaveMemory keeps it.
func (m *memory) SaveMemory(_ context.Context, v verdict.Memory) error {
	return put(m.memories, v.Key, v)
}
