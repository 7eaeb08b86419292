package api

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"time"

	"jobzero/internal/auth"
	"jobzero/internal/fault"
)

// The limits of one request. A caller that is slow or large is cut off: no page here needs a body. Directories bound their own.
const (
	headerTime   = 5 * time.Second
	readTime     = 10 * time.Second
	writeTime    = 30 * time.Second
	idleTime     = 60 * time.Second
	headerBytes  = 16 << 10
	drainTime    = 5 * time.Second // how long Stop waits for requests under way
	maxBodyBytes = 1 << 10
)

// Options are what New needs.
type Options struct {
	Listen  string // host:port; port 0 takes a free one
	Version string // shown on the index
	Checks  []Check
	Metrics http.Handler // nil: no page
	People  http.Handler // what directories ask below /scim/; nil: not there
	Gate    *auth.Gate   // who is asking; nil: nobody can sign in, and neither pages nor programs are let in
	Rest    http.Handler // what programs ask below /api/v1/; nil: not there
	Console http.Handler // the pages for people, everything else; nil: a short index
	Log     *slog.Logger // for what net/http itself has to say; nil: discarded
}

// Server is the door. Make it with New, open it with Open, shut it with Stop.
type Server struct {
	addr  string
	http  *http.Server
	done  chan error    // gets the error of a server that ended by itself
	ended chan struct{} // closed when the server has ended
}

// New makes a closed door.
func New(o Options) *Server {
	log := o.Log
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	return &Server{
		addr:  o.Listen,
		done:  make(chan error, 1),
		ended: make(chan struct{}),
		http: &http.Server{
			Handler:           doors(o),
			ReadHeaderTimeout: headerTime,
			ReadTimeout:       readTime,
			WriteTimeout:      writeTime,
			IdleTimeout:       idleTime,
			MaxHeaderBytes:    headerBytes,
			ErrorLog:          slog.NewLogLogger(log.Handler(), slog.LevelWarn),
		},
	}
}

// Open binds the address and serves until Stop. It returns as soon as the address is bound, with the address, which tells
// the port when 0 was asked for.
func (s *Server) Open(ctx context.Context) (net.Addr, error) {
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", s.addr)
	if err != nil {
		return nil, fault.Wrap(fault.Unavailable, err, "listen on %s (set `listen` to a free address)", s.addr)
	}
	go func() {
		defer close(s.ended)
		if err := s.http.Serve(l); !errors.Is(err, http.ErrServerClosed) {
			s.done <- fault.Wrap(fault.Unavailable, err, "serve on %s", s.addr)
		}
	}()
	return l.Addr(), nil
}

// Done gives the error of a server that ended by itself. Stop gives nothing to it.
func (s *Server) Done() <-chan error { return s.done }

// Stop lets requests under way finish for a short while, then shuts the door and waits for the server to end. Call it once,
// after Open.
func (s *Server) Stop(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, drainTime)
	defer cancel()
	err := s.http.Shutdown(ctx)
	if err != nil { // too slow: cut them off
		err = errors.Join(fault.Wrap(fault.Unavailable, err, "stop the http server"), s.http.Close())
	}
	<-s.ended
	return err
}
