package dev.parley.client.http;

import java.io.IOException;
import java.io.OutputStream;
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

    /**
     * Sends a request with a body of any length, and reads the whole reply. A node that refuses before it has all of the
     * body is heard at once.
     *
     * @param silence the longest time in which the node neither takes a byte nor answers
     * @throws TransportException if no well-formed reply came
     * @throws IOException what the source throws; the node then has nothing
     */
    Reply upload(Request request, Upload body, Duration silence) throws IOException;

    /**
     * Sends a request and writes the body of the reply to {@code to} as it comes, no faster than it is taken.
     *
     * @param silence the longest wait for the next bytes
     * @return the reply without its body, once all of that is written
     * @throws RefusedException if the status is not 2xx; nothing was written then
     * @throws TransportException if it did not come whole
     * @throws IOException what {@code to} throws
     */
    Reply download(Request request, OutputStream to, Duration silence) throws IOException;

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
