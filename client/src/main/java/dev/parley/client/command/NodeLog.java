package dev.parley.client.command;

import dev.parley.client.node.Node;
import dev.parley.evidence.LogFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;

/** The log of a running node, fetched as it is read. */
final class NodeLog implements LogFile {
    private static final int BUFFER = 1 << 18;

    private final Node node;

    NodeLog(Node node) {
        this.node = node;
    }

    @Override
    public String name() {
        return "the node's log";
    }

    @Override
    public InputStream open() throws IOException {
        return new Fetched(node);
    }

    /** A pipe, whose end says how the fetching has ended. */
    private static final class Fetched extends PipedInputStream {
        private final Thread fetching;
        private volatile Exception failure;

        Fetched(Node node) throws IOException {
            super(BUFFER);
            var to = new PipedOutputStream(this);
            // A daemon: who stops reading does not wait for it.
            fetching = Thread.ofPlatform().daemon().name("log").start(() -> fetch(node, to));
        }

        private void fetch(Node node, PipedOutputStream to) {
            try (to) {
                node.download("/audit/log", to);
            } catch (IOException | RuntimeException e) {
                failure = e;
            }
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            int read = super.read(into, offset, length);
            if (read < 0) {
                finish();
            }
            return read;
        }

        private void finish() throws IOException {
            try {
                fetching.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            switch (failure) {
                case null -> {}
                case IOException broken -> throw broken;
                case RuntimeException bug -> throw bug;
                default -> throw new IllegalStateException(failure);
            }
        }
    }
}
