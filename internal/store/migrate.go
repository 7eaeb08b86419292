package store

import (
	"context"
	"embed"
	"io/fs"
	"math/rand/v2"
	"time"

	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"

	"jobzero/internal/fault"
)

//go:embed migrations/*.sql
var migrations embed.FS

// migrate brings the schema up to date. Of several processes doing it at once one has the lock; what they do before they ask for
// it, such as making the table of versions, may fail for all but one, who find it done when they look again.
func (s *Store) migrate(ctx context.Context) error {
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return fault.Wrap(fault.Internal, err, "read migrations")
	}
	var last error
	for range 8 {
		if last = s.up(ctx, files); last == nil || fault.Is(last, fault.Conflict) {
			return last
		}
		wait := time.NewTimer(20*time.Millisecond + rand.N(80*time.Millisecond)) //nolint:gosec // jitter is no secret
		select {
		case <-wait.C:
		case <-ctx.Done():
			wait.Stop()
			return s.fail(context.Cause(ctx), "bring the schema up to date")
		}
	}
	return s.fail(last, "bring the schema up to date")
}

func (s *Store) up(ctx context.Context, files fs.FS) error {
	options := []goose.ProviderOption{goose.WithDisableGlobalRegistry(true), goose.WithLogger(goose.NopLogger())}
	if goose.Dialect(s.engine.name()) == goose.DialectPostgres { // SQLite has one writer at a time by itself
		one, err := lock.NewPostgresSessionLocker(lock.WithLockTimeout(1, 60)) // asks each second, for a minute
		if err != nil {
			return err
		}
		options = append(options, goose.WithSessionLocker(one))
	}
	p, err := goose.NewProvider(goose.Dialect(s.engine.name()), s.write, files, options...)
	if err != nil {
		return err
	}
	_, target, err := p.GetVersions(ctx)
	if err != nil {
		return err
	}
	if at, err := p.GetDBVersion(ctx); err != nil {
		return err
	} else if at > target {
		return fault.New(fault.Conflict, "the database is at schema %d and this jobzero knows %d: use a newer jobzero", at, target)
	}
	_, err = p.Up(ctx)
	return err
}
