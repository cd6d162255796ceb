package dev.parley.node.control;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** A client of the admin socket that reads only when it is told to. */
final class AdminSocket implements AutoCloseable {
    private final SocketChannel channel;

    AdminSocket(Path socket) throws IOException {
        channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        channel.connect(UnixDomainSocketAddress.of(socket));
    }

    AdminSocket send(String request) throws IOException {
        var bytes = ByteBuffer.wrap(request.replace("\n", "\r\n").getBytes(StandardCharsets.UTF_8));
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
        return this;
    }

    /** Reads until {@code text} has come, and gives all that was read; fails at the end of the connection. */
    String readUntil(String text) throws IOException {
        var read = new StringBuilder();
        var buffer = ByteBuffer.allocate(8192);
        while (read.indexOf(text) < 0) {
            if (channel.read(buffer.clear()) < 0) {
                throw new IOException("the connection ended before '" + text + "', after: " + read);
            }
            read.append(StandardCharsets.UTF_8.decode(buffer.flip()));
        }
        return read.toString();
    }

    /** Reads to the end of the connection; a reset is an end as well. */
    String readToEnd() throws IOException {
        return new String(Channels.newInputStream(channel).readAllBytes(), StandardCharsets.UTF_8);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
