package flow

import "context"

// DeleteStream deletes everything that the bus keeps, as a careless operator would.
func DeleteStream(ctx context.Context, b Bus) error {
	m := b.(*motion)
	return m.js.DeleteStream(ctx, m.stream())
}

// Copies says how many servers keep the stream.
func Copies(ctx context.Context, b Bus) (int, error) {
	m := b.(*motion)
	s, err := m.js.Stream(ctx, m.stream())
	if err != nil {
		return 0, err
	}
	return s.CachedInfo().Config.Replicas, nil
}
