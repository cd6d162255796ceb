package dev.parley.node.testing;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** A name server on loopback, over UDP and TCP, whose answers a test changes. A name that it was told nothing of does not exist. */
public final class TestDns implements AutoCloseable {
    public static final int A = 1;
    public static final int AAAA = 28;
    public static final int SRV = 33;

    private static final int UDP_BYTES = 4_096;
    private static final int QUESTION_AT = 12;
    private static final int NXDOMAIN = 3;

    /** How it behaves. */
    public enum Mood {
        ANSWERS,
        SILENT,
        /** SERVFAIL to everything. */
        FAILS,
        /** An answer of the right length and id, with nothing right in it. */
        GARBAGE
    }

    private final DatagramSocket udp;
    private final ServerSocket tcp;
    private final Map<String, List<byte[]>> records = new ConcurrentHashMap<>();
    private final Set<String> failing = ConcurrentHashMap.newKeySet();
    private final AtomicInteger questions = new AtomicInteger();
    private volatile Mood mood = Mood.ANSWERS;

    public TestDns() throws IOException {
        InetAddress loopback = InetAddress.getLoopbackAddress();
        tcp = new ServerSocket(0, 16, loopback);
        udp = new DatagramSocket(new InetSocketAddress(loopback, tcp.getLocalPort()));
        Thread.ofPlatform().daemon().name("test-dns-udp").start(this::serveUdp);
        Thread.ofPlatform().daemon().name("test-dns-tcp").start(this::serveTcp);
    }

    public InetSocketAddress address() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), tcp.getLocalPort());
    }

    /** {@code 127.0.0.1:port}. */
    public String server() {
        return "127.0.0.1:" + tcp.getLocalPort();
    }

    public void behave(Mood next) {
        mood = next;
    }

    /** SERVFAIL for this name, until it gets addresses. */
    public void fail(String name) {
        failing.add(name);
    }

    public int questions() {
        return questions.get();
    }

    /** The name has these addresses from now on; with none it exists and has no address. */
    public void addresses(String name, String... addresses) {
        failing.remove(name);
        List<byte[]> four = new ArrayList<>();
        List<byte[]> six = new ArrayList<>();
        for (String each : addresses) {
            byte[] bytes = InetAddress.ofLiteral(each).getAddress();
            (bytes.length == 4 ? four : six).add(bytes);
        }
        records.put(key(name, A), four);
        records.put(key(name, AAAA), six);
    }

    /** The name has these services, each {@code target:port}. */
    public void services(String name, String... services) {
        List<byte[]> all = new ArrayList<>();
        for (String each : services) {
            int colon = each.lastIndexOf(':');
            var out = new ByteArrayOutputStream();
            int port = Integer.parseInt(each.substring(colon + 1));
            out.writeBytes(new byte[] {0, 1, 0, 1, (byte) (port >> 8), (byte) port});
            for (String label : each.substring(0, colon).split("\\.")) {
                out.write(label.length());
                out.writeBytes(label.getBytes(StandardCharsets.US_ASCII));
            }
            out.write(0);
            all.add(out.toByteArray());
        }
        records.put(key(name, SRV), all);
    }

    /** The name has this record, right or not. */
    public void raw(String name, int type, byte[]... data) {
        records.put(key(name, type), List.of(data));
    }

    private static String key(String name, int type) {
        return name + " " + type;
    }

    private void serveUdp() {
        byte[] buffer = new byte[UDP_BYTES];
        while (!udp.isClosed()) {
            try {
                var in = new DatagramPacket(buffer, buffer.length);
                udp.receive(in);
                byte[] answer = answer(java.util.Arrays.copyOf(in.getData(), in.getLength()));
                if (answer.length > UDP_BYTES) {
                    answer = java.util.Arrays.copyOf(answer, in.getLength());
                    // TC: ask again over TCP. Nothing else is in it.
                    answer[2] |= 2;
                    ByteBuffer.wrap(answer).putShort(6, (short) 0);
                }
                if (answer.length > 0) {
                    udp.send(new DatagramPacket(answer, answer.length, in.getSocketAddress()));
                }
            } catch (IOException closedOrBroken) {
                // The next one, if there is one.
            }
        }
    }

    private void serveTcp() {
        while (!tcp.isClosed()) {
            try (Socket socket = tcp.accept()) {
                var in = new DataInputStream(socket.getInputStream());
                byte[] answer = answer(in.readNBytes(in.readUnsignedShort()));
                var out = new DataOutputStream(socket.getOutputStream());
                out.writeShort(answer.length);
                out.write(answer);
                out.flush();
            } catch (IOException closedOrBroken) {
                // The next one, if there is one.
            }
        }
    }

    private byte[] answer(byte[] query) throws IOException {
        questions.incrementAndGet();
        var name = new StringBuilder();
        int at = QUESTION_AT;
        while (query[at] != 0) {
            name.append(name.isEmpty() ? "" : ".")
                    .append(new String(query, at + 1, query[at], StandardCharsets.US_ASCII));
            at += 1 + query[at];
        }
        int type = (query[at + 1] & 0xff) << 8 | query[at + 2] & 0xff;
        int end = at + 5;
        List<byte[]> found = records.get(key(name.toString(), type));
        boolean exists = records.keySet().stream().anyMatch(key -> key.startsWith(name + " "));
        var bytes = new ByteArrayOutputStream();
        var out = new DataOutputStream(bytes);
        out.write(query, 0, 2);
        switch (failing.contains(name.toString()) ? Mood.FAILS : mood) {
            case SILENT -> {
                return new byte[0];
            }
            case GARBAGE -> {
                out.write(0x81);
                out.write(0x80);
                out.write(new byte[] {0, 1, (byte) 0xff, (byte) 0xff, 0, 0, 0, 0});
                out.write(query, QUESTION_AT, end - QUESTION_AT);
                out.write(new byte[] {(byte) 0xc0, (byte) 0xff, 1, 2, 3});
                return bytes.toByteArray();
            }
            case FAILS -> {
                out.writeShort(0x8182);
                out.write(new byte[] {0, 1, 0, 0, 0, 0, 0, 0});
                out.write(query, QUESTION_AT, end - QUESTION_AT);
                return bytes.toByteArray();
            }
            case ANSWERS -> {
                out.writeShort(0x8180 | (exists ? 0 : NXDOMAIN));
                List<byte[]> answers = found == null ? List.of() : found;
                out.writeShort(1);
                out.writeShort(answers.size());
                out.writeInt(0);
                out.write(query, QUESTION_AT, end - QUESTION_AT);
                for (byte[] each : answers) {
                    out.writeShort(0xc000 | QUESTION_AT);
                    out.writeShort(type);
                    out.writeShort(1);
                    // An hour: whoever asks has to ask anew all the same.
                    out.writeInt(3_600);
                    out.writeShort(each.length);
                    out.write(each);
                }
                return bytes.toByteArray();
            }
        }
        throw new IllegalStateException();
    }

    @Override
    public void close() {
        udp.close();
        closeQuietly(tcp);
    }

    private static void closeQuietly(Closeable what) {
        try {
            what.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
