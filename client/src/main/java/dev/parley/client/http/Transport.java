package dev.parley.client.http;

import java.io.IOException;
import java.time.Duration;

/** Carries requests to a node. The commands see only this; their tests put canned replies here. */
public interface Transport {
    /**
     * Sends a request and reads the whole reply, whatever its status.
     *
     * @param timeout for all of it together
     * @throws TransportException if no well-formed reply came in time
     */
    Reply exchange(Request request, Duration timeout) throws TransportException;

    /**
     * Sends a request whose reply is a stream of lines.
     *
     * @param silence the longest wait for the next bytes; longer than the node's heartbeat
     * @throws RefusedException if the status is not 2xx
     * @throws TransportException if no well-formed reply began in time
     */
    Lines open(Request request, Duration silence) throws TransportException, RefusedException;

    /** Lines as they come. {@link #close} may be called by another thread, and ends a waiting {@link #next}. */
    interface Lines extends AutoCloseable {
        /** The next line without its end, or null at the proper end of the stream. */
        String next() throws TransportException;

        @Override
        void close();
    }

    /** A stream was asked for and something else was answered. */
    final class RefusedException extends IOException {
        private static final long serialVersionUID = 1;

        private final transient Reply reply;

        public RefusedException(Reply reply) {
            super("status " + reply.status());
            this.reply = reply;
        }

        public Reply reply() {
            return reply;
        }
    }
}
