package dev.parley.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** What loopback and the disk allow: a file over TCP, neither enciphered nor hashed, with a thread at each end. */
final class PlainTcp {
    private static final int BUFFER = 64 << 10;

    private PlainTcp() {}

    /**
     * Sends a file.
     *
     * @param copy where the receiver writes it, and forces it to the disk; null: it throws it away
     * @return time until the receiver has said that it is done
     */
    static long nanos(Path file, Path copy) throws Exception {
        try (ServerSocketChannel listener = ServerSocketChannel.open();
                ExecutorService receiver = Executors.newSingleThreadExecutor()) {
            listener.bind(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0));
            Future<Void> received = receiver.submit(() -> receive(listener, copy));
            long start = System.nanoTime();
            try (SocketChannel channel = SocketChannel.open(listener.getLocalAddress());
                    FileChannel from = FileChannel.open(file)) {
                pump(from, channel);
                channel.shutdownOutput();
                channel.read(ByteBuffer.allocate(1));
            }
            long took = System.nanoTime() - start;
            received.get();
            return took;
        }
    }

    private static Void receive(ServerSocketChannel listener, Path copy) throws IOException {
        try (SocketChannel channel = listener.accept()) {
            if (copy == null) {
                ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER);
                while (channel.read(buffer) >= 0) {
                    buffer.clear();
                }
            } else {
                try (FileChannel to = FileChannel.open(copy, StandardOpenOption.WRITE)) {
                    pump(channel, to);
                    to.force(false);
                }
            }
            channel.write(ByteBuffer.allocate(1));
        }
        return null;
    }

    private static void pump(ReadableByteChannel from, WritableByteChannel to) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER);
        while (from.read(buffer) >= 0) {
            buffer.flip();
            while (buffer.hasRemaining()) {
                to.write(buffer);
            }
            buffer.clear();
        }
    }
}
